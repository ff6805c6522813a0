/* SPDX-License-Identifier: MPL-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "client/config.h"
#include "client/exchange.h"
#include "proto/update.h"

enum { UPDATE_ROOM = 2 * DDNS_UDP_MAX + DDNS_MAC_MAX };

/** One server of one zone that is asked. */
struct probe {
    struct ddns_exchange exchange; /* first: found through it */
    const struct ddns_zone *zone;
    const struct ddns_tsig_key *key;
    struct ddns_name owner; /* a name that nobody uses */
    uint16_t id;
    uint8_t message[UPDATE_ROOM];
    size_t len;
    struct ddns_mac mac;
    ddns_probe_info *info;
};

static uint64_t now(void)
{
    return (uint64_t)time(NULL);
}

/* ---- the update that cannot be ---------------------------------------------- */

/*
 * The name must be in use and must not be (RFC 2136 section 2.4), so whatever it is,
 * nothing is done.  What would be done is to remove records that are not there: a server
 * that takes no notice of prerequisites does no harm either.  They are of the type that
 * leases have in both directions, so that a policy by type shows.
 */
static ddns_error build(struct probe *p)
{
    struct ddns_update u;
    ddns_error error;

    ddns_update_begin(&u, p->message, sizeof p->message, p->id, &p->zone->name);
    ddns_update_require_name(&u, &p->owner);
    ddns_update_require_no_name(&u, &p->owner);
    ddns_update_delete_rrset(&u, &p->owner, DDNS_TYPE_DHCID);
    error = ddns_update_finish(&u);
    if (error == DDNS_OK && p->key != NULL) {
        error = ddns_tsig_sign(&u.w, p->key, now(), &p->mac);
    }
    p->len = u.w.len;
    return error;
}

static ddns_error name_nobody_uses(struct probe *p)
{
    char zone[DDNS_NAME_TEXT_MAX];
    char owner[DDNS_NAME_TEXT_MAX];
    char label[sizeof "dns-update-probe-" + 16];
    ddns_error error;

    ddns_name_text(&p->zone->name, zone);
    (void)snprintf(label, sizeof label, "dns-update-probe-%08" PRIx32 "%08" PRIx32,
                   ddns_random_next(&p->exchange.random),
                   ddns_random_next(&p->exchange.random));
    error = ddns_name_in(label, zone, owner);
    return error == DDNS_OK ? ddns_name_parse(owner, &p->owner) : error;
}

static void send_update(struct ddns_exchange *x)
{
    struct probe *p = (struct probe *)x;

    ddns_exchange_send(x, (struct ddns_bytes){ p->message, p->len });
}

static void on_open(struct ddns_exchange *x)
{
    struct probe *p = (struct probe *)x;
    ddns_error error = name_nobody_uses(p);

    p->id = (uint16_t)ddns_random_next(&x->random);
    if (error == DDNS_OK) {
        error = build(p);
    }
    if (error == DDNS_OK) {
        send_update(x);
    } else {
        ddns_exchange_finish(x, error);
    }
}

/* ---- the answer -------------------------------------------------------------- */

/* Anything else is forged or late (RFC 5452 section 9.1). */
static bool is_answer(const struct probe *p, struct ddns_bytes message,
                      struct ddns_header *out_header)
{
    struct ddns_reader r = ddns_reader_of(message);

    ddns_read_header(&r, out_header);
    return ddns_reader_ok(&r) && out_header->id == p->id &&
           (out_header->flags & DDNS_FLAG_QR) != 0 &&
           ddns_header_opcode(out_header) == DDNS_OPCODE_UPDATE;
}

/* Only a server that came as far as the prerequisites says that one does not hold. */
static bool is_about_prerequisites(unsigned rcode)
{
    return rcode == DDNS_NXDOMAIN || rcode == DDNS_YXDOMAIN || rcode == DDNS_NXRRSET ||
           rcode == DDNS_YXRRSET;
}

/*
 * What is not signed is believed only where it says no: a server that does not know the
 * key cannot sign (RFC 8945 section 5.2.1).
 */
