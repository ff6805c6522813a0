// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_FOLLOW_H
#define DDNS_HOOK_FOLLOW_H

#include "lease_binding.h"

#include <ddns/ddns.h>

namespace ddns_hook
{

/// Have DNS say what the lease of the address of @p ended says by now, or nothing where
/// there is none; @p ended is what may have stood there before.
///
/// For what ends while another client may get the address: the database is asked, and
/// asked again afterwards, as another thread may have changed it, and have said so, in
/// between.
void follow_address(ddns_client *client, const LeaseBinding &ended);

/// Have DNS say nothing about @p address if nobody has a lease of it.
void withdraw_if_nobodys(ddns_client *client, const isc::asiolink::IOAddress &address);

} // namespace ddns_hook

#endif
