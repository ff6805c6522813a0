// SPDX-License-Identifier: MPL-2.0
#include "log.h"

#include <settings/printable.h>

namespace ddns_hook
{

// Its constructor only keeps the name; Kea's loggers are all made like this.
isc::log::Logger logger("dns-update-hooks"); // NOLINT(cert-err58-cpp)

std::string printable(const std::string &untrusted)
{
    char text[PRINTABLE_MAX];

    return printable_text(untrusted.data(), untrusted.size(), text);
}

std::string quoted(const std::string &untrusted)
{
    return "\"" + printable(untrusted) + "\"";
}

} // namespace ddns_hook