static void judge(struct probe *p, unsigned rcode, ddns_error error,
                  const struct ddns_tsig_result *tsig)
{
    ddns_probe_info *info = p->info;
    bool is_signed = error == DDNS_OK && tsig->verdict == DDNS_TSIG_GOOD;
    bool refused = rcode != DDNS_NOERROR && !is_about_prerequisites(rcode);

    info->rcode = rcode;
    info->tsig_error = tsig->error;
    info->clock_skew = tsig->clock_skew;
    info->takes_updates = is_signed && tsig->error == 0 && is_about_prerequisites(rcode);
    if (error == DDNS_OK && !is_signed && !refused) {
        error = DDNS_E_SIGNATURE;
    }
    info->error = error;
}

static void on_message(struct ddns_exchange *x, struct ddns_bytes message)
{
    struct probe *p = (struct probe *)x;
    struct ddns_tsig_result tsig = { .verdict = DDNS_TSIG_GOOD };
    struct ddns_header header;
    ddns_error error = DDNS_OK;

    if (!is_answer(p, message, &header)) {
        return;
    }
    if (p->key != NULL) {
        error = ddns_tsig_verify(message, p->key, &p->mac, now(), &tsig);
    }
    judge(p, ddns_header_rcode(&header), error, &tsig);
    ddns_exchange_finish(x, DDNS_OK);
}

/* ---- one after the other ----------------------------------------------------- */

static void ask(const ddns_config *config, const struct ddns_zone *zone,
                const struct ddns_zone_server *server, ddns_probe_info *info)
{
    struct probe p = { .exchange = { .server = config->endpoints[server->endpoint],
                                     .timeout_ms = config->timeout_ms,
                                     .on_open = on_open,
                                     .on_message = on_message,
                                     .on_resend = send_update },
                       .zone = zone,
                       .key = server->key,
                       .info = info };
    ddns_error error = ddns_exchange_run(&p.exchange);

    if (error != DDNS_OK) {
        info->error = error;
    }
}

/**
 * Ask, unless the server has not answered before: then it is not waited for again.
 * @p silence is what kept it from answering.
 */
static void probe_server(const ddns_config *config, const struct ddns_zone *zone,
                         const struct ddns_zone_server *server, ddns_error *silence,
                         ddns_probe_info *info)
{
    info->error = *silence;
    if (*silence == DDNS_OK) {
        ask(config, zone, server, info);
    }
    if (ddns_error_class_of(info->error) == DDNS_CLASS_IO &&
        info->error != DDNS_E_SIGNATURE) {
        *silence = info->error;
    }
}

static void tell(const ddns_config *config, const struct ddns_zone *zone,
                 const struct ddns_zone_server *server, ddns_error *silence,
                 ddns_probe_fn *fn, void *user)
{
    const struct ddns_endpoint *endpoint = &config->endpoints[server->endpoint];
    char address[DDNS_ADDRESS_TEXT_MAX];
    char server_text[DDNS_ADDRESS_TEXT_MAX + sizeof "#65535"];
    char zone_text[DDNS_NAME_TEXT_MAX];
    char key_text[DDNS_NAME_TEXT_MAX];
    ddns_probe_info info = { .zone = zone_text,
                             .direction = zone->direction,
                             .server = server_text };

    ddns_address_text(&endpoint->address, address);
    (void)snprintf(server_text, sizeof server_text, "%s#%u", address,
                   (unsigned)endpoint->port);
    ddns_name_text(&zone->name, zone_text);
    if (server->key != NULL) {
        ddns_name_text(ddns_tsig_key_name(server->key), key_text);
        info.key = key_text;
    }
    probe_server(config, zone, server, silence, &info);
    fn(user, &info);
}

ddns_error ddns_probe(const ddns_config *config, ddns_probe_fn *fn, void *user)
{
    ddns_error *silence = calloc(config->endpoint_count + 1, sizeof *silence);

    if (silence == NULL) {
        return DDNS_E_NOMEM;
    }
    for (size_t i = 0; i < config->zone_count; i++) {
        const struct ddns_zone *zone = &config->zones[i];

        for (size_t j = 0; j < zone->count && !zone->wildcard; j++) {
            const struct ddns_zone_server *server = &zone->servers[j];

            tell(config, zone, server, &silence[server->endpoint], fn, user);
        }
    }
    free(silence);
    return DDNS_OK;
}
