/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_CHECK_REPORT_H
#define DDNS_CLI_CHECK_REPORT_H

#include "cli/outcome.h"
#include "settings/settings.h"

/** Zones with their servers, keys, the ledger and what is ignored: a line each. */
void check_print_settings(const struct settings *settings, FILE *out);

/** What a server says to updates, in one line for a person. */
void check_print_probe(const ddns_probe_info *info, FILE *out);

/** The end: a count to @p out or, unless all is well, what is not to @p err. */
void check_print_summary(const struct settings *settings, const struct outcome *o,
                         FILE *out, FILE *err);

/* The same as JSON (RFC 8259): one object and a newline, always with the same members. */
void check_print_settings_json(const struct settings *settings, FILE *out);
void check_print_probe_json(const ddns_probe_info *info, FILE *out);

/** @p settings are empty when they could not be read. */
void check_print_summary_json(const struct settings_file *file,
                              const struct settings *settings, const struct outcome *o,
                              FILE *out);

#endif
