// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_SUBMIT_H
#define DDNS_HOOK_SUBMIT_H

#include "lease_binding.h"

#include <ddns/ddns.h>

namespace ddns_hook
{

/// Want DNS to say what @p binding says; nothing, where it wants nothing or its
/// name cannot be registered.  What cannot be done is logged.
void submit(ddns_client *client, const LeaseBinding &binding);

/// submit() of a lease that a client has got, or has renewed: where the settings say so
/// ("ddns-update-on-renew"), DNS is told also what it was told before.
void submit_renewal(ddns_client *client, const LeaseBinding &binding);

/// submit() that tells DNS also what it was told before.  Logs nothing; what the
/// C library says about it is returned.
ddns_error resend(ddns_client *client, const LeaseBinding &binding);

/// Want DNS to say nothing about the address of @p binding.
void withdraw(ddns_client *client, const LeaseBinding &binding);

/// submit() for a lease that DNS may have been told about before the start.
/// False when its name cannot be registered; throws when the client was not told.
bool resume(ddns_client *client, const LeaseBinding &binding);

} // namespace ddns_hook

#endif
