// SPDX-License-Identifier: MPL-2.0
#include "lease_walk.h"

#include "lease_binding.h"
#include "log.h"
#include "submit.h"

#include <asiolink/io_address.h>
#include <dhcpsrv/lease_mgr.h>
#include <dhcpsrv/lease_mgr_factory.h>

#include <chrono>
#include <exception>

using isc::asiolink::IOAddress;
using isc::dhcp::Lease;
using isc::dhcp::Lease4;
using isc::dhcp::Lease4Collection;
using isc::dhcp::LeaseMgrFactory;
using isc::dhcp::LeasePageSize;

namespace ddns_hook
{

namespace
{

constexpr size_t page_size = 1000; // the copies of one page are held at a time

struct Walk {
    ddns_client *client;
    const isc::dhcp::SrvConfig &config;
    size_t read = 0;
    size_t named = 0;
    size_t unusable = 0;
};

void visit(Walk &walk, const Lease4 &lease)
{
    walk.read++;
    if (lease.state_ != Lease::STATE_DEFAULT || lease.expired()) {
        return;
    }

    const LeaseBinding binding =
        lease_binding(lease, conflict_mode(walk.config, lease.subnet_id_));

    if (binding.directions != 0) {
        walk.named++;
        walk.unusable += resume(walk.client, binding) ? 0 : 1;
    }
}

void visit_all(Walk &walk)
{
    IOAddress last = IOAddress::IPV4_ZERO_ADDRESS();
    Lease4Collection page;

    do {
        page = LeaseMgrFactory::instance().getLeases4(last, LeasePageSize(page_size));
        for (const auto &lease : page) {
            visit(walk, *lease);
            last = lease->addr_;
        }
    } while (page.size() == page_size);
}

} // namespace

void resume_stored_leases(ddns_client *client, const isc::dhcp::SrvConfig &config)
{
    using std::chrono::steady_clock;

    Walk walk = { client, config };
    const auto begin = steady_clock::now();

    try {
        visit_all(walk);
    } catch (const std::exception &ex) {
        LOG_ERROR(logger, DNS_UPDATE_LEASES_READ_FAILED).arg(printable(ex.what()));
        return;
    }

    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        steady_clock::now() - begin);

    LOG_INFO(logger, DNS_UPDATE_LEASES_READ)
        .arg(walk.read)
        .arg(took.count())
        .arg(walk.named)
        .arg(walk.unusable);
}

} // namespace ddns_hook
