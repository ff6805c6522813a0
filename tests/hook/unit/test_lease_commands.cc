// SPDX-License-Identifier: MPL-2.0
#include "lease_commands.h"

#include <cc/data.h>
#include <dhcpsrv/cfgmgr.h>

#include <criterion/criterion.h>

#include <sys/socket.h>

#include <string>

using isc::data::ConstElementPtr;
using isc::data::Element;
using Reach = ddns_hook::ChangedLeases::Reach;

namespace
{

/// Null for the empty text.
ConstElementPtr json(const std::string &text)
{
    return text.empty() ? ConstElementPtr() : Element::fromJSON(text);
}

std::string text_of(const ddns_hook::ChangedLeases &changed)
{
    switch (changed.reach) {
    case Reach::one:
        return changed.address.toText();
    case Reach::subnet:
        return "subnet " + std::to_string(changed.subnet);
    case Reach::all:
        break;
    }
    return "all";
}

/// What a command has changed, in its order: "192.0.2.7, subnet 3"; "" for nothing.
std::string changed(const std::string &name, const std::string &arguments,
                    const std::string &response = R"({"result": 0})")
{
    std::string text;

    for (const auto &one :
         ddns_hook::changed_leases(name, json(arguments), json(response))) {
        text += (text.empty() ? "" : ", ") + text_of(one);
    }
    return text;
}

void expect(const std::string &found, const char *wanted, const char *of)
{
    cr_expect_str_eq(found.c_str(), wanted, "%s: %s", of, found.c_str());
}

void in_kea_dhcp6()
{
    isc::dhcp::CfgMgr::instance().setFamily(AF_INET6);
}

} // namespace

Test(lease_commands, these_change_the_lease_that_they_name)
{
    for (const char *name : { "lease4-add", "lease4-update", "lease4-del" }) {
        expect(changed(name, R"({"ip-address": "192.0.2.7", "subnet-id": 3})"),
               "192.0.2.7", name);
    }
}

Test(lease_commands, these_change_the_lease_of_ipv6, .init = in_kea_dhcp6)
{
    for (const char *name : { "lease6-add", "lease6-update", "lease6-del" }) {
        expect(changed(name, R"({"ip-address": "2001:db8::7", "subnet-id": 3})"),
               "2001:db8::7", name);
    }
}

Test(lease_commands, a_lease_named_by_its_client_is_somewhere_in_its_subnet)
{
    const char *arguments =
        R"({"subnet-id": 3, "identifier-type": "hw-address", "identifier": "02:00"})";

    expect(changed("lease4-del", arguments), "subnet 3", arguments);
}

Test(lease_commands, a_wipe_is_of_one_subnet_or_of_all)
{
    expect(changed("lease4-wipe", R"({"subnet-id": 3})"), "subnet 3", "3");
    expect(changed("lease4-wipe", R"({"subnet-id": 0})"), "all", "0");
    expect(changed("lease4-wipe", ""), "all", "none");
}

Test(lease_commands, a_wipe_is_of_ipv6_as_well, .init = in_kea_dhcp6)
{
    expect(changed("lease6-wipe", R"({"subnet-id": 3})"), "subnet 3", "3");
    expect(changed("lease6-wipe", ""), "all", "none");
}

Test(lease_commands, what_is_stored_comes_before_what_is_deleted, .init = in_kea_dhcp6)
{
    const char *both = R"({
        "deleted-leases": [ { "ip-address": "2001:db8::1", "type": "IA_NA" },
                            { "subnet-id": 3, "identifier-type": "duid" } ],
        "leases": [ { "ip-address": "2001:db8::2", "duid": "01:02" },
                    { "ip-address": "2001:db8::3" } ] })";

    expect(changed("lease6-bulk-apply", both),
           "2001:db8::2, 2001:db8::3, 2001:db8::1, subnet 3", both);
    expect(changed("lease6-bulk-apply", R"({"leases": [ 7, {}, [] ]})"), "", "nonsense");
    expect(changed("lease6-bulk-apply", R"({"leases": {}})"), "", "no list");
}

Test(lease_commands, a_synchronization_may_change_all)
{
    expect(changed("ha-sync", R"({"server-name": "b", "max-period": 60})"), "all", "");
}

Test(lease_commands, other_commands_change_no_lease)
{
    for (const char *name : { "lease4-get", "lease6-add", "lease4-add-more", "lease4-",
                              "", "add", "config-reload" }) {
        expect(changed(name, R"({"ip-address": "192.0.2.7"})"), "", name);
    }
}

Test(lease_commands, the_other_servers_commands_change_no_lease, .init = in_kea_dhcp6)
{
    expect(changed("lease4-add", R"({"ip-address": "2001:db8::7"})"), "", "lease4-add");
    expect(changed("lease4-wipe", ""), "", "lease4-wipe");
}

Test(lease_commands, what_failed_has_changed_nothing)
{
    for (const char *response :
         { R"({"result": 1})", R"({"result": 3})", R"({"result": "0"})",
           R"({"result": false})", R"({"text": "done"})", R"([{"result": 0}])", "0",
           "" }) {
        expect(changed("lease4-add", R"({"ip-address": "192.0.2.7"})", response), "",
               response);
        expect(changed("lease4-wipe", "", response), "", response);
    }
}

Test(lease_commands, arguments_of_any_kind_are_borne)
{
    for (const char *arguments :
         { "", "[]", "7", "null", "{}", R"({"ip-address": 7})",
           R"({"ip-address": "192.0.2"})", R"({"ip-address": "2001:db8::1"})",
           R"({"ip-address": null, "subnet-id": "3"})", R"({"subnet-id": -1})",
           R"({"subnet-id": 4294967296})", R"({"subnet-id": [3]})" }) {
        expect(changed("lease4-update", arguments), "", arguments);
    }
}
