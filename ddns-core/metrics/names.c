/* SPDX-License-Identifier: MPL-2.0 */
#include "ddns/ddns.h"

const char *ddns_counter_name(ddns_counter counter)
{
    static const char *const names[] = {
#define DDNS_X(symbol, name, meaning) name,
        DDNS_COUNTER_MAP(DDNS_X)
#undef DDNS_X
    };

    return names[counter];
}

const char *ddns_counter_meaning(ddns_counter counter)
{
    static const char *const meanings[] = {
#define DDNS_X(symbol, name, meaning) meaning,
        DDNS_COUNTER_MAP(DDNS_X)
#undef DDNS_X
    };

    return meanings[counter];
}

const char *ddns_verdict_name(ddns_verdict verdict)
{
    static const char *const names[] = {
#define DDNS_X(symbol, name) name,
        DDNS_VERDICT_MAP(DDNS_X)
#undef DDNS_X
    };

    return names[verdict];
}
