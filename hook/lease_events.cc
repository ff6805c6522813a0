// SPDX-License-Identifier: MPL-2.0
#include "lease_events.h"

#include "lease_binding.h"
#include "submit.h"

#include <dhcp/dhcp4.h>
#include <dhcp/pkt4.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/lease.h>

#include <algorithm>

using isc::dhcp::CfgMgr;
using isc::dhcp::DHCPDISCOVER;
using isc::dhcp::Lease;
using isc::dhcp::Lease4;
using isc::dhcp::Lease4Collection;
using isc::dhcp::Lease4CollectionPtr;
using isc::dhcp::Lease4Ptr;
using isc::dhcp::Pkt4Ptr;
using isc::hooks::CalloutHandle;
using isc::hooks::NoSuchCalloutContext;

namespace ddns_hook
{

namespace
{

const char *const noted = "unchanged-lease";

LeaseBinding binding_of(const Lease4 &lease)
{
    const auto config = CfgMgr::instance().getCurrentCfg();

    return lease_binding(lease, conflict_mode(*config, lease.subnet_id_));
}

void note(CalloutHandle &handle)
{
    Lease4Ptr lease;

    handle.getArgument("lease4", lease);
    if (lease && lease->reuseable_valid_lft_ > 0) {
        handle.setContext(noted, binding_of(*lease));
    } else {
        handle.deleteContext(noted);
    }
}

void submit_noted(ddns_client *client, CalloutHandle &handle)
{
    LeaseBinding binding;

    try {
        handle.getContext(noted, binding);
    } catch (const NoSuchCalloutContext &) {
        return; // a DHCPNAK, or a release of nothing
    }
    submit(client, binding);
}

bool holds(const Lease4Collection &leases, const Lease4Ptr &wanted)
{
    return std::any_of(leases.begin(), leases.end(), [&](const Lease4Ptr &lease) {
        return lease && lease->addr_ == wanted->addr_;
    });
}

} // namespace

void note_select(CalloutHandle &handle)
{
    bool fake_allocation = false;

    handle.getArgument("fake_allocation", fake_allocation);
    if (!fake_allocation) {
        note(handle);
    }
}

void note_renew(CalloutHandle &handle)
{
    Pkt4Ptr query;

    handle.getArgument("query4", query);
    if (query && query->getType() != DHCPDISCOVER) {
        note(handle);
    }
}

void submit_committed(ddns_client *client, CalloutHandle &handle)
{
    Lease4CollectionPtr stored;
    Lease4CollectionPtr deleted;

    handle.getArgument("leases4", stored);
    handle.getArgument("deleted_leases4", deleted);
    if (!stored || !deleted) {
        return;
    }
    if (stored->empty() && deleted->empty()) {
        submit_noted(client, handle);
    }
    for (const Lease4Ptr &lease : *stored) {
        // A declined lease is stored too, without its name.
        if (lease && lease->state_ == Lease::STATE_DEFAULT) {
            submit(client, binding_of(*lease));
        }
    }
    for (const Lease4Ptr &lease : *deleted) {
        if (lease && !holds(*stored, lease)) {
            withdraw(client, binding_of(*lease));
        }
    }
}

void withdraw_ended(ddns_client *client, CalloutHandle &handle)
{
    const auto status = handle.getStatus();
    Lease4Ptr lease;

    // The lease stays as it is, or that library has taken over its end.
    if (status == CalloutHandle::NEXT_STEP_SKIP ||
        status == CalloutHandle::NEXT_STEP_DROP) {
        return;
    }
    handle.getArgument("lease4", lease);
    if (lease) {
        withdraw(client, binding_of(*lease));
    }
}

} // namespace ddns_hook
