/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/compare.h"
#include "client/config.h"
#include "client/read_zone.h"

/* Octets that a claim's names and address take at most, beside its name's text. */
enum { ADDRESS_MAX = 16, TEXT_TO_WIRE = 2 };
enum { SOUGHT_PER_OWNER = 3 }; /* A, AAAA, DHCID */

struct audit {
    const ddns_config *config;
    struct ddns_zones zones;
    const ddns_audit_input *input;
    ddns_finding_fn *on_finding;
    void *user;
    ddns_audit_report report;
    ddns_errbuf *errbuf;

    uint8_t *octets; /* names and addresses of what is expected */
    struct ddns_writer w;
    struct ddns_expected *expected;
    size_t expected_count;
    struct ddns_sought *sought;
    struct ddns_records records;
    struct ddns_prefixes ours;
};

/* ---- what is expected ----------------------------------------------------- */

static ddns_error make_room(struct audit *a)
{
    size_t size = 1;

    for (size_t i = 0; i < a->input->claim_count; i++) {
        size += DDNS_NAME_MAX + ADDRESS_MAX + TEXT_TO_WIRE +
                (a->input->claims[i].fqdn == NULL ? 0 : strlen(a->input->claims[i].fqdn));
    }
    a->octets = malloc(size);
    a->expected = calloc(a->input->claim_count + 1, 2 * sizeof *a->expected);
    a->sought =
        calloc(2 * a->input->claim_count + 1, SOUGHT_PER_OWNER * sizeof *a->sought);
    if (a->octets == NULL || a->expected == NULL || a->sought == NULL) {
        return DDNS_E_NOMEM;
    }
    a->w = ddns_writer_of(a->octets, size);
    return DDNS_OK;
}

static struct ddns_bytes keep(struct audit *a, const uint8_t *data, size_t len)
{
    const uint8_t *at = a->w.buf + a->w.len;

    ddns_write_bytes(&a->w, (struct ddns_bytes){ data, len });
    return (struct ddns_bytes){ at, len };
}

static void expect(struct audit *a, size_t claim, const struct ddns_zone *zone,
                   struct ddns_bytes owner, struct ddns_bytes rdata)
{
    const ddns_claim *c = &a->input->claims[claim];

    a->expected[a->expected_count++] = (struct ddns_expected){
        .owner = owner,
        .rdata = rdata,
        .dhcid = { c->dhcid, c->dhcid == NULL ? 0 : c->dhcid_len },
        .address = c->address,
        .direction = zone->direction,
        .claim = claim,
        .zone = (size_t)(zone - a->zones.zones),
    };
}

/* True when a configured zone holds the name; then its record is expected. */
static bool expect_address(struct audit *a, size_t claim, const struct ddns_name *fqdn,
                           struct ddns_bytes owner)
{
    const ddns_claim *c = &a->input->claims[claim];
    const struct ddns_zone *zone = ddns_zones_find(&a->zones, DDNS_FORWARD, fqdn);

    if (zone != NULL) {
        expect(a, claim, zone, owner, keep(a, c->address.bytes, c->address.len));
    }
    return zone != NULL;
}

static bool expect_pointer(struct audit *a, size_t claim, struct ddns_bytes target)
{
    const ddns_claim *c = &a->input->claims[claim];
    const struct ddns_zone *zone = ddns_zones_find_reverse(&a->zones, &c->address);

    if (zone != NULL) {
        struct ddns_name owner = ddns_network_name(zone->network, &c->address);

        owner = ddns_name_lower(&owner);
        expect(a, claim, zone, keep(a, owner.wire, owner.len), target);
    }
    return zone != NULL;
}

static ddns_error expect_claim(struct audit *a, size_t claim)
{
    const ddns_claim *c = &a->input->claims[claim];
    struct ddns_name fqdn;
    struct ddns_bytes name;
    bool inside = false;

    if ((c->address.len != 4 && c->address.len != 16) ||
        (c->directions & ~(unsigned)(DDNS_FORWARD | DDNS_REVERSE)) != 0) {
        return DDNS_E_INVALID;
    }
    if (c->fqdn == NULL || ddns_name_parse(c->fqdn, &fqdn) != DDNS_OK) {
        return DDNS_E_NAME;
    }
    if (c->conflict) {
        a->report.conflicts++;
        return DDNS_OK;
    }
    fqdn = ddns_name_lower(&fqdn);
    name = keep(a, fqdn.wire, fqdn.len);
    if ((c->directions & DDNS_FORWARD) != 0) {
        inside = expect_address(a, claim, &fqdn, name);
    }
    if ((c->directions & DDNS_REVERSE) != 0) {
        inside = expect_pointer(a, claim, name) || inside;
    }
    a->report.claims += inside ? 1 : 0;
    a->report.outside += inside ? 0 : 1;
    return a->w.error;
}

static ddns_error explain_claim(const struct audit *a, size_t claim, ddns_error error)
{
    if (a->errbuf != NULL) {
        (void)snprintf(a->errbuf->text, sizeof a->errbuf->text, "claim %zu: %s", claim,
                       ddns_strerror(error));
    }
    return error;
}

