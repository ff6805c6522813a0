// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_BENCH_CALLOUT_POINTS_H
#define DDNS_BENCH_CALLOUT_POINTS_H

#include <hooks/hooks.h>

#include <cstdint>

/// The hook points of the library under test, see hook/callouts.cc.
#define CALLOUT_POINTS(X)                                                                \
    X(dhcp4_srv_configured)                                                              \
    X(lease4_select)                                                                     \
    X(lease4_renew)                                                                      \
    X(leases4_committed)                                                                 \
    X(lease4_release)                                                                    \
    X(lease4_decline)                                                                    \
    X(lease4_expire)                                                                     \
    X(command_processed)

extern "C" {
/// When the callouts after that of the first library were begun on this thread, in
/// nanoseconds.  In a shared object of its own, which both libraries see.
extern __thread uint64_t callout_began;
}

#endif
