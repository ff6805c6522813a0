// SPDX-License-Identifier: MPL-2.0
#include "lease_commands.h"

#include <cc/data.h>

#include <criterion/criterion.h>

#include <string>

using isc::asiolink::IOAddress;
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

ddns_hook::ChangedLeases changed(const std::string &name, const std::string &arguments,
                                 const std::string &response = R"({"result": 0})")
{
    return ddns_hook::changed_leases(name, json(arguments), json(response));
}

Reach reach(const std::string &name, const std::string &arguments,
            const std::string &response = R"({"result": 0})")
{
    return changed(name, arguments, response).reach;
}

} // namespace

Test(lease_commands, these_change_the_lease_that_they_name)
{
    for (const char *name : { "lease4-add", "lease4-update", "lease4-del" }) {
        const auto found =
            changed(name, R"({"ip-address": "192.0.2.7", "subnet-id": 3})");

        cr_expect_eq(found.reach, Reach::one, "%s", name);
        cr_expect(found.address == IOAddress("192.0.2.7"), "%s", name);
    }
}

Test(lease_commands, a_lease_named_by_its_client_is_somewhere_in_its_subnet)
{
    const auto found = changed(
        "lease4-del",
        R"({"subnet-id": 3, "identifier-type": "hw-address", "identifier": "02:00"})");

    cr_expect_eq(found.reach, Reach::subnet);
    cr_expect_eq(found.subnet, 3);
}

Test(lease_commands, a_wipe_is_of_one_subnet_or_of_all)
{
    cr_expect_eq(reach("lease4-wipe", R"({"subnet-id": 3})"), Reach::subnet);
    cr_expect_eq(changed("lease4-wipe", R"({"subnet-id": 3})").subnet, 3);
    cr_expect_eq(reach("lease4-wipe", R"({"subnet-id": 0})"), Reach::all);
    cr_expect_eq(reach("lease4-wipe", ""), Reach::all);
}

Test(lease_commands, a_synchronization_may_change_all)
{
    cr_expect_eq(reach("ha-sync", R"({"server-name": "b", "max-period": 60})"),
                 Reach::all);
}

Test(lease_commands, other_commands_change_no_lease)
{
    for (const char *name : { "lease4-get", "lease6-add", "lease4-add-more", "lease4-",
                              "", "config-reload" }) {
        cr_expect_eq(reach(name, R"({"ip-address": "192.0.2.7"})"), Reach::none, "%s",
                     name);
    }
}

Test(lease_commands, what_failed_has_changed_nothing)
{
    for (const char *response :
         { R"({"result": 1})", R"({"result": 3})", R"({"result": "0"})",
           R"({"result": false})", R"({"text": "done"})", R"([{"result": 0}])", "0",
           "" }) {
        cr_expect_eq(reach("lease4-add", R"({"ip-address": "192.0.2.7"})", response),
                     Reach::none, "%s", response);
        cr_expect_eq(reach("lease4-wipe", "", response), Reach::none, "%s", response);
    }
}

Test(lease_commands, arguments_of_any_kind_are_borne)
{
    for (const char *arguments :
         { "", "[]", "7", "null", "{}", R"({"ip-address": 7})",
           R"({"ip-address": "192.0.2"})", R"({"ip-address": "2001:db8::1"})",
           R"({"ip-address": null, "subnet-id": "3"})", R"({"subnet-id": -1})",
           R"({"subnet-id": 4294967296})", R"({"subnet-id": [3]})" }) {
        cr_expect_eq(reach("lease4-update", arguments), Reach::none, "%s", arguments);
    }
}
