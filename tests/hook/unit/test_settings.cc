// SPDX-License-Identifier: MPL-2.0
#include "kea_compat.h"
#include "settings.h"

#include <cc/data.h>
#include <criterion/criterion.h>
#include <dhcpsrv/cfgmgr.h>

#include <sys/socket.h>

#include <string>

using ddns_hook::parse_settings;
using isc::data::Element;

namespace
{

/// kea-dhcp-ddns' manual, "Example DHCP-DDNS Server Configuration", whole: what a
/// site that moves pastes.
const char *const pasted = R"({
    "ip-address": "172.88.99.10",
    "port": 53001,
    "dns-server-timeout": 2000,
    "ncr-protocol": "UDP",
    "ncr-format": "JSON",
    "user-context": { "version": 1 },
    "control-socket": { "socket-type": "unix", "socket-name": "/run/kea/d2" },
    "loggers": [ { "name": "kea-dhcp-ddns" } ],
    "tsig-keys":
    [
        { "name": "d2.md5.key", "algorithm": "HMAC-MD5", "digest-bits": 80,
          "secret": "LSWXnfkKZjdPJI5QxlpnfQ==" },
        { "name": "d2.sha512.key", "algorithm": "HMAC-SHA512", "comment": "long",
          "secret": "/4wklkm04jeH4anx2MKGJLcya+ZLHldL5d6mK+4q6UXQP7KJ9mS2QG29hh0SJR4LA0ikxNJTUMvir42gLx6fGQ==" }
    ],
    "forward-ddns": { "ddns-domains": [
        { "name": "example.com.", "key-name": "D2.MD5.KEY.", "dns-servers": [
            { "ip-address": "172.16.1.1" },
            { "hostname": "", "ip-address": "2001:db8::53", "port": 5300,
              "key-name": "d2.sha512.key", "transport": "udp" } ] },
        { "name": "*", "key-name": "", "dns-servers": [ { "ip-address": "172.16.1.2" } ] } ] },
    "reverse-ddns": { "ddns-domains": [
        { "name": "2.0.192.in-addr.arpa.", "dns-servers": [ { "ip-address": "172.16.1.1" } ] } ] }
})";

std::string refusal_of(const std::string &json)
{
    try {
        parse_settings(Element::fromJSON(json));
    } catch (const ddns_hook::SettingsError &why) {
        return why.what();
    }
    return "accepted";
}

/// What is given, and what the message begins with.
struct Mistake {
    const char *json;
    const char *message;
};

/// The message, where it does not begin with @p place and what is expected there.
std::string surprise(const std::string &before, const Mistake &mistake,
                     const std::string &after, const std::string &place)
{
    const std::string message = refusal_of(before + mistake.json + after);

    return message.rfind(place + mistake.message, 0) == 0 ? "" : message;
}

#define SECRET "\"secret\": \"LSWXnfkKZjdPJI5QxlpnfQ==\""

const Mistake anywhere[] = {
    { "[]", "parameters: must be a map" },
    { R"({ "x": 1 })", "x: unknown keyword" },
    { R"({ "x\n": 1 })", "x\\x0a: unknown keyword" },
    { R"({ "tsig-keys": {} })", "tsig-keys: must be a list" },
    { R"({ "tsig-keys": [ 1 ] })", "tsig-keys[0]: must be a map" },
    { R"({ "forward-ddns": [] })", "forward-ddns: must be a map" },
    { R"({ "reverse-ddns": { "x": 1 } })", "reverse-ddns.x: unknown keyword" },
    { R"({ "ledger": true })", "ledger: must be the path of a file, or false" },
    { R"({ "ledger": 5 })", "ledger: must be a string" },
    { R"({ "ledger": "" })", "ledger: must not be empty" },
    { R"({ "dns-server-timeout": 0 })", "dns-server-timeout: 0 is not from 1 to 60000" },
    { R"({ "dns-server-timeout": 60001 })",
      "dns-server-timeout: 60001 is not from 1 to 60000" },
    { R"({ "dns-server-timeout": 9223372036854775807 })",
      "dns-server-timeout: 9223372036854775807 is not from 1 to 60000" },
};

