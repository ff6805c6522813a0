// SPDX-License-Identifier: MPL-2.0
#include "partners.h"

#include "elements.h"
#include "kea_compat.h"

#include <cc/command_interpreter.h>
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
        add(member(parameters_of(library), "high-availability", Element::list));
    }
}

void Partners::add(const ConstElementPtr &relationships)
{
    const int count = relationships ? static_cast<int>(relationships->size()) : 0;

    for (int i = 0; i < count; i++) {
        const auto name =
            member(relationships->get(i), "this-server-name", Element::string);

        if (name) {
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
            const auto arguments =
                member(answer_to_heartbeat(server), "arguments", Element::map);
            const auto state = member(arguments, "state", Element::string);

            states += state ? state->stringValue() + " " : "? ";
        }
    }
    return states;
}

} // namespace ddns_hook
