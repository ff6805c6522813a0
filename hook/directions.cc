// SPDX-License-Identifier: MPL-2.0
#include "directions.h"

#include "kea_compat.h"

#include <dhcp/dhcp6.h>
#include <dhcp/option6_client_fqdn.h>
#include <dhcp/pkt6.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/d2_client_mgr.h>
#include <dhcpsrv/srv_config.h>

#include <boost/pointer_cast.hpp>

using isc::dhcp::CfgMgr;
using isc::dhcp::DdnsParams;
using isc::dhcp::DdnsParamsPtr;
using isc::dhcp::Option6ClientFqdn;
using isc::dhcp::Option6ClientFqdnPtr;
using isc::dhcp::Pkt6Ptr;
using isc::hooks::CalloutHandle;

namespace ddns_hook
{

namespace
{

const char *const hidden = "hidden-directions";

/// The flags of option 39 that are about the server (RFC 4704 section 4.1).
struct Directions {
    bool server_updates = false;     ///< S
    bool nobody_is_to_update = true; ///< N
};

Option6ClientFqdnPtr option_of(const Pkt6Ptr &reply)
{
    return reply ? boost::dynamic_pointer_cast<Option6ClientFqdn>(
                       reply->getOption(D6O_CLIENT_FQDN))
                 : Option6ClientFqdnPtr();
}

Directions read(const Option6ClientFqdn &option)
{
    return { option.getFlag(Option6ClientFqdn::FLAG_S),
             option.getFlag(Option6ClientFqdn::FLAG_N) };
}

void write(Option6ClientFqdn &option, const Directions &directions)
{
    // The option throws when both are set, even in between.
    option.setFlag(Option6ClientFqdn::FLAG_S, false);
    option.setFlag(Option6ClientFqdn::FLAG_N, directions.nobody_is_to_update);
    option.setFlag(Option6ClientFqdn::FLAG_S, directions.server_updates);
}

bool looks_hidden(const Option6ClientFqdn &option)
{
    const Directions now = read(option);

    return now.nobody_is_to_update && !now.server_updates;
}

/// Kea asks kea-dhcp-ddns for nothing: a reply with its directions would be lost.
bool must_hide(CalloutHandle &handle)
{
    bool forward = false;
    bool reverse = false;

    handle.getArgument("fwd-update", forward);
    handle.getArgument("rev-update", reverse);
    return (forward || reverse) && !CfgMgr::instance().getD2ClientMgr().ddnsEnabled();
}

void hide(CalloutHandle &handle)
{
    Pkt6Ptr reply;

    handle.deleteContext(hidden); // Kea calls again when the subnet or pool has changed
    if (!must_hide(handle)) {
        return;
    }
    handle.getArgument("response6", reply);

    const auto option = option_of(reply);

    // An offer asks for nothing, and is compared with nothing afterwards.
    if (option && reply->getType() != DHCPV6_ADVERTISE) {
        handle.setContext(hidden, read(*option));
        write(*option, Directions());
    }
}

/// Without directions to hide no request is made either where updates are off for this
/// client.  Its name may then lack the suffix, but it has its reply.
void switch_updates_off(CalloutHandle &handle)
{
    DdnsParamsPtr parameters;
    CalloutSubnet6Ptr subnet;

    handle.getArgument("ddns-params", parameters);
    handle.getArgument("subnet6", subnet);
    *parameters = DdnsParams(subnet, false);
}

} // namespace

void hide_directions(CalloutHandle &handle)
{
    try {
        hide(handle);
    } catch (...) {
        switch_updates_off(handle);
        throw;
    }
}

void show_directions(CalloutHandle &handle)
{
    Pkt6Ptr reply;
    Directions directions;

    handle.getArgument("response6", reply);

    const auto option = option_of(reply);

    // Few options look like that by themselves, and asking for more takes time.
    if (!option || !looks_hidden(*option)) {
        return;
    }
    try {
        handle.getContext(hidden, directions);
    } catch (const isc::hooks::NoSuchCalloutContext &) {
        return; // the client updates DNS itself, or nobody does
    }
    write(*option, directions);
    handle.deleteContext(hidden);
}

} // namespace ddns_hook
