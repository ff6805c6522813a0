// SPDX-License-Identifier: MPL-2.0
#include "partners.h"

#include "kea_compat.h"

#include <cc/command_interpreter.h>
#include <cc/data.h>
#include <hooks/hooks_manager.h>

using isc::config::createCommand;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::SrvConfig;
using isc::hooks::CalloutHandlePtr;
using isc::hooks::HooksManager;

namespace ddns_hook
{

namespace
{

constexpr char heartbeat[] = "ha-heartbeat";

bool has(const ConstElementPtr &element, Element::types type)
{
    return element && element->getType() == type;
}

/// A member of a map; null if it is none.
ConstElementPtr member(const ConstElementPtr &map, const std::string &name)
{
    return has(map, Element::map) ? map->get(name) : ConstElementPtr();
}

/// What a partner would be answered.
ConstElementPtr answer_to_heartbeat(const std::string &server)
{
    const CalloutHandlePtr handle = HooksManager::createCalloutHandle();
    const ElementPtr arguments = Element::createMap();
    ConstElementPtr answer;

    arguments->set("server-name", Element::create(server));
    handle->setArgument("command", createCommand(heartbeat, arguments));
    handle->setArgument("response", answer);
    HooksManager::callCommandHandlers(heartbeat, *handle);
    handle->getArgument("response", answer);
    return answer;
}

} // namespace

Partners::Partners(const SrvConfig &config)
{
    for (const auto &library : config.getHooksConfig().get()) {
        add(member(parameters_of(library), "high-availability"));
    }
}

void Partners::add(const ConstElementPtr &relationships)
{
    const bool some = has(relationships, Element::list);

    for (int i = 0; some && i < static_cast<int>(relationships->size()); i++) {
        const ConstElementPtr name = member(relationships->get(i), "this-server-name");

        if (has(name, Element::string)) {
            servers_.push_back(name->stringValue());
        }
    }
}

bool Partners::any() const
{
    return !servers_.empty();
}

std::string Partners::states() const
{
    std::string states;

    for (const std::string &server : servers_) {
        if (HooksManager::commandHandlersPresent(heartbeat)) {
            const ConstElementPtr state =
                member(member(answer_to_heartbeat(server), "arguments"), "state");

            states += has(state, Element::string) ? state->stringValue() + " " : "? ";
        }
    }
    return states;
}

} // namespace ddns_hook
