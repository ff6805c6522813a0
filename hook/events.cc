// SPDX-License-Identifier: MPL-2.0
#include "events.h"

#include "log.h"
#include "words.h"

namespace ddns_hook
{

namespace
{

std::string shown(const char *text)
{
    return text == nullptr ? std::string("?") : printable(text);
}

std::string address_of(const ddns_event &event)
{
    return event.address == nullptr ? "?" : text_of(*event.address);
}

/// "forward zone example.org."
std::string zone_of(const ddns_event &event)
{
    return std::string(event.direction == DDNS_REVERSE ? "reverse" : "forward") +
           " zone " + shown(event.zone);
}

void log_lease_event(const ddns_event &event)
{
    const std::string address = address_of(event);
    const std::string fqdn = shown(event.fqdn);

    switch (event.kind) {
    case DDNS_EVENT_ADDED:
        LOG_DEBUG(logger, debug_records, DNS_UPDATE_ADDED)
            .arg(address)
            .arg(zone_of(event))
            .arg(fqdn);
        break;
    case DDNS_EVENT_REMOVED:
        LOG_DEBUG(logger, debug_records, DNS_UPDATE_REMOVED)
            .arg(address)
            .arg(zone_of(event))
            .arg(fqdn);
        break;
    case DDNS_EVENT_CONFLICT:
        LOG_WARN(logger, DNS_UPDATE_CONFLICT).arg(address).arg(fqdn);
        break;
    default:
        LOG_WARN(logger, DNS_UPDATE_LEASE_REFUSED)
            .arg(address)
            .arg(fqdn)
            .arg(zone_of(event))
            .arg(event_reason(event));
        break;
    }
}

void log_any_event(const ddns_event &event)
{
    switch (event.kind) {
    case DDNS_EVENT_LEDGER_DOWN:
        LOG_ERROR(logger, DNS_UPDATE_LEDGER_DOWN).arg(shown(event.detail));
        break;
    case DDNS_EVENT_LEDGER_UP:
        LOG_INFO(logger, DNS_UPDATE_LEDGER_UP);
        break;
    case DDNS_EVENT_LEDGER_SET_ASIDE:
        LOG_ERROR(logger, DNS_UPDATE_LEDGER_SET_ASIDE).arg(shown(event.detail));
        break;
    case DDNS_EVENT_LEDGER_READ:
        LOG_INFO(logger, DNS_UPDATE_LEDGER_READ).arg(event.count);
        break;
    case DDNS_EVENT_PROMETHEUS_DOWN:
        LOG_ERROR(logger, DNS_UPDATE_PROMETHEUS_DOWN).arg(shown(event.detail));
        break;
    case DDNS_EVENT_PROMETHEUS_UP:
        LOG_INFO(logger, DNS_UPDATE_PROMETHEUS_UP);
        break;
    case DDNS_EVENT_SERVER_DOWN:
        LOG_WARN(logger, DNS_UPDATE_SERVER_DOWN)
            .arg(shown(event.server))
            .arg(event_reason(event));
        break;
    case DDNS_EVENT_SERVER_UP:
        LOG_INFO(logger, DNS_UPDATE_SERVER_UP).arg(shown(event.server));
        break;
    case DDNS_EVENT_ZONE_DOWN:
        LOG_ERROR(logger, DNS_UPDATE_ZONE_DOWN)
            .arg(shown(event.zone))
            .arg(event_reason(event));
        break;
    case DDNS_EVENT_ZONE_UP:
        LOG_INFO(logger, DNS_UPDATE_ZONE_UP)
            .arg(shown(event.zone))
            .arg(shown(event.server));
        break;
    default:
        log_lease_event(event);
        break;
    }
}

} // namespace

std::string event_reason(const ddns_event &event)
{
    std::string text =
        text_of(Answer{ event.error, event.rcode, event.tsig_error, event.clock_skew });

    if (event.server != nullptr && event.kind != DDNS_EVENT_SERVER_DOWN) {
        text += " (server " + printable(event.server) + ")";
    }
    if (event.key != nullptr) {
        text += " (key " + printable(event.key) + ")";
    }
    return text;
}

void log_event(const ddns_event *event) noexcept
{
    try {
        log_any_event(*event);
    } catch (...) { // NOLINT(bugprone-empty-catch): a lost log line is no reason to end
                    // the client's thread
    }
}

} // namespace ddns_hook
