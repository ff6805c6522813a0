/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_JSON_H
#define DDNS_CLI_JSON_H

#include <stdio.h>

/** Write @p text as a string (RFC 8259); always UTF-8, whatever its bytes are. */
void json_string(FILE *out, const char *text);

/** Write a comma, @p name and @p text, or null where it is NULL or empty. */
void json_member(FILE *out, const char *name, const char *text);

#endif
