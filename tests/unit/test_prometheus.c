/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/prometheus.h"
#include "metrics/traffic.h"

/* A page is compared with tests/vectors/prometheus.txt, which is read by people, too. */

static char *file(const char *path)
{
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t len = 0;

    cr_assert_not_null(in, "%s", path);
    cr_assert_gt(getdelim(&text, &len, '\0', in), 0);
    (void)fclose(in);
    return text;
}

static char *page_of(const ddns_statistics *statistics, const char *daemon)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    ddns_prometheus_write(statistics, daemon, out);
    (void)fclose(out);
    return text;
}

Test(prometheus, a_page_is_as_it_was)
{
    ddns_traffic traffic[] = {
        { .direction = DDNS_FORWARD,
          .zone = "example.org.",
          .server = "192.0.2.53#53",
          .transport = DDNS_TCP,
          .key = "dhcp-key.",
          .counts = { 7, 0, 3, 1, 1, 1, 4, 300, 2, 1, 0 },
          .rcodes = { [0] = 3, [6] = 1 },
          .verdicts = { [DDNS_VERDICT_WRONG_MAC] = 2 } },
        { .direction = DDNS_REVERSE,
          .zone = "*",
          .server = "2001:db8::53#5353",
          .transport = DDNS_UDP,
          .rcodes = { [DDNS_RCODES - 1] = 1 },
          .verdicts = { [DDNS_VERDICT_BADSIG] = 1 } },
    };
    ddns_zone_load zones[] = { { DDNS_FORWARD, "example.org.", 12 },
                               { DDNS_REVERSE, "*", 0 } };
    ddns_server_health servers[] = {
        { "192.0.2.53#53", DDNS_TCP, true, 2, 1, 0 },
        { "2001:db8::53#5353", DDNS_UDP, false, 0, 0, 3 },
    };
    const ddns_statistics statistics = {
        .totals = { .bindings = 400, .unsettled = 13, .ignored = 5 },
        .traffic = traffic,
        .traffic_count = 2,
        .zones = zones,
        .zone_count = 2,
        .servers = servers,
        .server_count = 2,
    };
    char *expected = file(VECTORS "/prometheus.txt");
    char *page;

    for (size_t i = 0; i < 2; i++) {
        ddns_traffic_open(&traffic[i]);
    }
    ddns_histogram_add(&traffic[0].batch, 256);
    ddns_histogram_add(&traffic[0].batch, 1);
    ddns_histogram_add(&traffic[0].round_trip, 0);
    ddns_histogram_add(&traffic[0].round_trip, 2);
    ddns_histogram_add(&traffic[0].round_trip, 10001);
    ddns_histogram_add(&traffic[0].latency, 3600001);
    page = page_of(&statistics, "kea-dhcp4");
    cr_expect_str_eq(page, expected);
    free(page);
    free(expected);
}

Test(prometheus, labels_are_escaped)
{
    ddns_zone_load zone = { DDNS_FORWARD, "a\\046b\".\n", 1 };
    const ddns_statistics statistics = { .zones = &zone, .zone_count = 1 };
    char *page = page_of(&statistics, "x");

    cr_expect_not_null(strstr(page, "zone=\"a\\\\046b\\\".\\n\"} 1\n"), "%s", page);
    free(page);
}

Test(prometheus, what_is_sent_is_in_flight_until_it_has_come_to_an_end)
{
    ddns_traffic traffic = { .counts = { [DDNS_COUNT_SENT] = 9,
                                         [DDNS_COUNT_RESENT] = 3,
                                         [DDNS_COUNT_SUCCESS] = 1,
                                         [DDNS_COUNT_REJECTED] = 1,
                                         [DDNS_COUNT_TIMEOUT] = 1,
                                         [DDNS_COUNT_ERROR] = 1 } };

    cr_expect_eq(ddns_traffic_in_flight(&traffic), 5);
}

Test(prometheus, a_value_at_a_bound_is_below_it)
{
    ddns_traffic traffic = { .direction = DDNS_FORWARD };

    ddns_traffic_open(&traffic);
    ddns_histogram_add(&traffic.batch, 2);
    ddns_histogram_add(&traffic.batch, 3);
    ddns_histogram_add(&traffic.batch, UINT64_MAX - 5);
    cr_expect_eq(traffic.batch.counts[1], 1);
    cr_expect_eq(traffic.batch.counts[2], 1);
    cr_expect_eq(traffic.batch.counts[traffic.batch.bound_count], 1);
    cr_expect_eq(ddns_histogram_count(&traffic.batch), 3);
    cr_expect_eq(traffic.batch.sum, UINT64_MAX);
}
