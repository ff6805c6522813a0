// SPDX-License-Identifier: MPL-2.0
#include "settings.h"

#include "family.h"
#include "kea_compat.h"
#include "parameters.h"
#include "secret.h"

#include <dhcpsrv/cfgmgr.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace ddns_hook
{

namespace
{

/// Parameters of the kea-dhcp-ddns daemon itself.  They come along when its
/// whole configuration is pasted, and mean nothing in this process.
constexpr const char *daemon_keywords[] = {
    "ip-address",      "port",           "ncr-protocol",
    "ncr-format",      "control-socket", "control-sockets",
    "hooks-libraries", "loggers",
};

constexpr unsigned max_timeout_ms = 60000;
constexpr unsigned max_port = 65535;
constexpr unsigned max_digest_bits = 512;

/// Domain names compare without case, and the final dot is optional.
std::string plain_name(std::string name)
{
    if (!name.empty() && name.back() == '.') {
        name.pop_back();
    }
    for (char &c : name) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return name;
}

/// What has been read so far.
struct Draft {
    Settings settings;
    std::vector<std::string> keys;
};

/// Asked before the core is, which cannot say whose key it misses.
bool has_key(const Draft &draft, const std::string &name)
{
    return std::find(draft.keys.begin(), draft.keys.end(), plain_name(name)) !=
           draft.keys.end();
}

std::vector<std::string> top_keywords()
{
    std::vector<std::string> all = { "tsig-keys", "forward-ddns", "reverse-ddns",
                                     "dns-server-timeout", "ledger" };

    all.insert(all.end(), std::begin(daemon_keywords), std::end(daemon_keywords));
    return all;
}

std::string without_meaning(const Parameters &top)
{
    std::string given;

    for (const char *keyword : daemon_keywords) {
        if (top.has(keyword)) {
            given += given.empty() ? "" : ", ";
            given += keyword;
        }
    }
    return given;
}

/// Say what is wrong with the value of @p keyword.
[[noreturn]] void fail_about(const Parameters &at, const std::string &keyword,
                             ddns_error error)
{
    const std::string value = quoted(at.text_or_empty(keyword));

    if (error == DDNS_E_DUPLICATE || error == DDNS_E_ADDRESS) {
        const char *verb = error == DDNS_E_ADDRESS ? " is " : " ";

        at.fail(keyword, value + verb +
                             (error == DDNS_E_ADDRESS ? "not an IP address"
                                                      : ddns_strerror(error)));
    }
    at.fail(keyword, value + ": " + ddns_strerror(error));
}

[[noreturn]] void fail_key(const Parameters &key, const std::string &secret_keyword,
                           ddns_error error)
{
    switch (error) {
    case DDNS_E_ALGORITHM:
        fail_about(key, "algorithm", error);
    case DDNS_E_DIGEST_BITS:
        key.fail("digest-bits", ddns_strerror(error));
    case DDNS_E_BASE64:
        key.fail(secret_keyword, ddns_strerror(error));
    case DDNS_E_INVALID:
        key.fail(secret_keyword, "the secret is empty");
    case DDNS_E_NOMEM:
        throw std::bad_alloc();
    default:
        fail_about(key, "name", error);
    }
}

Secret secret_of(const Parameters &key)
{
    if (key.has("secret") == key.has("secret-file")) {
        key.fail("secret", "give either secret or secret-file");
    }
    if (key.has("secret")) {
        return Secret(key.text("secret"));
    }

    const std::string path = key.text("secret-file");

    try {
        return read_secret_file(path);
    } catch (const std::runtime_error &why) {
        key.fail("secret-file", "cannot read " + quoted(path) + ": " + why.what());
    }
}

void add_key(Draft &draft, const Parameters &key)
{
    key.accept_only({ "name", "algorithm", "digest-bits", "secret", "secret-file" });

    const std::string name = key.text("name");
    const std::string algorithm = key.text("algorithm");
    const unsigned bits = key.number("digest-bits", 0, max_digest_bits, 0);
    const Secret secret = secret_of(key);
    const ddns_key one = { name.c_str(), algorithm.c_str(), bits, secret.c_str(),
                           DDNS_SECRET_BASE64 };
    const ddns_error error = ddns_config_add_key(draft.settings.config.get(), &one);

    if (error != DDNS_OK) {
        fail_key(key, key.has("secret") ? "secret" : "secret-file", error);
    }
    draft.keys.push_back(plain_name(name));
    draft.settings.keys++;
}

ddns_transport transport_of(const Parameters &server)
{
    const std::string word = server.text_or_empty("transport");

    if (word == "udp") {
        return DDNS_UDP;
    }
    if (!word.empty() && word != "tcp") {
        server.fail("transport", quoted(word) + " is neither \"tcp\" nor \"udp\"");
    }
    return DDNS_TCP;
}

/// What a ddns_server points into.
struct Server {
    std::string address;
    std::string key;
    uint16_t port = 0;
    ddns_transport transport = DDNS_TCP;
};

ddns_server view_of(const Server &server)
{
    const char *key = server.key.empty() ? nullptr : server.key.c_str();

    return { server.address.c_str(), server.port, server.transport, key };
}

/// The server's own key, or else its domain's; empty for unsigned updates.
std::string key_of(const Draft &draft, const Parameters &server, const Parameters &domain)
{
    const std::string own = server.text_or_empty("key-name");
    std::string name = own.empty() ? domain.text_or_empty("key-name") : own;

    if (!name.empty() && !has_key(draft, name)) {
        fail_about(own.empty() ? domain : server, "key-name", DDNS_E_NO_KEY);
    }
    return name;
}

Server server_of(const Draft &draft, const Parameters &at, const Parameters &domain)
{
    at.accept_only({ "ip-address", "hostname", "port", "key-name", "transport" });
    if (!at.text_or_empty("hostname").empty()) {
        at.fail("hostname", "names of DNS servers are not resolved; give ip-address");
    }

    Server server;
    ddns_address parsed = {};

    server.address = at.text("ip-address");
    if (ddns_address_parse(server.address.c_str(), &parsed) != DDNS_OK) {
        fail_about(at, "ip-address", DDNS_E_ADDRESS);
    }
    server.port = static_cast<uint16_t>(at.number("port", 1, max_port, 53));
    server.transport = transport_of(at);
    server.key = key_of(draft, at, domain);
    return server;
}

void add_zone(Draft &draft, ddns_direction direction, const Parameters &domain)
{
    domain.accept_only({ "name", "key-name", "dns-servers" });

    const std::string name = domain.text("name");
    std::vector<Server> servers;
    std::vector<ddns_server> views;

    for (const Parameters &at : domain.maps("dns-servers")) {
        servers.push_back(server_of(draft, at, domain));
    }
    if (servers.empty()) {
        domain.fail("dns-servers", "names no server");
    }
    views.reserve(servers.size());
    for (const Server &server : servers) {
        views.push_back(view_of(server));
    }

    const ddns_error error = ddns_config_add_zone(
        draft.settings.config.get(), direction, name.c_str(), views.data(), views.size());

    if (error == DDNS_E_NOMEM) {
        throw std::bad_alloc();
    }
    if (error != DDNS_OK) {
        fail_about(domain, "name", error);
    }
    draft.settings.servers += servers.size();
}

size_t add_zones(Draft &draft, ddns_direction direction,
                 const std::optional<Parameters> &tree)
{
    if (!tree) {
        return 0;
    }
    tree->accept_only({ "ddns-domains" });

    const std::vector<Parameters> domains = tree->maps("ddns-domains");

    for (const Parameters &domain : domains) {
        add_zone(draft, direction, domain);
    }
    return domains.size();
}

void set_timeout(Settings &settings, const Parameters &top)
{
    const unsigned ms =
        top.number("dns-server-timeout", 1, max_timeout_ms, DDNS_TIMEOUT_DEFAULT_MS);
    const ddns_error error = ddns_config_set_timeout(settings.config.get(), ms);

    if (error != DDNS_OK) {
        top.fail("dns-server-timeout", ddns_strerror(error));
    }
}

/// As Kea calls its lease files, and for the same reason: one folder, two servers.
std::string default_ledger()
{
    return serves_ipv6() ? "dns-update6.sqlite" : "dns-update4.sqlite";
}

/// A plain file name is one in Kea's data directory, as for its lease database.
std::string full_path(const std::string &name)
{
    const bool plain = name.find('/') == std::string::npos;

    return plain ? data_directory(isc::dhcp::CfgMgr::instance()) + "/" + name : name;
}

void set_ledger(Settings &settings, const Parameters &top)
{
    const std::string name = top.text_or_false("ledger", default_ledger());

    if (name.empty()) {
        return;
    }
    settings.ledger = full_path(name);

    const ddns_error error =
        ddns_config_set_ledger(settings.config.get(), settings.ledger.c_str());

    if (error == DDNS_E_NOMEM) {
        throw std::bad_alloc();
    }
    if (error != DDNS_OK) {
        top.fail("ledger", ddns_strerror(error));
    }
}

} // namespace

Settings parse_settings(const isc::data::ConstElementPtr &parameters)
{
    Draft draft;
    Settings &settings = draft.settings;

    settings.config = make_config();

    const Parameters top(parameters ? parameters : isc::data::Element::createMap(), "");

    top.accept_only(top_keywords());
    for (const Parameters &key : top.maps("tsig-keys")) {
        add_key(draft, key);
    }
    settings.forward_zones = add_zones(draft, DDNS_FORWARD, top.map("forward-ddns"));
    settings.reverse_zones = add_zones(draft, DDNS_REVERSE, top.map("reverse-ddns"));
    set_timeout(settings, top);
    set_ledger(settings, top);
    settings.without_meaning = without_meaning(top);
    return std::move(settings);
}

} // namespace ddns_hook
