// SPDX-License-Identifier: MPL-2.0
#include "lease_events.h"

#include "follow.h"
#include "submit.h"

#include <dhcp/dhcp4.h>
#include <dhcp/pkt4.h>
#include <dhcpsrv/lease.h>

#include <algorithm>

using isc::dhcp::DHCPDISCOVER;
using isc::dhcp::DHCPRELEASE;
using isc::dhcp::Lease;
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

void note(CalloutHandle &handle)
{
    Lease4Ptr lease;

    handle.getArgument("lease4", lease);
    if (lease && lease->reuseable_valid_lft_ > 0) {
        handle.setContext(noted, lease_binding(*lease));
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

/// Says whether lease4_release was called for the leases that are deleted now.  What it
/// withdrew is not withdrawn again: by now the address may be another client's.
bool is_release(CalloutHandle &handle)
{
    Pkt4Ptr query;

    handle.getArgument("query4", query);
    return query && query->getType() == DHCPRELEASE;
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
    if (!stored || !deleted || is_release(handle)) {
        return;
    }
    if (stored->empty() && deleted->empty()) {
        submit_noted(client, handle);
    }
    for (const Lease4Ptr &lease : *stored) {
        // A declined lease is stored too, without its name.
        if (lease && lease->state_ == Lease::STATE_DEFAULT) {
            submit(client, lease_binding(*lease));
        }
    }
    for (const Lease4Ptr &lease : *deleted) {
        if (lease && !holds(*stored, lease)) {
            follow_address(client, lease_binding(*lease));
        }
    }
}

std::optional<LeaseBinding> ended_lease(CalloutHandle &handle)
{
    const auto status = handle.getStatus();
    Lease4Ptr lease;

    // The lease stays as it is, or that library has taken over its end.
    if (status == CalloutHandle::NEXT_STEP_SKIP ||
        status == CalloutHandle::NEXT_STEP_DROP) {
        return std::nullopt;
    }
    handle.getArgument("lease4", lease);
    return lease ? std::make_optional(lease_binding(*lease)) : std::nullopt;
}

} // namespace ddns_hook
