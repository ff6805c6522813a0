/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/check_report.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support/leaks.h"

TestSuite(check_report, .fini = no_leaks);

static const struct {
    ddns_probe_info info;
    const char *line;
    const char *json;
} probes[] = {
    { { .takes_updates = true, .rcode = 3, .key = "k." },
      "probe: example.org. at 192.0.2.53#53: takes updates\n",
      "\"key\":\"k.\",\"takes-updates\":true,\"rcode\":\"NXDOMAIN\",\"tsig-error\":null,"
      "\"clock-skew-seconds\":null,\"message\":\"takes updates\"}\n" },
    { { .rcode = 9, .tsig_error = 18, .clock_skew = -4000 },
      "probe: example.org. at 192.0.2.53#53: BADTIME: the clocks differ by more than the "
      "5 "
      "minutes that are allowed (this clock is 4000 seconds ahead of the server's)\n",
      "\"key\":null,\"takes-updates\":false,\"rcode\":\"NOTAUTH\","
      "\"tsig-error\":\"BADTIME\",\"clock-skew-seconds\":-4000,\"message\":\"BADTIME: "
      "the "
      "clocks differ by more than the 5 minutes that are allowed (this clock is 4000 "
      "seconds ahead of the server's)\"}\n" },
    { { .error = DDNS_E_TIMEOUT },
      "probe: example.org. at 192.0.2.53#53: no answer in time\n",
      "\"key\":null,\"takes-updates\":false,\"rcode\":null,\"tsig-error\":null,"
      "\"clock-skew-seconds\":null,\"message\":\"no answer in time\"}\n" },
    { { .error = DDNS_E_SIGNATURE, .rcode = 3 },
      "probe: example.org. at 192.0.2.53#53: its answer is not signed with the key\n",
      "\"key\":null,\"takes-updates\":false,\"rcode\":\"NXDOMAIN\",\"tsig-error\":null,"
      "\"clock-skew-seconds\":null,\"message\":\"its answer is not signed with the "
      "key\"}\n" },
    { { .rcode = 0 },
      "probe: example.org. at 192.0.2.53#53: it says that it did what cannot be done\n",
      "\"key\":null,\"takes-updates\":false,\"rcode\":\"NOERROR\",\"tsig-error\":null,"
      "\"clock-skew-seconds\":null,\"message\":\"it says that it did what cannot be "
      "done\"}\n" },
    { { .rcode = 4 },
      "probe: example.org. at 192.0.2.53#53: NOTIMP: the server does not do dynamic "
      "updates\n",
      "\"key\":null,\"takes-updates\":false,\"rcode\":\"NOTIMP\",\"tsig-error\":null,"
      "\"clock-skew-seconds\":null,\"message\":\"NOTIMP: the server does not do dynamic "
      "updates\"}\n" },
};

/** What @p print writes about @p info; free it. */
static char *printed(void (*print)(const ddns_probe_info *info, FILE *out),
                     ddns_probe_info info)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    cr_assert_not_null(out);
    info.zone = "example.org.";
    info.direction = DDNS_FORWARD;
    info.server = "192.0.2.53#53";
    print(&info, out);
    cr_assert_eq(fclose(out), 0);
    return text;
}

Test(check_report, says_what_a_server_says)
{
    static const char head[] = "{\"probe\":\"example.org.\",\"direction\":\"forward\","
                               "\"server\":\"192.0.2.53#53\",";

    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        char *line = printed(check_print_probe, probes[i].info);
        char *json = printed(check_print_probe_json, probes[i].info);

        cr_expect_str_eq(line, probes[i].line);
        cr_expect_eq(strncmp(json, head, strlen(head)), 0, "%s", json);
        cr_expect_str_eq(json + strlen(head), probes[i].json);
        free(line);
        free(json);
    }
}

static const char parameters[] =
    "{ \"tsig-keys\": [ { \"name\": \"k\", \"algorithm\": \"hmac-sha256\", "
    "\"digest-bits\": 128, \"secret\": \"c2VjcmV0\" } ],"
    " \"forward-ddns\": { \"ddns-domains\": [ { \"name\": \"example.org\", "
    "\"dns-servers\": "
    "[ { \"ip-address\": \"192.0.2.53\", \"key-name\": \"K.\" }, "
    "{ \"ip-address\": \"::1\", \"port\": 54, \"transport\": \"udp\" } ] } ] },"
    " \"reverse-ddns\": { \"ddns-domains\": [ { \"name\": \"2.0.192.in-addr.arpa.\", "
    "\"network\": \"192.0.2.64/26\", \"dns-servers\": [ { \"ip-address\": \"192.0.2.53\" "
    "} ] "
    "} ] },"
    " \"port\": 1, \"dual-stack-mixed-mode\": true,"
    " \"prometheus-file\": \"/srv/p.prom\" }";

static char *settings_printed(void (*print)(const struct settings *s, FILE *out))
{
    const struct settings_defaults defaults = { "l.sqlite", NULL };
    struct settings settings;
    struct settings_error error;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    cr_assert_not_null(out);
    cr_assert(
        settings_parse(parameters, strlen(parameters), &defaults, &settings, &error),
        "%s: %s", error.place, error.what);
    print(&settings, out);
    settings_free(&settings);
    cr_assert_eq(fclose(out), 0);
    return text;
}

Test(check_report, says_what_is_configured_and_no_secret)
{
    char *text = settings_printed(check_print_settings);

    cr_expect_str_eq(text, "forward zone: example.org at 192.0.2.53#53 over tcp, key K. "
                           "hmac-sha256\n"
                           "forward zone: example.org at ::1#54 over udp, unsigned\n"
                           "reverse zone: 2.0.192.in-addr.arpa. for 192.0.2.64/26 at "
                           "192.0.2.53#53 over tcp, unsigned\n"
                           "key: k hmac-sha256, 128 bits, secret in the configuration\n"
                           "ledger: l.sqlite in Kea's data directory\n"
                           "Prometheus file: /srv/p.prom\n"
                           "dual stack: each family has a DHCID of its own at a name\n"
                           "without meaning here: port\n");
    free(text);
}

Test(check_report, says_what_is_configured_in_json)
{
    char *text = settings_printed(check_print_settings_json);

    cr_expect_str_eq(
        text,
        "{\"zone\":\"example.org\",\"direction\":\"forward\",\"network\":null,\"server\":"
        "\"192.0.2.53\",\"port\":53,\"transport\":\"tcp\",\"key\":\"K.\","
        "\"algorithm\":\"hmac-sha256\"}\n"
        "{\"zone\":\"example.org\",\"direction\":\"forward\",\"network\":null,\"server\":"
        "\"::1\","
        "\"port\":54,\"transport\":\"udp\",\"key\":null,\"algorithm\":null}\n"
        "{\"zone\":\"2.0.192.in-addr.arpa.\",\"direction\":\"reverse\","
        "\"network\":\"192.0.2.64/26\",\"server\":\"192.0.2.53\",\"port\":53,"
        "\"transport\":\"tcp\",\"key\":null,\"algorithm\":null}\n"
        "{\"key\":\"k\",\"algorithm\":\"hmac-sha256\",\"digest-bits\":128,"
        "\"secret-file\":null}\n");
    free(text);
}
