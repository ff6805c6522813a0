// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_PARTNERS_H
#define DDNS_HOOK_PARTNERS_H

#include <cc/data.h>
#include <dhcpsrv/srv_config.h>

#include <string>
#include <vector>

namespace ddns_hook
{

/// This server's relationships with high-availability partners.
///
/// Kea's library takes over leases of a partner without a word to any callout, and
/// switches the DHCP service off for as long: perhaps for a few milliseconds.  But its
/// state is another one before than afterwards.
class Partners
{
  public:
    /// As @p config has its libraries load them.
    explicit Partners(const isc::dhcp::SrvConfig &config);

    /// Are there any?
    bool any() const;

    /// Main thread: the state of each relationship, as the library has it now.
    std::string states() const;

  private:
    void add(const isc::data::ConstElementPtr &relationships);

    std::vector<std::string> servers_; ///< this server's name in each
};

} // namespace ddns_hook

#endif
