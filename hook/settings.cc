// SPDX-License-Identifier: MPL-2.0
#include "settings.h"

#include "family.h"
#include "kea_compat.h"

#include <dhcpsrv/cfgmgr.h>

#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace ddns_hook
{

namespace
{

/// One step of a place: "name", or "dns-servers[1]".  Null where it leads nowhere.
ConstElementPtr step(const ConstElementPtr &from, const std::string &word)
{
    const size_t bracket = word.find('[');
    ConstElementPtr element;

    if (from->getType() == Element::map) {
        element = from->get(word.substr(0, bracket));
    }
    if (!element || bracket == std::string::npos) {
        return element;
    }

    const auto index =
        static_cast<int>(std::strtoul(word.c_str() + bracket + 1, nullptr, 10));

    return element->getType() == Element::list &&
                   index < static_cast<int>(element->size())
               ? element->get(index)
               : ConstElementPtr();
}

/// Where Kea read the element at @p place, or the last that there is on the way.
Element::Position position_of(ConstElementPtr element, const std::string &place)
{
    for (size_t begin = 0; begin < place.size();) {
        const size_t end = std::min(place.find('.', begin), place.size());
        const ConstElementPtr next = step(element, place.substr(begin, end - begin));

        if (!next) {
            break;
        }
        element = next;
        begin = end + 1;
    }
    return element->getPosition();
}

std::string sentence(const settings_error &error, const ConstElementPtr &parameters)
{
    const Element::Position position = position_of(parameters, error.place);
    std::string text = std::string(error.place) + ": " + error.what;

    if (position.line_ != 0) {
        text += " (" + position.str() + ")";
    }
    return text;
}

/// For node_exporter, as the server that this is.
void write_statistics(const settings &given)
{
    const char *daemon = serves_ipv6() ? "kea-dhcp6" : "kea-dhcp4";

    if (*given.prometheus != '\0' &&
        ddns_config_set_prometheus_file(given.config, given.prometheus, daemon) !=
            DDNS_OK) {
        throw std::bad_alloc();
    }
}

} // namespace

Settings::Settings(const ConstElementPtr &parameters)
{
    const ConstElementPtr given = parameters ? parameters : Element::createMap();
    const std::string data = data_directory(isc::dhcp::CfgMgr::instance());
    const settings_defaults defaults = { settings_default_ledger(serves_ipv6()),
                                         data.c_str() };
    settings_error error = {};
    std::string json = given->str();
    const bool good =
        settings_parse(json.data(), json.size(), &defaults, &settings_, &error);

    explicit_bzero(json.data(), json.size());
    if (!good) {
        throw SettingsError(sentence(error, given));
    }
    write_statistics(settings_);
}

Settings::~Settings()
{
    settings_free(&settings_);
}

Settings::Settings(Settings &&other) noexcept
    : settings_(std::exchange(other.settings_, settings{}))
{
}

Settings &Settings::operator=(Settings &&other) noexcept
{
    std::swap(settings_, other.settings_);
    return *this;
}

} // namespace ddns_hook
