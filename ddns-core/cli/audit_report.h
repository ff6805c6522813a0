/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_AUDIT_REPORT_H
#define DDNS_CLI_AUDIT_REPORT_H

#include "cli/outcome.h"

/** One line for a person. */
void audit_print_finding(const ddns_finding *finding, FILE *out);

/** What was compared and found, in one line for a person. */
void audit_print_summary(const ddns_audit_report *report, FILE *out);

/* The same as JSON (RFC 8259): one object and a newline, always with the same members. */
void audit_print_finding_json(const ddns_finding *finding, FILE *out);

/** @p failure is NULL unless nothing could be compared. */
void audit_print_summary_json(const ddns_audit_report *report,
                              const struct outcome *failure, FILE *out);

/** True when DNS says what it should. */
bool audit_agrees(const ddns_audit_report *report);

#endif
