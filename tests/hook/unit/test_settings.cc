// SPDX-License-Identifier: MPL-2.0
#include "kea_compat.h"
#include "settings.h"

#include <cc/data.h>
#include <criterion/criterion.h>
#include <dhcpsrv/cfgmgr.h>

#include <sys/socket.h>

#include <string>

using ddns_hook::Settings;
using isc::data::Element;

namespace
{

std::string refusal_of(const std::string &json)
{
    try {
        const Settings settings(Element::fromJSON(json));
    } catch (const ddns_hook::SettingsError &why) {
        return why.what();
    }
    return "accepted";
}

} // namespace

Test(settings, nothing_is_not_an_error)
{
    cr_expect_eq(Settings(nullptr)->zone_count, 0);
    cr_expect_eq(Settings(Element::createMap())->zone_count, 0);
    cr_expect_null(Settings()->config);
}

Test(settings, a_mistake_names_its_place_and_its_line)
{
    const std::string message = refusal_of("{\n \"forward-ddns\": { \"ddns-domains\": [ "
                                           "{\n  \"name\": \"a..b\", \"dns-servers\": "
                                           "[ { \"ip-address\": \"::1\" } ] } ] } }");

    cr_expect_str_eq(message.c_str(),
                     "forward-ddns.ddns-domains[0].name: \"a..b\": invalid domain name "
                     "(<string>:3:11)");
}

Test(settings, what_is_missing_has_the_line_of_its_map)
{
    const std::string message =
        refusal_of("{\n \"tsig-keys\": [\n  { \"name\": \"k\" } ] }");

    cr_expect_str_eq(message.c_str(),
                     "tsig-keys[0].algorithm: is missing (<string>:3:4)");
}

Test(settings, bytes_outside_ascii_arrive_as_they_are)
{
    const auto parameters = Element::createMap();

    parameters->set("ledger", Element::create(std::string("/srv/\xc3\xa9")));
    const Settings settings(parameters);

    cr_expect_str_eq(settings->ledger, "/srv/\xc3\xa9");
}

Test(settings, the_ledgers_of_the_two_servers_have_two_names)
{
    const std::string data =
        ddns_hook::data_directory(isc::dhcp::CfgMgr::instance()) + "/";
    const Settings four(nullptr);

    isc::dhcp::CfgMgr::instance().setFamily(AF_INET6);

    const Settings six(nullptr);

    cr_expect(four->ledger == data + "dns-update4.sqlite", "%s", four->ledger);
    cr_expect(six->ledger == data + "dns-update6.sqlite", "%s", six->ledger);
}

Test(settings, move)
{
    Settings one{ Element::createMap() };
    const ddns_config *const config = one->config;
    Settings other{ std::move(one) };

    cr_expect_eq(other->config, config);
    other = Settings();
    cr_expect_null(other->config);
}
