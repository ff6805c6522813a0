/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLIENT_CLIENT_H
#define DDNS_CLIENT_CLIENT_H

#include <pthread.h>

#include "client/runner.h"
#include "proto/dhcid.h"

/*
 * Any thread may read the first four members; the runner is its thread's alone, but for
 * the board in it.
 */
struct ddns_client {
    ddns_config *config;
    struct ddns_zones zones;
    struct ddns_dhcid_maker *dhcids;
    struct ddns_mailbox mailbox;
    pthread_t thread;
    struct ddns_runner runner;
};

#endif
