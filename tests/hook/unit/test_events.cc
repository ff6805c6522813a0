// SPDX-License-Identifier: MPL-2.0
#include "event_log.h"
#include "events.h"

#include <criterion/criterion.h>

#include <cstdint>
#include <string>

namespace
{

enum { SERVFAIL = 2, REFUSED = 5, NOTAUTH = 9, UNNAMED = 14, BADSIG = 16, BADTIME = 18 };

const struct answer {
    ddns_event_kind kind;
    ddns_error error;
    unsigned rcode;
    unsigned tsig_error;
    int64_t clock_skew;
    const char *reason;
} answers[] = {
    { DDNS_EVENT_SERVER_DOWN, DDNS_E_TIMEOUT, 0, 0, 0, "no answer in time (key key.)" },
    { DDNS_EVENT_SERVER_DOWN, DDNS_OK, SERVFAIL, 0, 0, "SERVFAIL (key key.)" },
    { DDNS_EVENT_ZONE_DOWN, DDNS_OK, REFUSED, 0, 0,
      "REFUSED (server 192.0.2.53#53) (key key.)" },
    { DDNS_EVENT_ZONE_DOWN, DDNS_OK, NOTAUTH, BADSIG, 0,
      "NOTAUTH, BADSIG (server 192.0.2.53#53) (key key.)" },
    { DDNS_EVENT_ZONE_DOWN, DDNS_OK, NOTAUTH, BADTIME, 3600,
      "NOTAUTH, BADTIME, its clock is 3600 s ahead of ours (server 192.0.2.53#53) "
      "(key key.)" },
    { DDNS_EVENT_ZONE_DOWN, DDNS_OK, NOTAUTH, BADTIME, -301,
      "NOTAUTH, BADTIME, its clock is 301 s behind ours (server 192.0.2.53#53) "
      "(key key.)" },
    { DDNS_EVENT_ZONE_DOWN, DDNS_OK, NOTAUTH, BADTIME, INT64_MIN,
      "NOTAUTH, BADTIME, its clock is 9223372036854775808 s behind ours (server "
      "192.0.2.53#53) (key key.)" },
    { DDNS_EVENT_REFUSED, DDNS_OK, UNNAMED, 0, 0,
      "RCODE 14 (server 192.0.2.53#53) (key key.)" },
};

ddns_event event_of(const answer &answer)
{
    ddns_event event = {};

    event.kind = answer.kind;
    event.zone = "example.org.";
    event.server = "192.0.2.53#53";
    event.key = "key.";
    event.error = answer.error;
    event.rcode = answer.rcode;
    event.tsig_error = answer.tsig_error;
    event.clock_skew = answer.clock_skew;
    return event;
}

} // namespace

Test(events, reason_says_what_an_operator_can_act_on)
{
    for (const answer &row : answers) {
        const std::string reason = ddns_hook::event_reason(event_of(row));

        cr_expect(reason == row.reason, "%s", reason.c_str());
    }
}

Test(events, logging_that_is_not_set_up_does_not_end_the_thread)
{
    const ddns_event event = event_of(answers[0]);

    ddns_hook::log_event(&event);
}

Test(events, one_that_is_kept_says_the_same)
{
    ddns_event event = event_of(answers[2]);
    std::string zone = event.zone;
    ddns_address address = { { 192, 0, 2, 7 }, 4 };

    event.zone = zone.c_str();
    event.address = &address;
    const ddns_hook::KeptEvent kept(event);
    zone = "another.example.";
    address = {};
    const ddns_event said = kept.get();

    cr_expect(ddns_hook::event_reason(said) == answers[2].reason);
    cr_expect_str_eq(said.zone, "example.org.");
    cr_expect_eq(said.address->bytes[3], 7);
    cr_expect_null(said.fqdn);
}
