// SPDX-License-Identifier: MPL-2.0
#include "log.h"

#include <criterion/criterion.h>

#include <string>

using ddns_hook::printable;

namespace
{

const struct {
    const char *label;
    std::string given;
    std::string shown;
} texts[] = {
    { "plain", "host.example.org.", "host.example.org." },
    { "line break", "a\nb\r", "a\\x0ab\\x0d" },
    { "terminal escape", "\x1b[2J", "\\x1b[2J" },
    { "NUL", std::string("a\0b", 3), "a\\x00b" },
    { "not ASCII", "\xc3\xbc", "\\xc3\\xbc" },
    { "placeholder of a log line", "%1", "\\x251" },
    { "as long as is shown", std::string(255, 'a'), std::string(255, 'a') },
    { "longer", std::string(256, 'a'), std::string(255, 'a') + "..." },
};

} // namespace

Test(log, shows_no_byte_that_could_forge_a_line)
{
    for (const auto &row : texts) {
        const std::string shown = printable(row.given);

        cr_expect(shown == row.shown, "%s: %s", row.label, shown.c_str());
    }
}
