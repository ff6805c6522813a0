/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/secret.h"

#include <string.h>

enum { SECRET_MAX = 4096 }; /* HMAC keys are tens of octets */

const char *secret_read(const char *path, struct text *out_secret)
{
    const char *why = file_read(path, SECRET_MAX, "too large for a secret", out_secret);

    if (why != NULL) {
        return why;
    }
    while (out_secret->len > 0 &&
           strchr(" \t\r\n", out_secret->bytes[out_secret->len - 1]) != NULL) {
        out_secret->bytes[--out_secret->len] = '\0';
    }
    return NULL;
}