const Mistake in_a_key[] = {
    { "", "name: is missing" },
    { R"("name": "", )" SECRET, "name: must not be empty" },
    { R"("name": "a..b", "algorithm": "HMAC-SHA256", )" SECRET,
      R"(name: "a..b": invalid domain name)" },
    { R"("name": "k", )" SECRET, "algorithm: is missing" },
    { R"("name": "k", "algorithm": "SHA256", )" SECRET,
      R"(algorithm: "SHA256": unknown TSIG algorithm)" },
    { R"("name": "k", "algorithm": "HMAC-SHA256", "digest-bits": 64, )" SECRET,
      "digest-bits: digest-bits does not fit the algorithm" },
    { R"("name": "k", "algorithm": "HMAC-SHA256", "digest-bits": -8, )" SECRET,
      "digest-bits: -8 is not from 0 to 512" },
    { R"("name": "k", "algorithm": "HMAC-SHA256")",
      "secret: give either secret or secret-file" },
    { R"("name": "k", "algorithm": "HMAC-SHA256", "secret-file": "/x", )" SECRET,
      "secret: give either secret or secret-file" },
    { R"("name": "k", "algorithm": "HMAC-SHA256", "secret-file": "/nonexistent/k")",
      R"(secret-file: cannot read "/nonexistent/k": No such file)" },
    { R"("name": "k", "algorithm": "HMAC-SHA256", "secret-file": "/dev/null")",
      R"(secret-file: cannot read "/dev/null": not a regular file)" },
    { R"("name": "k", "algorithm": "HMAC-SHA256", "secret": "")",
      "secret: must not be empty" },
};

const Mistake in_a_zone[] = {
    { R"("dns-servers": [])", "name: is missing" },
    { R"("name": "a.")", "dns-servers: names no server" },
    { R"("name": "a.", "x": 1)", "x: unknown keyword" },
    { R"("name": "a..b", "dns-servers": [ { "ip-address": "::1" } ])",
      R"(name: "a..b": invalid domain name)" },
    { R"("name": "a.", "key-name": "k", "dns-servers": [ { "ip-address": "::1" } ])",
      R"(key-name: "k": no such TSIG key)" },
    { R"("name": "a.", "dns-servers": [ { "ip-address": "::1" } ] },
         { "name": "A", "dns-servers": [ { "ip-address": "::1" } ])",
      R"(name: "A" is defined twice)" },
};

const Mistake in_a_server[] = {
    { R"("port": 53)", "ip-address: is missing" },
    { R"("ip-address": "ns1")", R"(ip-address: "ns1" is not an IP address)" },
    { R"("ip-address": "::1", "key-name": "k")", R"(key-name: "k": no such TSIG key)" },
    { R"("hostname": "ns1")", "hostname: names of DNS servers are not resolved" },
    { R"("ip-address": "::1", "port": 0)", "port: 0 is not from 1 to 65535" },
    { R"("ip-address": "::1", "port": 65536)", "port: 65536 is not from 1 to 65535" },
    { R"("ip-address": "::1", "port": "53")", "port: must be an integer" },
    { R"("ip-address": "::1", "transport": "tls")",
      R"(transport: "tls" is neither "tcp" nor "udp")" },
};

const char *const one_key = R"({ "name": "k", "algorithm": "HMAC-SHA256", )" SECRET "}";

} // namespace

Test(settings, a_whole_d2_configuration_can_be_pasted)
{
    const auto settings = parse_settings(Element::fromJSON(pasted));

    cr_expect_eq(settings.keys, 2);
    cr_expect_eq(settings.forward_zones, 2);
    cr_expect_eq(settings.reverse_zones, 1);
    cr_expect_eq(settings.servers, 4);
    cr_expect(settings.without_meaning ==
                  "ip-address, port, ncr-protocol, ncr-format, control-socket, loggers",
              "%s", settings.without_meaning.c_str());
}

