/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "base/bytes.h"

/**
 * Put an UPDATE into words, e.g. "example.org.: host unused; host + A 192.0.2.7".
 * Names are relative to the zone; a "-" before a type removes, a "+" adds.
 */
void describe_update(struct ddns_bytes message, char *text, size_t size);

/** Put "NAME TYPE" of a query into words. */
void describe_query(struct ddns_bytes message, char *text, size_t size);

#endif
