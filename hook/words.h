// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_WORDS_H
#define DDNS_HOOK_WORDS_H

#include <ddns/ddns.h>

#include <cstdint>
#include <string>

namespace ddns_hook
{

/// What a DNS server answered, or what kept it from answering: "REFUSED",
/// "NOTAUTH, BADTIME, its clock is 400 s ahead of ours", "no answer in time".
struct Answer {
    ddns_error error = DDNS_OK; ///< DDNS_OK where the server answered
    unsigned rcode = 0;
    unsigned tsig_error = 0;
    int64_t clock_skew = 0; ///< BADTIME: the server's clock minus ours, seconds
};
std::string text_of(const Answer &answer);

/// "check-with-dhcid" and so on, as Kea's ddns-conflict-resolution-mode has it.
std::string text_of(ddns_conflict_mode mode);

/// The mode of that word; the safest one for a word that is none.
ddns_conflict_mode conflict_mode_called(const std::string &word);

/// Local time, as Kea's log has it: "2026-01-31 23:59:59".
std::string text_of_time(uint64_t unix_seconds);

/// "192.0.2.7"
std::string text_of(const ddns_address &address);

} // namespace ddns_hook

#endif
