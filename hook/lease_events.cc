// SPDX-License-Identifier: MPL-2.0
#include "lease_events.h"

#include "family.h"
#include "follow.h"
#include "submit.h"

#include <boost/make_shared.hpp>

using isc::dhcp::DHCPDISCOVER;
using isc::dhcp::Lease4;
using isc::dhcp::Lease4Ptr;
using isc::dhcp::Lease6Ptr;
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
        handle.setContext(noted, boost::make_shared<Lease4>(*lease));
    } else {
        handle.deleteContext(noted);
    }
}

void submit_noted(ddns_client *client, CalloutHandle &handle)
{
    Lease4Ptr lease;

    try {
        handle.getContext(noted, lease);
    } catch (const NoSuchCalloutContext &) {
        return; // a DHCPNAK, or a release of nothing
    }
    submit(client, lease_binding(*lease));
}

/// Says whether lease4_release or lease6_release was called for the leases that are
/// deleted now.  What it withdrew is not withdrawn again: by now the address may be
/// another client's.
template <typename Family> bool is_release(CalloutHandle &handle)
{
    typename Family::QueryPtr query;

    handle.getArgument(Family::query, query);
    return query && query->getType() == Family::release;
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

template <typename Family>
void submit_committed(ddns_client *client, CalloutHandle &handle)
{
    typename Family::LeasesPtr stored;
    typename Family::LeasesPtr deleted;

    handle.getArgument(Family::stored_leases, stored);
    handle.getArgument(Family::deleted_leases, deleted);
    if (!stored || !deleted || is_release<Family>(handle)) {
        return;
    }
    if (stored->empty() && deleted->empty()) {
        submit_noted(client, handle);
    }
    for (const auto &lease : *stored) {
        // A declined lease is stored too, without its name.
        if (names_an_address(lease) && is_assigned(*lease)) {
            submit_renewal(client, lease_binding(*lease));
        }
    }
    for (const auto &lease : *deleted) {
        if (names_an_address(lease) && !holds(*stored, lease->addr_)) {
            follow_address(client, lease_binding(*lease));
        }
    }
}

template <typename Family> typename Family::LeasePtr ended_lease(CalloutHandle &handle)
{
    const auto status = handle.getStatus();
    typename Family::LeasePtr lease;

    // The lease stays as it is, or that library has taken over its end.
    if (status == CalloutHandle::NEXT_STEP_SKIP ||
        status == CalloutHandle::NEXT_STEP_DROP) {
        return nullptr;
    }
    handle.getArgument(Family::lease, lease);
    return names_an_address(lease) ? lease : nullptr;
}

template void submit_committed<V4>(ddns_client *, CalloutHandle &);
template void submit_committed<V6>(ddns_client *, CalloutHandle &);
template Lease4Ptr ended_lease<V4>(CalloutHandle &);
template Lease6Ptr ended_lease<V6>(CalloutHandle &);

} // namespace ddns_hook
