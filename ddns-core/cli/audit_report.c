/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/audit_report.h"

#include "cli/json.h"

/** The parts of a finding as text. */
struct parts {
    const char *kind;
    const char *type;
    char data[DDNS_NAME_TEXT_MAX];  /**< claimed; left over */
    char found[DDNS_NAME_TEXT_MAX]; /**< instead; empty for none */
};

static struct parts parts_of(const ddns_finding *f)
{
    static const char *const kinds[] = {
        [DDNS_FINDING_MISSING] = "missing",
        [DDNS_FINDING_WRONG] = "wrong",
        [DDNS_FINDING_LEFTOVER] = "leftover",
    };
    struct parts p = { .kind = kinds[f->kind] };

    if (f->direction == DDNS_REVERSE) {
        p.type = "PTR";
        (void)snprintf(p.data, sizeof p.data, "%s", f->target);
        (void)snprintf(p.found, sizeof p.found, "%s",
                       f->found_target == NULL ? "" : f->found_target);
        return p;
    }
    p.type = f->address.len == 4 ? "A" : "AAAA";
    ddns_address_text(&f->address, p.data);
    if (f->found.len > 0) {
        ddns_address_text(&f->found, p.found);
    }
    return p;
}

void audit_print_finding(const ddns_finding *finding, FILE *out)
{
    struct parts p = parts_of(finding);

    (void)fprintf(out, "%s: %s IN %s %s", p.kind, finding->owner, p.type, p.data);
    if (p.found[0] != '\0') {
        (void)fprintf(out, ", DNS has %s", p.found);
    } else if (finding->kind == DDNS_FINDING_WRONG) {
        (void)fputs(", DNS has another's DHCID", out);
    }
    (void)fputs(finding->conflict ? "; the name is not this client's\n" : "\n", out);
}

void audit_print_summary(const ddns_audit_report *report, FILE *out)
{
    (void)fprintf(out, "%zu claims, %zu records: %zu missing, %zu wrong, %zu left over\n",
                  report->claims, report->records, report->missing, report->wrong,
                  report->leftover);
    if (!report->leftovers_searched) {
        (void)fputs("no zone transfer was allowed: only the names that are claimed were "
                    "asked for\n",
                    out);
    }
}

void audit_print_finding_json(const ddns_finding *finding, FILE *out)
{
    struct parts p = parts_of(finding);

    (void)fputs("{\"finding\":", out);
    json_string(out, p.kind);
    json_member(out, "name", finding->owner);
    json_member(out, "type", p.type);
    json_member(out, "data", p.data);
    json_member(out, "dns-has", p.found);
    (void)fprintf(out, ",\"conflict\":%s}\n", finding->conflict ? "true" : "false");
}

void audit_print_summary_json(const ddns_audit_report *report,
                              const struct outcome *failure, FILE *out)
{
    const char *status = audit_agrees(report) ? "agrees" : "differs";

    (void)fputs("{\"status\":", out);
    json_string(out, failure != NULL ? outcome_status_text(failure->status) : status);
    (void)fprintf(out,
                  ",\"claims\":%zu,\"records\":%zu,\"missing\":%zu,\"wrong\":%zu,"
                  "\"leftover\":%zu,\"leftovers-searched\":%s",
                  report->claims, report->records, report->missing, report->wrong,
                  report->leftover, report->leftovers_searched ? "true" : "false");
    json_member(out, "message", failure == NULL ? NULL : failure->message);
    (void)fputs("}\n", out);
}

bool audit_agrees(const ddns_audit_report *report)
{
    return report->missing == 0 && report->wrong == 0 && report->leftover == 0;
}
