/* SPDX-License-Identifier: MPL-2.0 */
#include "ddns/ddns.h"

const char *ddns_strerror(ddns_error error)
{
    switch (error) {
#define DDNS_X(symbol, value, class_, text)                                              \
    case symbol:                                                                         \
        return text;
        DDNS_ERROR_MAP(DDNS_X)
#undef DDNS_X
    }
    return "unknown error";
}

ddns_error_class ddns_error_class_of(ddns_error error)
{
    switch (error) {
#define DDNS_X(symbol, value, class_, text)                                              \
    case symbol:                                                                         \
        return DDNS_CLASS_##class_;
        DDNS_ERROR_MAP(DDNS_X)
#undef DDNS_X
    }
    return DDNS_CLASS_STATE; /* an unknown value is a mistake of ours */
}

const char *ddns_rcode_text(unsigned rcode)
{
    static const char *const texts[] = {
        "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE",
    };

    return rcode < sizeof texts / sizeof *texts ? texts[rcode] : "RCODE";
}

const char *ddns_tsig_error_text(unsigned tsig_error)
{
    switch (tsig_error) {
    case 0:
        return "";
    case 16:
        return "BADSIG";
    case 17:
        return "BADKEY";
    case 18:
        return "BADTIME";
    case 22:
        return "BADTRUNC";
    default:
        return "TSIG error";
    }
}
