// SPDX-License-Identifier: MPL-2.0
#include "audit.h"
#include "capture.h"
#include "client.h"
#include "command_arguments.h"
#include "commands.h"
#include "directions.h"
#include "family.h"
#include "lease_commands.h"
#include "lease_database.h"
#include "lease_events.h"
#include "lease_walk.h"
#include "log.h"
#include "lost_leases.h"
#include "settings.h"
#include "statistics.h"
#include "submit.h"

#include <cc/command_interpreter.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/network_state.h>
#include <hooks/hooks.h>
#include <process/daemon.h>

#include <boost/make_shared.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <utility>

using ddns_hook::V4;
using ddns_hook::V6;
using isc::data::ConstElementPtr;
using isc::dhcp::CfgMgr;
using isc::dhcp::NetworkStatePtr;
using isc::dhcp::SrvConfig;
using isc::dhcp::SrvConfigPtr;
using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

namespace
{

/// What one load of the library holds.  Written on the main thread only, and only while
/// no packet thread runs: Kea loads, configures and unloads with its packet threads
/// stopped.  But when the server ends, a high-availability library still takes its
/// partner's commands on threads of its own: it is unloaded after this one.
struct Library {
    ddns_hook::Settings settings; ///< no config: they were wrong
    std::unique_ptr<ddns_hook::LeaseWalk> walk;
    ddns_hook::ClientPtr client; ///< null: DNS is left alone
    std::unique_ptr<ddns_hook::Audit> audit;
    std::unique_ptr<ddns_hook::Statistics> statistics;
    std::shared_mutex in_use; ///< held by each callout, and to take the client away
};
Library library;

/// Run one callout.  A hook must never take the DHCP server down or keep a lease
/// from a client, so every failure ends here as one log line.
template <typename Body> int guarded(const char *where, Body body)
{
    try {
        body();
    } catch (const std::exception &ex) {
        LOG_ERROR(ddns_hook::logger, DNS_UPDATE_CALLOUT_FAILED)
            .arg(where)
            .arg(ddns_hook::printable(ex.what()));
    } catch (...) {
        LOG_ERROR(ddns_hook::logger, DNS_UPDATE_CALLOUT_FAILED)
            .arg(where)
            .arg("unknown exception");
    }
    return 0;
}

template <typename Body> int with_client(const char *where, Body body)
{
    const std::shared_lock<std::shared_mutex> use(library.in_use);

    if (!library.client) {
        return 0;
    }
    return guarded(where, [&] { body(library.client.get()); });
}

template <typename Family> int lease_ended(const char *where, CalloutHandle &handle)
{
    return with_client(where, [&](ddns_client *client) {
        if (const auto ended = ddns_hook::ended_lease<Family>(handle)) {
            ddns_hook::withdraw(client, ddns_hook::lease_binding(*ended));
        }
    });
}

template <typename Family> int lease_expired(const char *where, CalloutHandle &handle)
{
    return with_client(where, [&](ddns_client *client) {
        const auto ended = ddns_hook::ended_lease<Family>(handle);

        if (ended && library.walk->service_is_off()) {
            // Kea is about to take its name away.
            library.walk->put_by(
                boost::make_shared<typename Family::LeasePtr::element_type>(*ended));
        } else if (ended && !ddns_hook::is_given_again(*ended)) {
            ddns_hook::withdraw(client, ddns_hook::lease_binding(*ended));
        }
    });
}

template <typename Family> int leases_committed(const char *where, CalloutHandle &handle)
{
    return with_client(where, [&](ddns_client *client) {
        ddns_hook::submit_committed<Family>(client, handle);
    });
}

void check_process()
{
    const std::string process = isc::process::Daemon::getProcName();

    if (process != "kea-dhcp4" && process != "kea-dhcp6") {
        throw std::runtime_error("it works in kea-dhcp4 and kea-dhcp6, and this is " +
                                 ddns_hook::printable(process));
    }
}

void log_loaded(const settings &settings)
{
    LOG_INFO(ddns_hook::logger, DNS_UPDATE_LOADED)
        .arg(settings_zone_count(&settings, DDNS_FORWARD))
        .arg(settings_zone_count(&settings, DDNS_REVERSE))
        .arg(settings.key_count);
    if (*settings.without_meaning != '\0') {
        LOG_INFO(ddns_hook::logger, DNS_UPDATE_IGNORED_PARAMETERS)
            .arg(settings.without_meaning);
    }
    if (settings.zone_count == 0) {
        LOG_WARN(ddns_hook::logger, DNS_UPDATE_NO_ZONES);
    }
}

void start_client(const SrvConfig &config, const NetworkStatePtr &state)
{
    try {
        library.walk =
            std::make_unique<ddns_hook::LeaseWalk>(state, ddns_hook::Partners(config));
        library.client =
            ddns_hook::start_client(*library.settings->config, *library.walk);
    } catch (const std::exception &ex) {
        LOG_ERROR(ddns_hook::logger, DNS_UPDATE_START_FAILED).arg(ex.what());
        return;
    }
    library.audit = std::make_unique<ddns_hook::Audit>(
        library.settings->config, library.client.get(), library.walk.get());
    library.walk->attach(library.client.get());
    library.walk->request(ddns_hook::WalkRange());
    library.statistics = std::make_unique<ddns_hook::Statistics>(library.client.get());
    LOG_INFO(ddns_hook::logger, DNS_UPDATE_STARTED)
        .arg(library.settings->zone_count)
        .arg(settings_server_count(&*library.settings));
}

/// D2's place is taken also when the parameters are wrong, so that the leases
/// keep their names and flags until they are corrected.
void start(const SrvConfig &config, const NetworkStatePtr &state)
{
    switch (ddns_hook::take_d2s_place(config)) {
    case ddns_hook::Capture::updates_disabled:
        LOG_WARN(ddns_hook::logger, DNS_UPDATE_DISABLED);
        break;
    case ddns_hook::Capture::check_only:
        LOG_INFO(ddns_hook::logger, DNS_UPDATE_CHECK_ONLY);
        break;
    case ddns_hook::Capture::taken:
        if (library.settings->config != nullptr) {
            start_client(config, state);
        }
        break;
    }
}

/// A library that fails to load while the server runs leaves it deaf (Kea has
/// already let go of the old configuration), so only a first start may fail.
int refuse(const std::string &reason)
{
    if (ddns_hook::server_is_running()) {
        LOG_ERROR(ddns_hook::logger, DNS_UPDATE_RELOAD_FAILED).arg(reason);
        return 0;
    }
    LOG_ERROR(ddns_hook::logger, DNS_UPDATE_LOAD_FAILED).arg(reason);
    return 1;
}

void stop()
{
    std::unique_lock<std::shared_mutex> no_use(library.in_use);
    const auto walk = std::move(library.walk); // used by those below until they end
    auto client = std::move(library.client);
    auto audit = std::move(library.audit);

    no_use.unlock();
    audit.reset();
    library.statistics.reset(); // the main thread's alone, which this is
    if (client) {
        client.reset(); // joins our threads before Kea unmaps this library
        LOG_INFO(ddns_hook::logger, DNS_UPDATE_STOPPED);
    }
    library.settings = ddns_hook::Settings();
}

using Command = ConstElementPtr(const ddns_hook::Service &, const ConstElementPtr &);

ConstElementPtr answer_of(CalloutHandle &handle, Command *run)
{
    const std::shared_lock<std::shared_mutex> use(library.in_use);
    ConstElementPtr command;
    ConstElementPtr arguments;

    if (!library.client) {
        throw ddns_hook::CommandError("DNS updates are off; the log says why");
    }
    handle.getArgument("command", command);
    isc::config::parseCommand(arguments, command);
    return run({ library.client.get(), library.walk.get(), library.audit.get() },
               arguments);
}

int run_command(const char *name, CalloutHandle &handle, Command *run)
{
    return guarded(name, [&] {
        ConstElementPtr answer;

        try {
            answer = answer_of(handle, run);
        } catch (const std::exception &ex) {
            answer =
                isc::config::createAnswer(isc::config::CONTROL_RESULT_ERROR, ex.what());
        }
        handle.setArgument("response", answer);
    });
}

int server_configured(const char *where, CalloutHandle &handle)
{
    return guarded(where, [&] {
        SrvConfigPtr config;
        NetworkStatePtr state;

        handle.getArgument("server_config", config);
        handle.getArgument("network_state", state);
        start(*config, state);
    });
}

int status_command(CalloutHandle &handle)
{
    return run_command("dns-update-status", handle, ddns_hook::dns_update_status);
}

int lease_get_command(CalloutHandle &handle)
{
    return run_command("dns-update-lease-get", handle, ddns_hook::dns_update_lease_get);
}

int resync_command(CalloutHandle &handle)
{
    return run_command("dns-update-resync", handle, ddns_hook::dns_update_resync);
}

int audit_command(CalloutHandle &handle)
{
    return run_command("dns-update-audit", handle, ddns_hook::dns_update_audit);
}

int audit_get_command(CalloutHandle &handle)
{
    return run_command("dns-update-audit-get", handle, ddns_hook::dns_update_audit_get);
}

} // namespace

