// SPDX-License-Identifier: MPL-2.0
#include "events.h"

#include "log.h"

namespace ddns_hook
{

namespace
{

std::string text_of(const char *text)
{
    return text == nullptr ? std::string("?") : printable(text);
}

std::string address_of(const ddns_event &event)
{
    char text[DDNS_ADDRESS_TEXT_MAX] = "?";

    if (event.address != nullptr) {
        ddns_address_text(event.address, text);
    }
    return text;
}

/// "forward zone example.org."
std::string zone_of(const ddns_event &event)
{
    return std::string(event.direction == DDNS_REVERSE ? "reverse" : "forward") +
           " zone " + text_of(event.zone);
}

/// RFC 8945 section 5.2.3: the server tells its time in a BADTIME answer.
std::string skew_of(int64_t seconds)
{
    const bool ahead = seconds >= 0;
    const uint64_t distance = ahead ? static_cast<uint64_t>(seconds)
                                    : uint64_t{ 0 } - static_cast<uint64_t>(seconds);

    return ", its clock is " + std::to_string(distance) + " s " +
           (ahead ? "ahead of" : "behind") + " ours";
}

enum { TSIG_BADTIME = 18 };

std::string answer_of(const ddns_event &event)
{
    std::string text = ddns_rcode_text(event.rcode);

    if (text == "RCODE") {
        text += " " + std::to_string(event.rcode);
    }
    if (event.tsig_error != 0) {
        text += std::string(", ") + ddns_tsig_error_text(event.tsig_error);
    }
    if (event.tsig_error == TSIG_BADTIME) {
        text += skew_of(event.clock_skew);
    }
    return text;
}

void log_lease_event(const ddns_event &event)
{
    const std::string address = address_of(event);
    const std::string fqdn = text_of(event.fqdn);

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
    case DDNS_EVENT_SERVER_DOWN:
        LOG_WARN(logger, DNS_UPDATE_SERVER_DOWN)
            .arg(text_of(event.server))
            .arg(event_reason(event));
        break;
    case DDNS_EVENT_SERVER_UP:
        LOG_INFO(logger, DNS_UPDATE_SERVER_UP).arg(text_of(event.server));
        break;
    case DDNS_EVENT_ZONE_DOWN:
        LOG_ERROR(logger, DNS_UPDATE_ZONE_DOWN)
            .arg(text_of(event.zone))
            .arg(event_reason(event));
        break;
    case DDNS_EVENT_ZONE_UP:
        LOG_INFO(logger, DNS_UPDATE_ZONE_UP).arg(text_of(event.zone));
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
        event.error == DDNS_OK ? answer_of(event) : ddns_strerror(event.error);

    if (event.server != nullptr && event.kind != DDNS_EVENT_SERVER_DOWN) {
        text += " (server " + printable(event.server) + ")";
    }
    if (event.key != nullptr) {
        text += " (key " + printable(event.key) + ")";
    }
    return text;
}

extern "C" void log_event(void *, const ddns_event *event)
{
    try {
        log_any_event(*event);
    } catch (...) { // NOLINT(bugprone-empty-catch): a lost log line is no reason to end
                    // the client's thread
    }
}

} // namespace ddns_hook