Test(settings, nothing_is_not_an_error)
{
    cr_expect_eq(parse_settings(nullptr).servers, 0);
    cr_expect_eq(parse_settings(Element::fromJSON("{}")).servers, 0);
}

Test(settings, a_ledger_is_kept_unless_it_is_switched_off)
{
    const std::string data =
        ddns_hook::data_directory(isc::dhcp::CfgMgr::instance()) + "/";
    const struct {
        const char *json;
        std::string path;
    } cases[] = {
        { "{}", data + "dns-update4.sqlite" },
        { R"({ "ledger": "other.sqlite" })", data + "other.sqlite" },
        { R"({ "ledger": "/srv/ledger" })", "/srv/ledger" },
        { R"({ "ledger": "./ledger" })", "./ledger" },
        { R"({ "ledger": false })", "" },
    };

    for (const auto &each : cases) {
        const auto settings = parse_settings(Element::fromJSON(each.json));

        cr_expect_str_eq(settings.ledger.c_str(), each.path.c_str());
    }
}

Test(settings, the_ledger_of_kea_dhcp6_has_another_name)
{
    isc::dhcp::CfgMgr::instance().setFamily(AF_INET6);

    const std::string ledger = parse_settings(Element::createMap()).ledger;
    const std::string data = ddns_hook::data_directory(isc::dhcp::CfgMgr::instance());
    const std::string wanted = data + "/dns-update6.sqlite";

    cr_expect_str_eq(ledger.c_str(), wanted.c_str());
}

Test(settings, a_mistake_names_its_place)
{
    for (const Mistake &mistake : anywhere) {
        const std::string odd = surprise("", mistake, "", "");

        cr_expect_str_eq(odd.c_str(), "");
    }
}

Test(settings, a_mistake_in_a_key_names_its_place)
{
    for (const Mistake &mistake : in_a_key) {
        const std::string odd =
            surprise(R"({ "tsig-keys": [ {)", mistake, "} ] }", "tsig-keys[0].");

        cr_expect_str_eq(odd.c_str(), "");
    }
}

Test(settings, a_mistake_in_a_zone_names_its_place)
{
    for (const Mistake &mistake : in_a_zone) {
        const bool second =
            std::string(mistake.message).find("twice") != std::string::npos;
        const std::string odd = surprise(
            R"({ "reverse-ddns": { "ddns-domains": [ {)", mistake, "} ] } }",
            std::string("reverse-ddns.ddns-domains[") + (second ? "1" : "0") + "].");

        cr_expect_str_eq(odd.c_str(), "");
    }
}

Test(settings, a_mistake_in_a_server_names_its_place)
{
    for (const Mistake &mistake : in_a_server) {
        const std::string odd = surprise(
            R"({ "forward-ddns": { "ddns-domains": [ { "name": "a.", "dns-servers": [
                 { "ip-address": "::2" }, {)",
            mistake, "} ] } ] } }", "forward-ddns.ddns-domains[0].dns-servers[1].");

        cr_expect_str_eq(odd.c_str(), "");
    }
}

Test(settings, a_secret_that_is_not_base64_is_not_shown)
{
    const std::string message = refusal_of(R"({ "tsig-keys": [ { "name": "k",
        "algorithm": "HMAC-SHA256", "secret": "hunter2!" } ] })");

    cr_expect(message.rfind("tsig-keys[0].secret: not valid base64", 0) == 0, "%s",
              message.c_str());
    cr_expect(message.find("hunter2") == std::string::npos, "%s", message.c_str());
}

Test(settings, a_key_is_defined_once)
{
    const std::string message =
        refusal_of(std::string(R"({ "tsig-keys": [)") + one_key + ", " + one_key + "] }");

    cr_expect(message.rfind("tsig-keys[1].name: \"k\" is defined twice", 0) == 0, "%s",
              message.c_str());
}
