// SPDX-License-Identifier: MPL-2.0
#include "family.h"

#include <dhcpsrv/cfgmgr.h>

#include <sys/socket.h>

namespace ddns_hook
{

bool serves_ipv6()
{
    return isc::dhcp::CfgMgr::instance().getFamily() == AF_INET6;
}

} // namespace ddns_hook
