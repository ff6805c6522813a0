// SPDX-License-Identifier: MPL-2.0
#include "capture.h"
#include "client.h"
#include "lease_events.h"
#include "lease_walk.h"
#include "log.h"
#include "settings.h"

#include <dhcpsrv/cfgmgr.h>
#include <hooks/hooks.h>
#include <process/daemon.h>

#include <exception>
#include <stdexcept>
#include <string>

using isc::dhcp::CfgMgr;
using isc::dhcp::SrvConfig;
using isc::dhcp::SrvConfigPtr;
using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;

namespace
{

/// What one load of the library holds.  Written on the main thread only, and only while
/// no packet thread runs: Kea loads, configures and unloads with its packet threads
/// stopped.
struct Library {
    ddns_hook::Settings settings; ///< no config: they were wrong
    ddns_hook::ClientPtr client;  ///< null: DNS is left alone
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
    if (!library.client) {
        return 0;
    }
    return guarded(where, [&] { body(library.client.get()); });
}

void check_process()
{
    const std::string process = isc::process::Daemon::getProcName();

    if (process != "kea-dhcp4") {
        throw std::runtime_error("it works in kea-dhcp4, and this is " +
                                 ddns_hook::printable(process));
    }
}

void log_loaded(const ddns_hook::Settings &settings)
{
    LOG_INFO(ddns_hook::logger, DNS_UPDATE_LOADED)
        .arg(settings.forward_zones)
        .arg(settings.reverse_zones)
        .arg(settings.keys);
    if (!settings.without_meaning.empty()) {
        LOG_INFO(ddns_hook::logger, DNS_UPDATE_IGNORED_PARAMETERS)
            .arg(settings.without_meaning);
    }
    if (settings.forward_zones + settings.reverse_zones == 0) {
        LOG_WARN(ddns_hook::logger, DNS_UPDATE_NO_ZONES);
    }
}

void start_client(const SrvConfig &config)
{
    try {
        library.client = ddns_hook::start_client(*library.settings.config);
    } catch (const std::exception &ex) {
        LOG_ERROR(ddns_hook::logger, DNS_UPDATE_START_FAILED).arg(ex.what());
        return;
    }
    LOG_INFO(ddns_hook::logger, DNS_UPDATE_STARTED)
        .arg(library.settings.forward_zones + library.settings.reverse_zones)
        .arg(library.settings.servers);
    ddns_hook::resume_stored_leases(library.client.get(), config);
}

/// D2's place is taken also when the parameters are wrong, so that the leases
/// keep their names and flags until they are corrected.
void start(const SrvConfig &config)
{
    switch (ddns_hook::take_d2s_place(config)) {
    case ddns_hook::Capture::updates_disabled:
        LOG_WARN(ddns_hook::logger, DNS_UPDATE_DISABLED);
        break;
    case ddns_hook::Capture::check_only:
        LOG_INFO(ddns_hook::logger, DNS_UPDATE_CHECK_ONLY);
        break;
    case ddns_hook::Capture::taken:
        if (library.settings.config) {
            start_client(config);
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
    if (library.client) {
        library.client.reset(); // joins our thread before Kea unmaps this library
        LOG_INFO(ddns_hook::logger, DNS_UPDATE_STOPPED);
    }
    library.settings = ddns_hook::Settings();
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
        library.settings = ddns_hook::parse_settings(handle.getParameters());
        log_loaded(library.settings);
        if (!ddns_hook::configuration_follows()) {
            start(*CfgMgr::instance().getCurrentCfg());
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
    return guarded("dhcp4_srv_configured", [&] {
        SrvConfigPtr config;

        handle.getArgument("server_config", config);
        start(*config);
    });
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
    return with_client("leases4_committed", [&](ddns_client *client) {
        ddns_hook::submit_committed(client, handle);
    });
}

int lease4_release(CalloutHandle &handle)
{
    return with_client("lease4_release", [&](ddns_client *client) {
        ddns_hook::withdraw_ended(client, handle);
    });
}

int lease4_decline(CalloutHandle &handle)
{
    return with_client("lease4_decline", [&](ddns_client *client) {
        ddns_hook::withdraw_ended(client, handle);
    });
}

int lease4_expire(CalloutHandle &handle)
{
    return with_client("lease4_expire", [&](ddns_client *client) {
        ddns_hook::withdraw_ended(client, handle);
    });
}

#pragma GCC visibility pop

} // extern "C"
