// SPDX-License-Identifier: MPL-2.0
#include "client.h"

#include <stdexcept>
#include <utility>

namespace ddns_hook
{

namespace
{

/// On the client's thread.
extern "C" void on_event(void *user, const ddns_event *event)
{
    Listener &listener = *static_cast<Listener *>(user);

    listener.log.add(*event);
    if (event->kind == DDNS_EVENT_LEDGER_UP) {
        try {
            listener.walk.request(WalkRange());
        } catch (
            ...) { // NOLINT(bugprone-empty-catch): no memory; at the next start, then
        }
    }
}

} // namespace

ClientPtr start_client(const ddns_config &config, LeaseWalk &walk)
{
    auto listener = std::unique_ptr<Listener>(new Listener{ walk, {} });
    ddns_client *client = nullptr;
    ddns_errbuf why = {};
    const ddns_error error =
        ddns_client_start(&config, on_event, listener.get(), &client, &why);

    if (error != DDNS_OK) {
        throw std::runtime_error(why.text[0] != '\0' ? why.text : ddns_strerror(error));
    }
    return ClientPtr(client, StopClient(std::move(listener)));
}

} // namespace ddns_hook
