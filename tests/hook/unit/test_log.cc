// SPDX-License-Identifier: MPL-2.0
#include "log.h"

#include <criterion/criterion.h>

#include <string>

using ddns_hook::printable;

namespace
{

const struct {
    const char *label;
    const char *given;
    const char *shown;
} texts[] = {
    { "plain", "host.example.org.", "host.example.org." },
    { "line break", "a\nb\r", "a\\x0ab\\x0d" },
    { "terminal escape", "\x1b[2J", "\\x1b[2J" },
    { "not ASCII", "\xc3\xbc", "\\xc3\\xbc" },
    { "placeholder of a log line", "%1", "\\x251" },
};

} // namespace

Test(log, shows_no_byte_that_could_forge_a_line)
{
    for (const auto &row : texts) {
        const std::string shown = printable(row.given);

        cr_expect(shown == row.shown, "%s: %s", row.label, shown.c_str());
    }
}

Test(log, shows_a_nul_and_what_follows)
{
    cr_expect(printable(std::string("a\0b", 3)) == "a\\x00b");
}

Test(log, shows_as_much_as_a_domain_name_can_hold)
{
    cr_expect(printable(std::string(255, 'a')) == std::string(255, 'a'));
    cr_expect(printable(std::string(256, 'a')) == std::string(255, 'a') + "...");
}
