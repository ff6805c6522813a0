// SPDX-License-Identifier: MPL-2.0
#include "settings.h"

#include <cc/data.h>
#include <criterion/criterion.h>

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

std::string key_with(const std::string &name, const std::string &rest)
{
    return R"({ "tsig-keys": [ { "name": ")" + name + R"(", )" + rest + " } ] }";
}

std::string server_with(const std::string &rest)
{
    return R"({ "forward-ddns": { "ddns-domains": [ { "name": "a.", "dns-servers": [ {)" +
           rest + "} ] } ] } }";
}

const char *const secret = R"("secret": "LSWXnfkKZjdPJI5QxlpnfQ==")";
const char *const zone =
    R"({ "name": "a.", "dns-servers": [ { "ip-address": "::1" } ] })";

std::string zones(const std::string &tree, const std::string &list)
{
    return "{ \"" + tree + "\": { \"ddns-domains\": [" + list + "] } }";
}

/// What is given, and what the message begins with.
const struct {
    std::string json;
    const char *message;
} refused[] = {
    { "[]", "parameters: must be a map" },
    { R"({ "x": 1 })", "x: unknown keyword" },
    { R"({ "x\n": 1 })", "x\\x0a: unknown keyword" },
    { R"({ "tsig-keys": {} })", "tsig-keys: must be a list" },
    { R"({ "tsig-keys": [ 1 ] })", "tsig-keys[0]: must be a map" },
    { R"({ "tsig-keys": [ {} ] })", "tsig-keys[0].name: is missing" },
    { key_with("", secret), "tsig-keys[0].name: must not be empty" },
    { key_with("a..b", std::string(R"("algorithm": "HMAC-SHA256", )") + secret),
      "tsig-keys[0].name: \"a..b\": invalid domain name" },
    { key_with("k", secret), "tsig-keys[0].algorithm: is missing" },
    { key_with("k", std::string(R"("algorithm": "SHA256", )") + secret),
      "tsig-keys[0].algorithm: \"SHA256\": unknown TSIG algorithm" },
    { key_with("k", std::string(R"("algorithm": "HMAC-SHA256", "digest-bits": 64, )") +
                        secret),
      "tsig-keys[0].digest-bits: digest-bits does not fit the algorithm" },
    { key_with("k", std::string(R"("algorithm": "HMAC-SHA256", "digest-bits": -8, )") +
                        secret),
      "tsig-keys[0].digest-bits: -8 is not from 0 to 512" },
    { key_with("k", R"("algorithm": "HMAC-SHA256")"),
      "tsig-keys[0].secret: give either secret or secret-file" },
    { key_with("k", std::string(R"("algorithm": "HMAC-SHA256", "secret-file": "/x", )") +
                        secret),
      "tsig-keys[0].secret: give either secret or secret-file" },
    { key_with("k", R"("algorithm": "HMAC-SHA256", "secret-file": "/nonexistent/k")"),
      "tsig-keys[0].secret-file: cannot read \"/nonexistent/k\": No such file" },
    { key_with("k", R"("algorithm": "HMAC-SHA256", "secret": "")"),
      "tsig-keys[0].secret: must not be empty" },
    { key_with("k", R"("algorithm": "HMAC-SHA256", "secret-file": "/dev/null")"),
      "tsig-keys[0].secret-file: cannot read \"/dev/null\": not a regular file" },
    { R"({ "forward-ddns": [] })", "forward-ddns: must be a map" },
    { R"({ "forward-ddns": { "x": 1 } })", "forward-ddns.x: unknown keyword" },
    { zones("forward-ddns", R"({ "dns-servers": [] })"),
      "forward-ddns.ddns-domains[0].name: is missing" },
    { zones("forward-ddns", R"({ "name": "a." })"),
      "forward-ddns.ddns-domains[0].dns-servers: names no server" },
    { zones("reverse-ddns", std::string(zone) + ", " + zone),
      "reverse-ddns.ddns-domains[1].name: \"a.\" is defined twice" },
    { zones("forward-ddns",
            R"({ "name": "a..b", "dns-servers": [ { "ip-address": "::1" } ] })"),
      "forward-ddns.ddns-domains[0].name: \"a..b\": invalid domain name" },
    { zones(
          "forward-ddns",
          R"({ "name": "a.", "key-name": "k", "dns-servers": [ { "ip-address": "::1" } ] })"),
      "forward-ddns.ddns-domains[0].key-name: \"k\": no such TSIG key" },
    { server_with(R"("ip-address": "::1", "key-name": "k")"),
      "forward-ddns.ddns-domains[0].dns-servers[0].key-name: \"k\": no such TSIG key" },
    { server_with(R"("port": 53)"),
      "forward-ddns.ddns-domains[0].dns-servers[0].ip-address: is missing" },
    { server_with(R"("ip-address": "ns1")"),
      "forward-ddns.ddns-domains[0].dns-servers[0].ip-address: "
      "\"ns1\" is not an IP address" },
    { server_with(R"("hostname": "ns1")"),
      "forward-ddns.ddns-domains[0].dns-servers[0].hostname: "
      "names of DNS servers are not resolved" },
    { server_with(R"("ip-address": "::1", "port": 0)"),
      "forward-ddns.ddns-domains[0].dns-servers[0].port: 0 is not from 1 to 65535" },
    { server_with(R"("ip-address": "::1", "port": 65536)"),
      "forward-ddns.ddns-domains[0].dns-servers[0].port: 65536 is not from 1 to 65535" },
    { server_with(R"("ip-address": "::1", "port": "53")"),
      "forward-ddns.ddns-domains[0].dns-servers[0].port: must be an integer" },
    { server_with(R"("ip-address": "::1", "transport": "tls")"),
      "forward-ddns.ddns-domains[0].dns-servers[0].transport: "
      "\"tls\" is neither \"tcp\" nor \"udp\"" },
    { R"({ "dns-server-timeout": 0 })", "dns-server-timeout: 0 is not from 1 to 60000" },
    { R"({ "dns-server-timeout": 60001 })",
      "dns-server-timeout: 60001 is not from 1 to 60000" },
    { R"({ "dns-server-timeout": 9223372036854775807 })",
      "dns-server-timeout: 9223372036854775807 is not from 1 to 60000" },
};

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

Test(settings, a_mistake_names_its_place)
{
    for (const auto &row : refused) {
        const std::string message = refusal_of(row.json);

        cr_expect(message.rfind(row.message, 0) == 0, "%s", message.c_str());
    }
}

Test(settings, a_secret_that_is_not_base64_is_not_shown)
{
    const std::string message =
        refusal_of(key_with("k", R"("algorithm": "HMAC-SHA256", "secret": "hunter2!")"));

    cr_expect(message.rfind("tsig-keys[0].secret: not valid base64", 0) == 0, "%s",
              message.c_str());
    cr_expect(message.find("hunter2") == std::string::npos, "%s", message.c_str());
}

Test(settings, a_key_is_defined_once)
{
    const std::string key =
        R"({ "name": "k", "algorithm": "HMAC-SHA256", )" + std::string(secret) + "}";
    const std::string message =
        refusal_of("{ \"tsig-keys\": [" + key + ", " + key + "] }");

    cr_expect(message.rfind("tsig-keys[1].name: \"k\" is defined twice", 0) == 0, "%s",
              message.c_str());
}
