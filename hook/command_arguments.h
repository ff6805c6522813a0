// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_COMMAND_ARGUMENTS_H
#define DDNS_HOOK_COMMAND_ARGUMENTS_H

#include <asiolink/io_address.h>
#include <cc/data.h>
#include <dhcpsrv/lease.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ddns_hook
{

/// The command cannot be carried out; what() is the text of its answer.
class CommandError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// Refuse arguments that are no map, or that are not among @p keywords.
void accept_only(const isc::data::ConstElementPtr &arguments,
                 const std::vector<std::string> &keywords);

/// Which leases a command is about.  Throws CommandError.
std::optional<isc::asiolink::IOAddress>
address_argument(const isc::data::ConstElementPtr &arguments);
std::optional<std::string> hostname_argument(const isc::data::ConstElementPtr &arguments);
std::optional<isc::dhcp::SubnetID>
subnet_argument(const isc::data::ConstElementPtr &arguments);

/// A boolean that may be left out, which is false.
bool flag_argument(const isc::data::ConstElementPtr &arguments,
                   const std::string &keyword);

} // namespace ddns_hook

#endif
