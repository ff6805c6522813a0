/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/audit.h"

#include <stdlib.h>

#include "cli/audit_report.h"
#include "cli/claims.h"
#include "cli/signing_key.h"
#include "cli/subnets.h"

enum { AGREES = 0, DIFFERS = 1 };

/** One run, and what it needs. */
struct run {
    struct arguments *arguments;
    struct outcome outcome; /**< of a failure */
    ddns_config *config;
    struct claims claims;
    ddns_prefix *subnets;
    size_t subnet_count;
    ddns_audit_report report;
};

/* ---- what to compare ------------------------------------------------------ */

static bool add_zone(struct run *r, ddns_direction direction, const char *what,
                     const char *zone, const char *key)
{
    const struct arguments *a = r->arguments;
    ddns_server server = { .address = a->dns_server, .port = a->port, .key = key };
    ddns_error error = zone == NULL
                           ? DDNS_OK
                           : ddns_config_add_zone(r->config, direction, zone, &server, 1);

    return error == DDNS_OK || outcome_fail(&r->outcome, outcome_status_of(error), what,
                                            ddns_strerror(error));
}

static bool add_zones(struct run *r, const char *key)
{
    return add_zone(r, DDNS_FORWARD, "zone", r->arguments->zone, key) &&
           add_zone(r, DDNS_REVERSE, "reverse-zone", r->arguments->reverse_zone, key);
}

/** Everything the library has to know; the secret is gone from here afterwards. */
static bool configure(struct run *r)
{
    struct arguments *a = r->arguments;
    struct key key;
    bool ready;

    if (ddns_config_new(&r->config) != DDNS_OK ||
        ddns_config_set_timeout(r->config, a->timeout_ms) != DDNS_OK) {
        return outcome_fail(&r->outcome, STATUS_NO_ANSWER, "configuration",
                            ddns_strerror(DDNS_E_NOMEM));
    }
    if (a->key_file == NULL && a->key == NULL) {
        return add_zones(r, NULL);
    }
    ready = signing_key_add(a, r->config, &key, &r->outcome) && add_zones(r, key.name);
    key_wipe(&key);
    arguments_wipe(a);
    return ready;
}

static bool read_subnets(struct run *r)
{
    ddns_error error =
        r->arguments->subnet == NULL
            ? DDNS_OK
            : subnets_parse(r->arguments->subnet, &r->subnets, &r->subnet_count);

    return error == DDNS_OK ||
           outcome_fail(&r->outcome, STATUS_USAGE, "subnet",
                        error == DDNS_E_NOMEM ? ddns_strerror(error)
                                              : "not a list such as 192.0.2.0/24");
}

static bool read_ledger(struct run *r)
{
    ddns_errbuf errbuf = { "" };
    ddns_error error = claims_read(&r->claims, r->arguments->ledger, &errbuf);

    return error == DDNS_OK ||
           outcome_fail(&r->outcome, STATUS_USAGE, "ledger",
                        errbuf.text[0] != '\0' ? errbuf.text : ddns_strerror(error));
}

/* ---- comparing ------------------------------------------------------------- */

static void on_finding(void *user, const ddns_finding *finding)
{
    const struct run *r = user;

    if (r->arguments->json) {
        audit_print_finding_json(finding, stdout);
    } else {
        audit_print_finding(finding, stdout);
    }
}

static bool compare(struct run *r)
{
    ddns_errbuf errbuf = { "" };
    const ddns_audit_input input = {
        .claims = r->claims.list,
        .claim_count = r->claims.count,
        .ours = r->subnets,
        .ours_count = r->subnet_count,
    };
    ddns_error error = ddns_audit(r->config, &input, on_finding, r, &r->report, &errbuf);

    if (error != DDNS_OK) {
        r->outcome.status =
            error == DDNS_E_SIGNATURE ? STATUS_SIGNATURE : outcome_status_of(error);
        outcome_say(&r->outcome, "%s", errbuf.text);
    }
    return error == DDNS_OK;
}

static int print(const struct run *r, bool compared)
{
    if (r->arguments->json) {
        audit_print_summary_json(&r->report, compared ? NULL : &r->outcome, stdout);
    } else if (compared) {
        audit_print_summary(&r->report, stdout);
    } else {
        outcome_print(&r->outcome, stdout, stderr);
    }
    if (!compared) {
        return (int)r->outcome.status;
    }
    return audit_agrees(&r->report) ? AGREES : DIFFERS;
}

int audit(struct arguments *arguments)
{
    struct run r = { .arguments = arguments, .outcome = { .status = STATUS_USAGE } };
    bool compared = configure(&r) && read_subnets(&r) && read_ledger(&r) && compare(&r);
    int status = print(&r, compared);

    arguments_wipe(arguments);
    claims_free(&r.claims);
    free(r.subnets);
    ddns_config_free(r.config);
    return status;
}
