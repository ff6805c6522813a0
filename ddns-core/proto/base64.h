/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_PROTO_BASE64_H
#define DDNS_PROTO_BASE64_H

#include "base/bytes.h"
#include "ddns/ddns.h"

/**
 * Decode base64 as BIND and D2 write it: padded, white space ignored.
 *
 * @param out  has room for 3 bytes for every 4 characters of @p text
 * @retval DDNS_E_BASE64
 */
DDNS_NODISCARD ddns_error ddns_base64_decode(const char *text, uint8_t *out,
                                             size_t *out_len);

/**
 * Encode (RFC 4648 section 4) what is no longer than a record.
 *
 * @param text  has room for 4 characters for every 3 octets begun, and the NUL
 */
void ddns_base64_encode(struct ddns_bytes octets, char *text);

#endif
