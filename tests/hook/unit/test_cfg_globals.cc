// SPDX-License-Identifier: MPL-2.0
#include <dhcpsrv/cfg_globals.h>

#include <criterion/criterion.h>

using isc::dhcp::CfgGlobals;

namespace
{

const struct {
    const char *name;
    int number;
} numbers[] = {
    { "valid-lifetime", CfgGlobals::VALID_LIFETIME },
    { "min-valid-lifetime", CfgGlobals::MIN_VALID_LIFETIME },
    { "max-valid-lifetime", CfgGlobals::MAX_VALID_LIFETIME },
    { "renew-timer", CfgGlobals::RENEW_TIMER },
    { "rebind-timer", CfgGlobals::REBIND_TIMER },
    { "reservations-global", CfgGlobals::RESERVATIONS_GLOBAL },
    { "reservations-in-subnet", CfgGlobals::RESERVATIONS_IN_SUBNET },
    { "reservations-out-of-pool", CfgGlobals::RESERVATIONS_OUT_OF_POOL },
    { "calculate-tee-times", CfgGlobals::CALCULATE_TEE_TIMES },
    { "t1-percent", CfgGlobals::T1_PERCENT },
    { "t2-percent", CfgGlobals::T2_PERCENT },
    { "hostname-char-set", CfgGlobals::HOSTNAME_CHAR_SET },
    { "hostname-char-replacement", CfgGlobals::HOSTNAME_CHAR_REPLACEMENT },
    { "ddns-send-updates", CfgGlobals::DDNS_SEND_UPDATES },
    { "ddns-override-no-update", CfgGlobals::DDNS_OVERRIDE_NO_UPDATE },
    { "ddns-override-client-update", CfgGlobals::DDNS_OVERRIDE_CLIENT_UPDATE },
    { "ddns-replace-client-name", CfgGlobals::DDNS_REPLACE_CLIENT_NAME },
    { "ddns-generated-prefix", CfgGlobals::DDNS_GENERATED_PREFIX },
    { "ddns-qualifying-suffix", CfgGlobals::DDNS_QUALIFYING_SUFFIX },
    { "store-extended-info", CfgGlobals::STORE_EXTENDED_INFO },
    { "cache-threshold", CfgGlobals::CACHE_THRESHOLD },
    { "cache-max-age", CfgGlobals::CACHE_MAX_AGE },
    { "ddns-update-on-renew", CfgGlobals::DDNS_UPDATE_ON_RENEW },
    { "ddns-use-conflict-resolution", CfgGlobals::DDNS_USE_CONFLICT_RESOLUTION },
    { "match-client-id", CfgGlobals::MATCH_CLIENT_ID },
    { "authoritative", CfgGlobals::AUTHORITATIVE },
    { "next-server", CfgGlobals::NEXT_SERVER },
    { "server-hostname", CfgGlobals::SERVER_HOSTNAME },
    { "boot-file-name", CfgGlobals::BOOT_FILE_NAME },
    { "preferred-lifetime", CfgGlobals::PREFERRED_LIFETIME },
    { "min-preferred-lifetime", CfgGlobals::MIN_PREFERRED_LIFETIME },
    { "max-preferred-lifetime", CfgGlobals::MAX_PREFERRED_LIFETIME },
};

} // namespace

Test(cfg_globals, numbers_are_those_of_the_library)
{
    for (const auto &row : numbers) {
        cr_expect_eq(CfgGlobals::nameToIndex.at(row.name), row.number, "%s", row.name);
    }
}
