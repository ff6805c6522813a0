// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_LEASE_DATABASE_H
#define DDNS_HOOK_LEASE_DATABASE_H

#include <asiolink/io_address.h>
#include <dhcp/duid.h>
#include <dhcpsrv/lease.h>

#include <cstddef>
#include <string>
#include <vector>

namespace ddns_hook
{

using Leases = std::vector<isc::dhcp::LeasePtr>;

/// The lease of the address in the database, whatever its state; null for none.
isc::dhcp::LeasePtr stored_lease(const isc::asiolink::IOAddress &address);

/// Do both say the same, or is there none?
bool same_lease(const isc::dhcp::LeasePtr &a, const isc::dhcp::LeasePtr &b);

/// Does the address of a lease that Kea takes for expired have one that lives?  From SQL
/// Kea has read it a while ago, and leaves alone what has changed since.  A lease file
/// has it overwrite that, too, so there the lease has ended in any case.
bool is_given_again(const isc::dhcp::Lease &ended);

/// How Kea may have spelt a host name when it stored it: in lower case, without the
/// final dot and with it.  @p name is not empty.
std::vector<std::string> spellings(const std::string &name);

/// The leases of addresses that are stored with this host name, letter by letter.
Leases leases_named(const std::string &name);

/// The leases of addresses that a DHCPv6 client has, whatever their state.
Leases leases_of_client(const isc::dhcp::DUID &duid);

/// Not more than @p count leases that come after the one of @p before in the order of
/// the database; from the first lease on where it is the zero address.
Leases leases_after(const isc::asiolink::IOAddress &before, size_t count);

/// True when leases_after() goes from lower to higher addresses.  Kea 2.2 leaves it to
/// SQL to sort IPv6 addresses, as texts.
bool in_address_order(const isc::asiolink::IOAddress &address);

} // namespace ddns_hook

#endif
