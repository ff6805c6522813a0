// SPDX-License-Identifier: MPL-2.0
#include "log.h"

namespace ddns_hook
{

// Its constructor only keeps the name; Kea's loggers are all made like this.
isc::log::Logger logger("dns-update-hooks"); // NOLINT(cert-err58-cpp)

namespace
{

constexpr size_t max_shown = 255; // as long as a domain name can be

bool is_plain(char c)
{
    return c >= ' ' && c <= '~' && c != '%';
}

} // namespace

std::string printable(const std::string &untrusted)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;

    for (const char c : untrusted.substr(0, max_shown)) {
        if (is_plain(c)) {
            text += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);

            text += "\\x";
            text += digits[byte >> 4];
            text += digits[byte & 0xf];
        }
    }
    if (untrusted.size() > max_shown) {
        text += "...";
    }
    return text;
}

} // namespace ddns_hook
