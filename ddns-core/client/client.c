/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/thread.h"
#include "client/binding.h"
#include "client/client.h"
#include "client/config.h"

enum { NS_PER_MS = 1000000 };

static const ddns_identity nobody = { .kind = DDNS_ID_NONE };

static void *thread_body(void *arg)
{
    struct ddns_client *client = arg;

    ddns_runner_run(&client->runner);
    return NULL;
}

static ddns_error explain(ddns_errbuf *errbuf, const char *what, ddns_error error)
{
    if (errbuf != NULL) {
        (void)snprintf(errbuf->text, sizeof errbuf->text, "cannot %s: %s", what,
                       ddns_strerror(error));
    }
    return error;
}

ddns_error ddns_client_start(const ddns_config *config, ddns_event_fn *on_event,
                             void *user, ddns_client **out_client, ddns_errbuf *errbuf)
{
    struct ddns_client *client = calloc(1, sizeof *client);
    const char *what = "copy the configuration";
    ddns_error error = DDNS_E_NOMEM;

    if (client == NULL) {
        return explain(errbuf, what, error);
    }
    error = ddns_config_copy(config, &client->config);
    if (error != DDNS_OK) {
        goto no_config;
    }
    client->zones = ddns_config_zones(client->config);
    what = "find SHA-256";
    error = ddns_dhcid_maker_new(&client->dhcids);
    if (error != DDNS_OK) {
        goto no_dhcids;
    }
    what = "open the mailbox";
    error = ddns_mailbox_open(&client->mailbox, &client->runner.bell);
    if (error != DDNS_OK) {
        goto no_mailbox;
    }
    struct ddns_runner_config runner = {
        .zones = &client->zones,
        .dhcids = client->dhcids,
        .timeout_ms = client->config->timeout_ms,
        .mixed = client->config->mixed,
        .ledger = client->config->ledger,
        .prometheus = client->config->prometheus,
        .daemon = client->config->daemon,
        .mailbox = &client->mailbox,
        .on_event = on_event,
        .user = user,
    };

    what = "open an event loop";
    error = ddns_runner_open(&client->runner, &runner);
    if (error != DDNS_OK) {
        goto no_runner;
    }
    what = "start a thread";
    error = ddns_thread_start("dns-update", thread_body, client, &client->thread);
    if (error == DDNS_OK) {
        *out_client = client;
        return DDNS_OK;
    }
    ddns_runner_close(&client->runner);
no_runner:
    ddns_mailbox_destroy(&client->mailbox);
no_mailbox:
    ddns_dhcid_maker_free(client->dhcids);
no_dhcids:
    ddns_config_free(client->config);
no_config:
    free(client);
    return explain(errbuf, what, error);
}

static ddns_error put_wish(ddns_client *client, enum ddns_verb verb,
                           const ddns_binding *binding)
{
    struct ddns_letter letter;
    ddns_error error = (verb == DDNS_WISH_CLEAR ? ddns_clearing_of : ddns_wish_of)(
        &client->zones, binding, &letter.wish);

    if (error != DDNS_OK) {
        return error;
    }
    letter.verb = verb;
    letter.identity = letter.wish.has_dhcid ? binding->identity : nobody;
    letter.wish.wished_ms = uv_hrtime() / NS_PER_MS;
    return ddns_mailbox_put(&client->mailbox, &letter);
}

ddns_error ddns_client_set(ddns_client *client, const ddns_binding *binding)
{
    return put_wish(client, DDNS_WISH_SET, binding);
}

ddns_error ddns_client_check(const ddns_client *client, const ddns_binding *binding)
{
    struct ddns_wish wish;

    return ddns_wish_of(&client->zones, binding, &wish);
}

ddns_error ddns_client_resume(ddns_client *client, const ddns_binding *binding)
{
    return put_wish(client, DDNS_WISH_RESUME, binding);
}

ddns_error ddns_client_clear(ddns_client *client, const ddns_binding *binding)
{
    return put_wish(client, DDNS_WISH_CLEAR, binding);
}

ddns_error ddns_client_walk_begin(ddns_client *client, const ddns_range *range,
                                  bool afresh)
{
    struct ddns_letter letter = { .verb = DDNS_WALK_BEGIN, .begin = { *range, afresh } };

    return ddns_mailbox_put(&client->mailbox, &letter);
}

ddns_error ddns_client_walk_end(ddns_client *client, bool complete)
{
    struct ddns_letter letter = { .verb = DDNS_WALK_END, .complete = complete };

    return ddns_mailbox_put(&client->mailbox, &letter);
}

ddns_error ddns_client_retell(ddns_client *client, const ddns_address *address)
{
    struct ddns_letter letter = { .verb = DDNS_RETELL, .address = *address };

    return ddns_mailbox_put(&client->mailbox, &letter);
}

void ddns_client_stats(ddns_client *client, ddns_stats *out_stats)
{
    ddns_mailbox_stats(&client->mailbox, out_stats);
}

void ddns_client_statistics(ddns_client *client, ddns_statistics_fn *fn, void *user)
{
    ddns_board_read(&client->runner.publisher.board, fn, user);
}

void ddns_client_ledger(ddns_client *client, ddns_ledger_info *out_info)
{
    ddns_mailbox_ledger(&client->mailbox, out_info);
}

void ddns_client_stop(ddns_client *client, unsigned grace_ms)
{
    if (client == NULL) {
        return;
    }
    ddns_mailbox_close(&client->mailbox, grace_ms);
    pthread_join(client->thread, NULL);
    ddns_runner_close(&client->runner);
    ddns_mailbox_destroy(&client->mailbox);
    ddns_dhcid_maker_free(client->dhcids);
    ddns_config_free(client->config);
    free(client);
}
