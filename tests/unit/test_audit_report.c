/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/audit_report.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "support/leaks.h"

TestSuite(audit_report, .fini = no_leaks);

static const struct {
    ddns_finding finding;
    const char *line;
    const char *json;
} findings[] = {
    { { .kind = DDNS_FINDING_MISSING,
        .direction = DDNS_FORWARD,
        .owner = "pc.example.org.",
        .address = { { 192, 0, 2, 7 }, 4 } },
      "missing: pc.example.org. IN A 192.0.2.7\n",
      "{\"finding\":\"missing\",\"name\":\"pc.example.org.\",\"type\":\"A\","
      "\"data\":\"192.0.2.7\",\"dns-has\":null,\"conflict\":false}\n" },
    { { .kind = DDNS_FINDING_WRONG,
        .direction = DDNS_FORWARD,
        .owner = "pc.example.org.",
        .address = { { 0x20, 1, 0x0d, 0xb8 }, 16 },
        .found = { { 0x20, 1, 0x0d, 0xb9 }, 16 } },
      "wrong: pc.example.org. IN AAAA 2001:db8::, DNS has 2001:db9::\n",
      "{\"finding\":\"wrong\",\"name\":\"pc.example.org.\",\"type\":\"AAAA\","
      "\"data\":\"2001:db8::\",\"dns-has\":\"2001:db9::\",\"conflict\":false}\n" },
    { { .kind = DDNS_FINDING_WRONG,
        .direction = DDNS_FORWARD,
        .conflict = true,
        .owner = "www.example.org.",
        .address = { { 192, 0, 2, 7 }, 4 } },
      "wrong: www.example.org. IN A 192.0.2.7, DNS has another's DHCID; the name is not "
      "this client's\n",
      "{\"finding\":\"wrong\",\"name\":\"www.example.org.\",\"type\":\"A\","
      "\"data\":\"192.0.2.7\",\"dns-has\":null,\"conflict\":true}\n" },
    { { .kind = DDNS_FINDING_WRONG,
        .direction = DDNS_REVERSE,
        .owner = "7.2.0.192.in-addr.arpa.",
        .address = { { 192, 0, 2, 7 }, 4 },
        .target = "pc.example.org.",
        .found_target = "old.example.org." },
      "wrong: 7.2.0.192.in-addr.arpa. IN PTR pc.example.org., DNS has "
      "old.example.org.\n",
      "{\"finding\":\"wrong\",\"name\":\"7.2.0.192.in-addr.arpa.\",\"type\":\"PTR\","
      "\"data\":\"pc.example.org.\",\"dns-has\":\"old.example.org.\",\"conflict\":"
      "false}\n" },
    { { .kind = DDNS_FINDING_LEFTOVER,
        .direction = DDNS_REVERSE,
        .owner = "9.2.0.192.in-addr.arpa.",
        .address = { { 192, 0, 2, 9 }, 4 },
        .target = "old.example.org." },
      "leftover: 9.2.0.192.in-addr.arpa. IN PTR old.example.org.\n",
      "{\"finding\":\"leftover\",\"name\":\"9.2.0.192.in-addr.arpa.\",\"type\":\"PTR\","
      "\"data\":\"old.example.org.\",\"dns-has\":null,\"conflict\":false}\n" },
};

static void expect_output(char *text, const char *wanted)
{
    cr_expect_str_eq(text, wanted);
    free(text);
}

Test(audit_report, findings_are_a_line_each)
{
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        char *text = NULL;
        char *json = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        cr_assert_not_null(out);
        audit_print_finding(&findings[i].finding, out);
        (void)fclose(out);
        out = open_memstream(&json, &size);
        cr_assert_not_null(out);
        audit_print_finding_json(&findings[i].finding, out);
        (void)fclose(out);
        expect_output(text, findings[i].line);
        expect_output(json, findings[i].json);
    }
}

static const ddns_audit_report differs = { .claims = 5,
                                           .records = 7,
                                           .missing = 1,
                                           .wrong = 2,
                                           .leftover = 3,
                                           .leftovers_searched = true };

Test(audit_report, the_summary_says_what_was_not_looked_at)
{
    ddns_audit_report report = differs;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    audit_print_summary(&report, out);
    report.leftovers_searched = false;
    audit_print_summary(&report, out);
    (void)fclose(out);
    expect_output(text, "5 claims, 7 records: 1 missing, 2 wrong, 3 left over\n"
                        "5 claims, 7 records: 1 missing, 2 wrong, 3 left over\n"
                        "no zone transfer was allowed: only the names that are claimed "
                        "were asked for\n");
}

Test(audit_report, the_summary_is_json_too)
{
    const struct outcome failure = { .status = STATUS_SIGNATURE, .message = "why" };
    const ddns_audit_report nothing = { 0 };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    cr_assert_not_null(out);
    audit_print_summary_json(&differs, NULL, out);
    audit_print_summary_json(&nothing, NULL, out);
    audit_print_summary_json(&nothing, &failure, out);
    (void)fclose(out);
    expect_output(
        text,
        "{\"status\":\"differs\",\"claims\":5,\"records\":7,\"missing\":1,\"wrong\":2,"
        "\"leftover\":3,\"leftovers-searched\":true,\"message\":null}\n"
        "{\"status\":\"agrees\",\"claims\":0,\"records\":0,\"missing\":0,\"wrong\":0,"
        "\"leftover\":0,\"leftovers-searched\":false,\"message\":null}\n"
        "{\"status\":\"signature\",\"claims\":0,\"records\":0,\"missing\":0,\"wrong\":0,"
        "\"leftover\":0,\"leftovers-searched\":false,\"message\":\"why\"}\n");
}
