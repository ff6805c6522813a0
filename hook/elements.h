// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_ELEMENTS_H
#define DDNS_HOOK_ELEMENTS_H

#include <cc/data.h>

#include <string>

namespace ddns_hook
{

/// The member @p name of @p map, or null when there is none of this type.
inline isc::data::ConstElementPtr member(const isc::data::ConstElementPtr &map,
                                         const std::string &name,
                                         isc::data::Element::types type)
{
    if (!map || map->getType() != isc::data::Element::map) {
        return isc::data::ConstElementPtr();
    }

    const isc::data::ConstElementPtr value = map->get(name);

    return value && value->getType() == type ? value : isc::data::ConstElementPtr();
}

} // namespace ddns_hook

#endif
