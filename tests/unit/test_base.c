/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "base/broken.h"
#include "ddns/ddns.h"
#include "support/leaks.h"

TestSuite(base, .fini = no_leaks);

Test(base, every_error_has_a_text_and_a_class)
{
    static const struct {
        ddns_error error;
        ddns_error_class class_;
        const char *text;
    } rows[] = {
#define DDNS_X(symbol, value, class_, text) { symbol, DDNS_CLASS_##class_, text },
        DDNS_ERROR_MAP(DDNS_X)
#undef DDNS_X
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_str_eq(ddns_strerror(rows[i].error), rows[i].text);
        cr_expect_eq(ddns_error_class_of(rows[i].error), rows[i].class_);
    }
    cr_expect_eq(ddns_error_class_of(DDNS_OK), DDNS_CLASS_NONE);
    cr_expect_str_eq(ddns_strerror((ddns_error)1), "unknown error");
    cr_expect_eq(ddns_error_class_of((ddns_error)-1000), DDNS_CLASS_STATE);
}

Test(base, codes_of_a_server_have_their_names)
{
    cr_expect_str_eq(ddns_rcode_text(0), "NOERROR");
    cr_expect_str_eq(ddns_rcode_text(5), "REFUSED");
    cr_expect_str_eq(ddns_rcode_text(10), "NOTZONE");
    cr_expect_str_eq(ddns_rcode_text(11), "RCODE");
    cr_expect_str_eq(ddns_tsig_error_text(0), "");
    cr_expect_str_eq(ddns_tsig_error_text(16), "BADSIG");
    cr_expect_str_eq(ddns_tsig_error_text(17), "BADKEY");
    cr_expect_str_eq(ddns_tsig_error_text(18), "BADTIME");
    cr_expect_str_eq(ddns_tsig_error_text(22), "BADTRUNC");
    cr_expect_str_eq(ddns_tsig_error_text(19), "TSIG error");
}

/* Reverse names: the examples of RFC 1035 section 3.5 and RFC 3596 section 2.5. */
static const struct {
    const char *text;
    unsigned len; /* 0: not an address */
    const char *reverse;
} addresses[] = {
    { "10.2.0.52", 4, "52.0.2.10.in-addr.arpa." },
    { "0.0.0.0", 4, "0.0.0.0.in-addr.arpa." },
    { "255.255.255.255", 4, "255.255.255.255.in-addr.arpa." },
    { "4321:0:1:2:3:4:567:89ab", 16,
      "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa." },
    { "::ffff:192.0.2.1", 16,
      "1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa." },
    { "", 0, NULL },
    { "192.0.2", 0, NULL },
    { "192.0.2.256", 0, NULL },
    { "192.0.2.1 ", 0, NULL },
    { "2001:db8::1::2", 0, NULL },
    { "fe80::1%eth0", 0, NULL },
    { "ns.example.org", 0, NULL },
};

Test(base, addresses_are_read_and_written)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char text[DDNS_ADDRESS_TEXT_MAX];
        char reverse[DDNS_NAME_TEXT_MAX];
        ddns_address address = { .len = 99 };
        ddns_error error = ddns_address_parse(addresses[i].text, &address);

        if (addresses[i].len == 0) {
            cr_expect_eq(error, DDNS_E_ADDRESS, "%s", addresses[i].text);
            cr_expect_eq(address.len, 99, "a result is written only on success");
            continue;
        }
        cr_assert_eq(error, DDNS_OK, "%s", addresses[i].text);
        cr_expect_eq(address.len, addresses[i].len);
        ddns_address_text(&address, text);
        cr_expect_str_eq(text, addresses[i].text);
        ddns_address_reverse_text(&address, reverse);
        cr_expect_str_eq(reverse, addresses[i].reverse);
    }
}

Test(base, the_longest_address_fits)
{
    char text[DDNS_ADDRESS_TEXT_MAX];
    ddns_address address = { .len = 16 };

    memset(address.bytes, 0xff, sizeof address.bytes);
    ddns_address_text(&address, text);
    cr_expect_str_eq(text, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

Test(base, an_invariant_that_holds_is_not_broken)
{
    cr_expect_not(ddns_broken(false));
}

#ifdef NDEBUG
Test(base, a_broken_invariant_is_said_and_survived)
{
    cr_expect(ddns_broken(true));
}
#else
Test(base, a_broken_invariant_aborts_where_it_can_be_debugged, .signal = SIGABRT)
{
    (void)ddns_broken(true);
}
#endif
