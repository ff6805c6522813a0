// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_AUDIT_RECORDS_H
#define DDNS_HOOK_AUDIT_RECORDS_H

#include <ddns/ddns.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ddns_hook
{

/// A difference between DNS and the leases.  Owns its texts.
struct Finding {
    ddns_finding_kind kind;
    ddns_direction direction;
    bool conflict; ///< the name is not the lease's, and is not to be touched
    ddns_address address;
    std::string owner;
    std::string target; ///< of the PTR; empty for forward
    std::string found;  ///< what DNS has instead; empty for nothing
    std::vector<uint8_t> dhcid;
};

/// The same for the C library; borrows from @p finding.
ddns_finding view_of(const Finding &finding);

/// What DNS should say about one address.  Owns its bytes.
struct Claim {
    ddns_claim view; ///< without its texts and octets
    std::string fqdn;
    std::vector<uint8_t> dhcid;
};

/// The same for the C library; borrow from @p claims.
std::vector<ddns_claim> view_of(const std::vector<Claim> &claims);

/// Copies of everything that a callback of the C library was given.
template <typename Item> struct Copies {
    std::vector<Item> list;
    bool complete = true; ///< memory did not run out
};

/// A ddns_claim_fn and a ddns_finding_fn; @p user is a Copies.
extern "C" void copy_claim(void *user, const ddns_claim *claim) noexcept;
extern "C" void copy_finding(void *user, const ddns_finding *finding) noexcept;

} // namespace ddns_hook

#endif