static ddns_error expect_claims(struct audit *a)
{
    for (size_t i = 0; i < a->input->claim_count; i++) {
        ddns_error error = expect_claim(a, i);

        if (error != DDNS_OK) {
            return explain_claim(a, i, error);
        }
    }
    ddns_expected_sort(a->expected, a->expected_count);
    return DDNS_OK;
}

/* ---- what DNS says -------------------------------------------------------- */

/*
 * The record sets of what is expected in a zone, each once; returns their number.  The
 * SOA comes first: a server must know the zone, even where nothing is expected in it.
 */
static size_t seek(struct audit *a, size_t zone)
{
    const struct ddns_zone *z = &a->zones.zones[zone];
    static const uint16_t of_name[] = { DDNS_TYPE_A, DDNS_TYPE_AAAA, DDNS_TYPE_DHCID };
    static const uint16_t of_address[] = { DDNS_TYPE_PTR, DDNS_TYPE_DHCID };
    struct ddns_bytes last = { NULL, 0 };
    size_t count = 0;

    if (!z->wildcard) {
        a->sought[count++] =
            (struct ddns_sought){ { z->name.wire, z->name.len }, DDNS_TYPE_SOA };
    }
    for (size_t i = 0; i < a->expected_count; i++) {
        const struct ddns_expected *e = &a->expected[i];
        bool forward = e->direction == DDNS_FORWARD;
        const uint16_t *types = forward ? of_name : of_address;
        size_t type_count = forward ? 3 : 2;

        if (e->zone != zone || ddns_octets_compare(e->owner, last) == 0) {
            continue;
        }
        last = e->owner;
        for (size_t t = 0; t < type_count; t++) {
            a->sought[count++] = (struct ddns_sought){ e->owner, types[t] };
        }
    }
    return count;
}

static ddns_error read_zones(struct audit *a)
{
    ddns_error error = DDNS_OK;

    a->report.leftovers_searched = true;
    for (size_t i = 0; error == DDNS_OK && i < a->zones.zone_count; i++) {
        const struct ddns_zone_source source = {
            .zones = &a->zones,
            .zone = &a->zones.zones[i],
            .sought = a->sought,
            .sought_count = seek(a, i),
            .timeout_ms = a->config->timeout_ms,
            .stopped = a->input->stopped,
            .stop_user = a->input->stop_user,
        };
        bool whole = false;

        error = ddns_read_zone(&source, &a->records, &whole, a->errbuf);
        a->report.leftovers_searched = a->report.leftovers_searched && whole;
    }
    ddns_records_sort(&a->records);
    a->report.records = a->records.count;
    return error;
}

/* ---- the difference -------------------------------------------------------- */

static void count_and_tell(void *user, const ddns_finding *finding)
{
    struct audit *a = user;

    switch (finding->kind) {
    case DDNS_FINDING_MISSING:
        a->report.missing++;
        break;
    case DDNS_FINDING_WRONG:
        a->report.wrong++;
        a->report.not_ours += finding->conflict ? 1 : 0;
        break;
    case DDNS_FINDING_LEFTOVER:
        a->report.leftover++;
        break;
    }
    if (a->on_finding != NULL) {
        a->on_finding(a->user, finding);
    }
}

static ddns_error run(struct audit *a)
{
    ddns_error error = make_room(a);

    if (error == DDNS_OK) {
        error = expect_claims(a);
    }
    if (error == DDNS_OK) {
        error = read_zones(a);
    }
    if (error == DDNS_OK) {
        ddns_compare(&(struct ddns_comparison){ .expected = a->expected,
                                                .count = a->expected_count,
                                                .records = &a->records,
                                                .ours = &a->ours,
                                                .mixed = a->config->mixed,
                                                .zones = &a->zones,
                                                .on_finding = count_and_tell,
                                                .user = a });
    }
    return error;
}

ddns_error ddns_audit(const ddns_config *config, const ddns_audit_input *input,
                      ddns_finding_fn *on_finding, void *user,
                      ddns_audit_report *out_report, ddns_errbuf *errbuf)
{
    struct audit a = { .config = config,
                       .zones = ddns_config_zones(config),
                       .input = input,
                       .on_finding = on_finding,
                       .user = user,
                       .errbuf = errbuf };
    ddns_error error = DDNS_OK;

    if (errbuf != NULL) {
        errbuf->text[0] = '\0';
    }
    error = ddns_prefixes_of(input->ours, input->ours_count, &a.ours);
    if (error == DDNS_OK) {
        error = run(&a);
    }
    if (error == DDNS_OK) {
        *out_report = a.report;
    } else if (errbuf != NULL && errbuf->text[0] == '\0') {
        (void)snprintf(errbuf->text, sizeof errbuf->text, "%s", ddns_strerror(error));
    }
    ddns_prefixes_free(&a.ours);
    ddns_records_free(&a.records);
    free(a.sought);
    free(a.expected);
    free(a.octets);
    return error;
}
