// SPDX-License-Identifier: MPL-2.0
#include "client.h"

#include "events.h"

#include <stdexcept>

namespace ddns_hook
{

namespace
{

/// On the client's thread.
extern "C" void on_event(void *user, const ddns_event *event)
{
    log_event(event);
    if (event->kind == DDNS_EVENT_LEDGER_UP) {
        try {
            static_cast<LeaseWalk *>(user)->request(WalkRange());
        } catch (
            ...) { // NOLINT(bugprone-empty-catch): no memory; at the next start, then
        }
    }
}

} // namespace

ClientPtr start_client(const ddns_config &config, LeaseWalk &walk)
{
    ddns_client *client = nullptr;
    ddns_errbuf why = {};
    const ddns_error error = ddns_client_start(&config, on_event, &walk, &client, &why);

    if (error != DDNS_OK) {
        throw std::runtime_error(why.text[0] != '\0' ? why.text : ddns_strerror(error));
    }
    return ClientPtr(client);
}

} // namespace ddns_hook
