/* SPDX-License-Identifier: MPL-2.0 */
#include "client/client.h"

/* What is known, asked of the engine on the client's thread. */

enum { PATIENCE_MS = 1000 }; /* the caller may be a DHCP server's main thread */

struct lease_question {
    const ddns_address *address; /* or NULL: by name */
    const struct ddns_name *name;
    ddns_lease_fn *fn;
    void *user;
};

static void answer_leases(void *arg, struct ddns_engine *engine, struct ddns_now now)
{
    const struct lease_question *q = arg;

    if (q->address != NULL) {
        ddns_engine_lease(engine, q->address, now, q->fn, q->user);
    } else {
        ddns_engine_leases_named(engine, q->name, now, q->fn, q->user);
    }
}

ddns_error ddns_client_lease(ddns_client *client, const ddns_address *address,
                             ddns_lease_fn *fn, void *user)
{
    struct lease_question q = { .address = address, .fn = fn, .user = user };

    return ddns_mailbox_ask(&client->mailbox, answer_leases, &q, false, PATIENCE_MS);
}

ddns_error ddns_client_leases_named(ddns_client *client, const char *fqdn,
                                    ddns_lease_fn *fn, void *user)
{
    struct ddns_name name;
    struct lease_question q = { .name = &name, .fn = fn, .user = user };
    ddns_error error = fqdn == NULL ? DDNS_E_NAME : ddns_name_parse(fqdn, &name);

    return error == DDNS_OK
               ? ddns_mailbox_ask(&client->mailbox, answer_leases, &q, false, PATIENCE_MS)
               : error;
}

struct claim_question {
    ddns_claim_fn *fn;
    void *user;
};

static void answer_claims(void *arg, struct ddns_engine *engine, struct ddns_now now)
{
    const struct claim_question *q = arg;

    (void)now;
    ddns_engine_claims(engine, q->fn, q->user);
}

ddns_error ddns_client_claims(ddns_client *client, ddns_claim_fn *fn, void *user)
{
    struct claim_question q = { fn, user };

    return ddns_mailbox_ask(&client->mailbox, answer_claims, &q, true, PATIENCE_MS);
}

struct zone_question {
    ddns_zone_fn *fn;
    void *user;
};

static void answer_zones(void *arg, struct ddns_engine *engine, struct ddns_now now)
{
    const struct zone_question *q = arg;

    ddns_engine_zones(engine, now, q->fn, q->user);
}

ddns_error ddns_client_zones(ddns_client *client, ddns_zone_fn *fn, void *user)
{
    struct zone_question q = { fn, user };

    return ddns_mailbox_ask(&client->mailbox, answer_zones, &q, false, PATIENCE_MS);
}
