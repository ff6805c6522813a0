// SPDX-License-Identifier: MPL-2.0
#include "capture.h"

#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/d2_client_mgr.h>

using isc::dhcp::CfgMgr;
using isc::dhcp::D2ClientConfigPtr;
using isc::dhcp::D2ClientMgr;
using isc::dhcp::SrvConfig;

namespace ddns_hook
{

Capture take_d2s_place(const SrvConfig &config)
{
    D2ClientMgr &manager = CfgMgr::instance().getD2ClientMgr();

    if (!config.getD2ClientConfig()->getEnableUpdates()) {
        return Capture::updates_disabled;
    }
    // A server that starts has started its sender by now; a check has not.
    if (manager.ddnsEnabled() && !manager.amSending()) {
        return Capture::check_only;
    }

    // This object outlives the library, which Kea unmaps first.  So Kea's own code
    // makes it: what frees it must still be there then.
    D2ClientConfigPtr off = SrvConfig().getD2ClientConfig();

    *off = *config.getD2ClientConfig();
    off->enableUpdates(false);
    manager.setD2ClientConfig(off);
    return Capture::taken;
}

bool configuration_follows()
{
    // Applying a configuration begins with handing its own D2 configuration to
    // the manager.  What is there otherwise is the copy made above.
    return CfgMgr::instance().getD2ClientConfig() ==
           CfgMgr::instance().getStagingCfg()->getD2ClientConfig();
}

bool server_is_running()
{
    return CfgMgr::instance().getCurrentCfg()->getSequence() > 0;
}

} // namespace ddns_hook
