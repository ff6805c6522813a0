// SPDX-License-Identifier: MPL-2.0
#include "words.h"

#include <ctime>

namespace ddns_hook
{

namespace
{

enum { TSIG_BADTIME = 18 };

constexpr struct {
    const char *word;
    ddns_conflict_mode mode;
} modes[] = {
    { "check-with-dhcid", DDNS_CHECK_WITH_DHCID },
    { "check-exists-with-dhcid", DDNS_CHECK_EXISTS_WITH_DHCID },
    { "no-check-with-dhcid", DDNS_NO_CHECK_WITH_DHCID },
    { "no-check-without-dhcid", DDNS_NO_CHECK_WITHOUT_DHCID },
    { "mixed-check-with-dhcid", DDNS_MIXED_CHECK_WITH_DHCID },
    { "mixed-check-exists-with-dhcid", DDNS_MIXED_CHECK_EXISTS_WITH_DHCID },
    { "mixed-no-check-with-dhcid", DDNS_MIXED_NO_CHECK_WITH_DHCID },
};

/// RFC 8945 section 5.2.3: the server tells its time in a BADTIME answer.
std::string skew_of(int64_t seconds)
{
    const bool ahead = seconds >= 0;
    const uint64_t distance = ahead ? static_cast<uint64_t>(seconds)
                                    : uint64_t{ 0 } - static_cast<uint64_t>(seconds);

    return ", its clock is " + std::to_string(distance) + " s " +
           (ahead ? "ahead of" : "behind") + " ours";
}

} // namespace

std::string text_of(const Answer &answer)
{
    if (answer.error != DDNS_OK) {
        return ddns_strerror(answer.error);
    }

    std::string text = ddns_rcode_text(answer.rcode);

    if (text == "RCODE") {
        text += " " + std::to_string(answer.rcode);
    }
    if (answer.tsig_error != 0) {
        text += std::string(", ") + ddns_tsig_error_text(answer.tsig_error);
    }
    if (answer.tsig_error == TSIG_BADTIME) {
        text += skew_of(answer.clock_skew);
    }
    return text;
}

std::string text_of(ddns_conflict_mode mode)
{
    for (const auto &row : modes) {
        if (row.mode == mode) {
            return row.word;
        }
    }
    return "associate";
}

ddns_conflict_mode conflict_mode_called(const std::string &word)
{
    for (const auto &row : modes) {
        if (word == row.word) {
            return row.mode;
        }
    }
    return DDNS_CHECK_WITH_DHCID;
}

std::string text_of_time(uint64_t unix_seconds)
{
    const auto seconds = static_cast<time_t>(unix_seconds);
    tm local = {};
    char text[sizeof "2026-01-31 23:59:59 and some more"] = "";

    if (localtime_r(&seconds, &local) != nullptr) {
        (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    }
    return text;
}

std::string text_of(const ddns_address &address)
{
    char text[DDNS_ADDRESS_TEXT_MAX];

    ddns_address_text(&address, text);
    return text;
}

} // namespace ddns_hook
