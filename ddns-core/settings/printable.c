/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/printable.h"

#include <string.h>

const char *printable_text(const char *text, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    static const char ellipsis[] = "...";
    size_t shown = len < PRINTABLE_SHOWN ? len : PRINTABLE_SHOWN;
    char *at = out;

    for (size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= ' ' && byte <= '~' && byte != '%') {
            *at++ = (char)byte;
        } else {
            *at++ = '\\';
            *at++ = 'x';
            *at++ = digits[byte >> 4];
            *at++ = digits[byte & 0xf];
        }
    }
    memcpy(at, shown < len ? ellipsis : "", shown < len ? sizeof ellipsis : 1);
    return out;
}