extern "C" {

#pragma GCC visibility push(default)

int version()
{
    return KEA_HOOKS_VERSION;
}

int multi_threading_compatible()
{
    return 1;
}

int load(LibraryHandle &handle)
{
    try {
        check_process();
        handle.registerCommandCallout("dns-update-status", status_command);
        handle.registerCommandCallout("dns-update-lease-get", lease_get_command);
        handle.registerCommandCallout("dns-update-resync", resync_command);
        handle.registerCommandCallout("dns-update-audit", audit_command);
        handle.registerCommandCallout("dns-update-audit-get", audit_get_command);
        library.settings = ddns_hook::Settings(handle.getParameters());
        log_loaded(*library.settings);
        if (!ddns_hook::configuration_follows()) {
            start(*CfgMgr::instance().getCurrentCfg(), NetworkStatePtr());
        }
        return 0;
    } catch (const std::exception &ex) {
        return refuse(ex.what());
    } catch (...) {
        return refuse("unknown exception");
    }
}

int unload()
{
    return guarded("unload", stop);
}

int dhcp4_srv_configured(CalloutHandle &handle)
{
    return server_configured("dhcp4_srv_configured", handle);
}

int lease4_select(CalloutHandle &handle)
{
    return with_client("lease4_select",
                       [&](ddns_client *) { ddns_hook::note_select(handle); });
}

int lease4_renew(CalloutHandle &handle)
{
    return with_client("lease4_renew",
                       [&](ddns_client *) { ddns_hook::note_renew(handle); });
}

int leases4_committed(CalloutHandle &handle)
{
    return leases_committed<V4>("leases4_committed", handle);
}

int lease4_release(CalloutHandle &handle)
{
    return lease_ended<V4>("lease4_release", handle);
}

int lease4_decline(CalloutHandle &handle)
{
    return lease_ended<V4>("lease4_decline", handle);
}

int lease4_expire(CalloutHandle &handle)
{
    return lease_expired<V4>("lease4_expire", handle);
}

int dhcp6_srv_configured(CalloutHandle &handle)
{
    return server_configured("dhcp6_srv_configured", handle);
}

// What hides and shows keeps replies from being lost, also while there are no DNS
// updates.

int ddns6_update(CalloutHandle &handle)
{
    return guarded("ddns6_update", [&] { ddns_hook::hide_directions(handle); });
}

int pkt6_send(CalloutHandle &handle)
{
    (void)guarded("pkt6_send", [&] { ddns_hook::show_directions(handle); });
    return with_client("pkt6_send", [&](ddns_client *client) {
        ddns_hook::withdraw_lost_since(client, handle);
    });
}

int subnet6_select(CalloutHandle &handle)
{
    return with_client("subnet6_select",
                       [&](ddns_client *) { ddns_hook::note_leases(handle); });
}

int leases6_committed(CalloutHandle &handle)
{
    (void)leases_committed<V6>("leases6_committed", handle);
    return with_client("leases6_committed", [&](ddns_client *client) {
        ddns_hook::withdraw_lost(client, handle);
    });
}

int lease6_release(CalloutHandle &handle)
{
    return lease_ended<V6>("lease6_release", handle);
}

int lease6_decline(CalloutHandle &handle)
{
    return lease_ended<V6>("lease6_decline", handle);
}

int lease6_expire(CalloutHandle &handle)
{
    return lease_expired<V6>("lease6_expire", handle);
}

int command_processed(CalloutHandle &handle)
{
    return with_client("command_processed", [&](ddns_client *client) {
        ddns_hook::follow_command(client, *library.walk, handle);
    });
}

#pragma GCC visibility pop

} // extern "C"
