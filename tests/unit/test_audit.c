/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "audit/records.h"
#include "ddns/ddns.h"
#include "support/fake_server.h"
#include "support/heap.h"
#include "support/leaks.h"

TestSuite(audit, .fini = no_leaks);

enum { PATIENCE_MS = 30000, SHORT_MS = 50, ROOM = 65535, FOUND = 1024 };

/* ---- a server of example.org ---------------------------------------------- */

/* How it answers a transfer; single names are always answered. */
enum manner { WHOLE, IN_TWO, CUT_OFF, REFUSED, NOT_SERVED, CLOSES_AFTER_A_FEW, SILENT };

struct server {
    enum manner manner;
    unsigned queries; /**< for single names, on this connection */
    unsigned connections;
    struct fake_server fake;
};

static void write_rr(struct ddns_writer *w, const char *owner, uint16_t type,
                     const char *rdata, size_t len)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(owner, &name), DDNS_OK);
    ddns_write_name(w, NULL, &name);
    ddns_write_u16(w, type);
    ddns_write_u16(w, DDNS_CLASS_IN);
    ddns_write_u32(w, 300);
    ddns_write_u16(w, (uint16_t)len);
    ddns_write_bytes(w, (struct ddns_bytes){ (const uint8_t *)rdata, len });
}

static void write_soa(struct ddns_writer *w)
{
    static const char soa[22] = "";

    write_rr(w, "example.org", DDNS_TYPE_SOA, soa, sizeof soa);
}

/* old.example.org is nobody's, and pc.example.org somebody's. */
static void write_names(struct ddns_writer *w)
{
    write_rr(w, "old.example.org", DDNS_TYPE_A, "\xc0\0\2\x9", 4);
    write_rr(w, "old.example.org", DDNS_TYPE_DHCID, "old", 3);
    write_rr(w, "PC.example.org", DDNS_TYPE_A, "\xc0\0\2\7", 4);
    write_rr(w, "PC.example.org", DDNS_TYPE_DHCID, "pc", 2);
}

enum { NAMES = 4 };

static bool send_answer(int fd, struct ddns_writer *w, unsigned rcode, unsigned answers)
{
    w->buf[4] = 0x84;
    w->buf[5] = (uint8_t)rcode;
    w->buf[9] = (uint8_t)answers;
    w->buf[0] = (uint8_t)((w->len - 2) >> 8);
    w->buf[1] = (uint8_t)(w->len - 2);
    return fake_write(fd, w->buf, w->len);
}

static bool answer_transfer(int fd, const struct server *s, struct ddns_writer *w)
{
    size_t question = w->len;

    switch (s->manner) {
    case WHOLE:
        write_soa(w);
        write_names(w);
        write_soa(w);
        return send_answer(fd, w, DDNS_NOERROR, NAMES + 2);
    case IN_TWO:
    case CUT_OFF:
        write_soa(w);
        write_names(w);
        if (!send_answer(fd, w, DDNS_NOERROR, NAMES + 1) || s->manner == CUT_OFF) {
            return false;
        }
        w->len = question;
        write_soa(w);
        return send_answer(fd, w, DDNS_NOERROR, 1);
    case REFUSED:
    case CLOSES_AFTER_A_FEW:
        return send_answer(fd, w, DDNS_REFUSED, 0);
    case SILENT:
        return true;
    case NOT_SERVED:
        return send_answer(fd, w, DDNS_NOTAUTH, 0);
    }
    return false;
}

static bool answer_name(int fd, struct server *s, struct ddns_writer *w)
{
    enum { A_FEW = 3 };
    uint8_t type = w->buf[w->len - 3];

    if (s->manner == NOT_SERVED) {
        return send_answer(fd, w, DDNS_REFUSED, 0);
    }
    if (s->manner == CLOSES_AFTER_A_FEW && ++s->queries > A_FEW) {
        return false;
    }
    if (type == DDNS_TYPE_A && w->buf[2 + DDNS_HEADER_LEN] == 2) { /* pc */
        write_rr(w, "pc.example.org", DDNS_TYPE_A, "\xc0\0\2\7", 4);
        return send_answer(fd, w, DDNS_NOERROR, 1);
    }
    if (type == DDNS_TYPE_DHCID && w->buf[2 + DDNS_HEADER_LEN] == 2) {
        write_rr(w, "pc.example.org", DDNS_TYPE_DHCID, "pc", 2);
        return send_answer(fd, w, DDNS_NOERROR, 1);
    }
    return send_answer(fd, w, DDNS_NXDOMAIN, 0);
}

static void serve(int fd, void *arg)
{
    static uint8_t frame[2 + ROOM];
    struct server *s = arg;
    size_t len;
    bool on = true;

    s->queries = 0;
    s->connections++;
    while (on && fake_read_frame(fd, frame + 2, &len)) {
        struct ddns_writer w = ddns_writer_of(frame, sizeof frame);

        w.len = 2 + len;
        on = frame[w.len - 3] == DDNS_TYPE_AXFR ? answer_transfer(fd, s, &w)
                                                : answer_name(fd, s, &w);
    }
    /* What was sent must arrive: closing with questions unread would reset. */
    shutdown(fd, SHUT_WR);
    while (fake_read_frame(fd, frame + 2, &len)) {
    }
}

/* ---- asking it ------------------------------------------------------------ */

static void server_start(struct server *s, enum manner manner)
{
    memset(s, 0, sizeof *s);
    s->manner = manner;
    cr_assert(fake_server_start(&s->fake, AF_INET, SOCK_STREAM, serve, s));
}

static ddns_config *config_of(const char *zone, const uint16_t *ports, size_t count,
                              unsigned timeout_ms)
{
    ddns_server servers[2];
    ddns_config *config = NULL;

    for (size_t i = 0; i < count; i++) {
        servers[i] = (ddns_server){ "127.0.0.1", ports[i], DDNS_UDP, NULL };
    }
    cr_assert_eq(ddns_config_new(&config), DDNS_OK);
    cr_assert_eq(ddns_config_set_timeout(config, timeout_ms), DDNS_OK);
    cr_assert_eq(ddns_config_add_zone(config, DDNS_FORWARD, zone, servers, count),
                 DDNS_OK);
    return config;
}

static void on_finding(void *user, const ddns_finding *finding)
{
    char *text = user;
    size_t len = strlen(text);

    (void)snprintf(text + len, FOUND - len, "%d %s %zd;", (int)finding->kind,
                   finding->owner, (ssize_t)finding->claim);
}

/* pc is as it should be, new is not there; the others are not compared. */
static const ddns_claim claims[] = {
    { { { 192, 0, 2, 7 }, 4 },
      DDNS_FORWARD | DDNS_REVERSE,
      "pc.example.org",
      (const uint8_t *)"pc",
      2,
      false },
    { { { 192, 0, 2, 8 }, 4 },
      DDNS_FORWARD,
      "new.Example.org.",
      (const uint8_t *)"x",
      1,
      false },
    { { { 192, 0, 2, 10 }, 4 },
      DDNS_FORWARD,
      "old.example.org",
      (const uint8_t *)"x",
      1,
      true },
    { { { 192, 0, 2, 11 }, 4 }, DDNS_FORWARD, "pc.example.net", NULL, 0, false },
};
static const ddns_prefix ours = { { { 192, 0, 2, 0 }, 4 }, 24 };
static const ddns_audit_input input = { .claims = claims,
                                        .claim_count = sizeof claims / sizeof *claims,
                                        .ours = &ours,
                                        .ours_count = 1 };
static const char with_leftover[] = "0 new.example.org. 1;2 old.example.org. -1;";
static const char without[] = "0 new.example.org. 1;";

static ddns_error audit(const ddns_config *config, char *found, ddns_audit_report *report,
                        ddns_errbuf *errbuf)
{
    found[0] = '\0';
    return ddns_audit(config, &input, on_finding, found, report, errbuf);
}

static const struct {
    const char *label;
    enum manner manner;
    const char *zone;
    const char *found;
    bool searched;
    size_t records;
} readable[] = {
    { "one message", WHOLE, "example.org", with_leftover, true, 4 },
    { "two messages", IN_TWO, "example.org", with_leftover, true, 4 },
    { "name by name", REFUSED, "example.org", without, false, 2 },
    { "name by name, again and again", CLOSES_AFTER_A_FEW, "example.org", without, false,
      2 },
};

Test(audit, compares_what_the_server_lets_be_read)
{
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        ddns_audit_report report = { .claims = 99 };
        ddns_errbuf errbuf;
        char found[FOUND];
        struct server s;
        ddns_config *config;

        server_start(&s, readable[i].manner);
        config = config_of(readable[i].zone, &s.fake.port, 1, PATIENCE_MS);
        cr_expect_eq(audit(config, found, &report, &errbuf), DDNS_OK, "%s: %s",
                     readable[i].label, errbuf.text);
        cr_expect_str_eq(found, readable[i].found, "%s: %s", readable[i].label, found);
        cr_expect_eq(report.claims, 2);
        cr_expect_eq(report.conflicts, 1);
        cr_expect_eq(report.outside, 1);
        cr_expect_eq(report.missing, 1);
        cr_expect_eq(report.leftover, readable[i].searched ? 1 : 0);
        cr_expect_eq(report.leftovers_searched, readable[i].searched);
        cr_expect_eq(report.records, readable[i].records, "%s", readable[i].label);
        ddns_config_free(config);
        fake_server_stop(&s.fake);
    }
}

/* pc.example.net is inside "*", and its zone is not there either. */
Test(audit, asks_for_names_alone_where_the_zone_is_not_known)
{
    ddns_audit_report report;
    char found[FOUND];
    struct server s;
    ddns_config *config;

    server_start(&s, WHOLE);
    config = config_of("*", &s.fake.port, 1, PATIENCE_MS);
    cr_expect_eq(audit(config, found, &report, NULL), DDNS_OK);
    cr_expect_eq(report.outside, 0);
    cr_expect_not(report.leftovers_searched);
    ddns_config_free(config);
    fake_server_stop(&s.fake);
}

static const struct {
    enum manner manner;
    unsigned timeout_ms;
    ddns_error error;
    const char *why;
} unreadable[] = {
    { CUT_OFF, PATIENCE_MS, DDNS_E_CLOSED, "zone transfer: cut off in the middle" },
    { NOT_SERVED, PATIENCE_MS, DDNS_E_UNREADABLE, "zone transfer: NOTAUTH" },
    { SILENT, SHORT_MS, DDNS_E_TIMEOUT, "zone transfer: no answer in time" },
};

Test(audit, finds_nothing_where_a_zone_is_not_read)
{
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        ddns_audit_report report = { .claims = 99 };
        ddns_errbuf errbuf;
        char why[sizeof errbuf.text];
        char found[FOUND];
        struct server s;
        ddns_config *config;

        server_start(&s, unreadable[i].manner);
        config = config_of("example.org", &s.fake.port, 1, unreadable[i].timeout_ms);
        cr_expect_eq(audit(config, found, &report, &errbuf), unreadable[i].error);
        (void)snprintf(why, sizeof why,
                       "zone example.org.: server 127.0.0.1#%u, no key: %s",
                       (unsigned)s.fake.port, unreadable[i].why);
        cr_expect_str_eq(errbuf.text, why, "%s", errbuf.text);
        cr_expect_str_eq(found, "");
        cr_expect_eq(report.claims, 99, "a result is written only on success");
        ddns_config_free(config);
        fake_server_stop(&s.fake);
    }
}

Test(audit, goes_on_to_the_next_server)
{
    static const enum manner firsts[] = { CUT_OFF, REFUSED, NOT_SERVED };

    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        ddns_audit_report report;
        char found[FOUND];
        struct server first;
        struct server second;
        ddns_config *config;

        server_start(&first, firsts[i]);
        server_start(&second, IN_TWO);
        config = config_of("example.org",
                           (const uint16_t[]){ first.fake.port, second.fake.port }, 2,
                           PATIENCE_MS);
        cr_expect_eq(audit(config, found, &report, NULL), DDNS_OK);
        cr_expect_str_eq(found, with_leftover);
        cr_expect_eq(first.connections, 1);
        ddns_config_free(config);
        fake_server_stop(&first.fake);
        fake_server_stop(&second.fake);
    }
}

static const struct {
    const char *why;
    ddns_claim claim;
    ddns_error error;
} bad[] = {
    { "claim 0: invalid domain name",
      { { { 192, 0, 2, 7 }, 4 }, DDNS_FORWARD, "a..b", NULL, 0, false },
      DDNS_E_NAME },
    { "claim 0: invalid domain name",
      { { { 192, 0, 2, 7 }, 4 }, DDNS_FORWARD, NULL, NULL, 0, false },
      DDNS_E_NAME },
    { "claim 0: invalid argument",
      { { { 192, 0, 2, 7 }, 5 }, DDNS_FORWARD, "a.example.org", NULL, 0, false },
      DDNS_E_INVALID },
    { "claim 0: invalid argument",
      { { { 192, 0, 2, 7 }, 4 }, 4, "a.example.org", NULL, 0, false },
      DDNS_E_INVALID },
};

Test(audit, says_which_claim_is_none)
{
    const uint16_t port = fake_server_closed_port(AF_INET, SOCK_STREAM);
    ddns_config *config = config_of("example.org", &port, 1, PATIENCE_MS);
    ddns_audit_report report;
    ddns_errbuf errbuf;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const ddns_audit_input one = { .claims = &bad[i].claim, .claim_count = 1 };

        cr_expect_eq(ddns_audit(config, &one, NULL, NULL, &report, &errbuf),
                     bad[i].error);
        cr_expect_str_eq(errbuf.text, bad[i].why);
    }
    cr_expect_eq(ddns_audit(config, &(ddns_audit_input){ .claims = NULL }, NULL, NULL,
                            &report, &errbuf),
                 DDNS_E_REFUSED);
    ddns_config_free(config);
}

/* Every allocation fails once, on whichever thread. */
static bool at_the_third_question(void *asked)
{
    return ++*(unsigned *)asked >= 3;
}

Test(audit, ends_when_it_is_told_to)
{
    ddns_audit_report report = { .claims = 99 };
    ddns_audit_input to_stop = input;
    unsigned asked = 0;
    struct server s;
    ddns_config *config;

    server_start(&s, SILENT);
    config = config_of("example.org", &s.fake.port, 1, PATIENCE_MS);
    to_stop.stopped = at_the_third_question;
    to_stop.stop_user = &asked;
    cr_expect_eq(ddns_audit(config, &to_stop, NULL, NULL, &report, NULL),
                 DDNS_E_STOPPING);
    cr_expect_eq(asked, 3);
    cr_expect_eq(report.claims, 99);
    ddns_config_free(config);
    fake_server_stop(&s.fake);
}

Test(audit, without_memory_finds_nothing_and_loses_none)
{
    enum { MANY = 200 };
    struct server s;
    ddns_config *config;
    bool failed = true;

    server_start(&s, IN_TWO);
    config = config_of("example.org", &s.fake.port, 1, PATIENCE_MS);
    for (unsigned number = 0; failed; number++) {
        ddns_audit_report report;
        char found[FOUND];
        ddns_error error;

        cr_assert_lt(number, MANY);
        heap_fail_after(number);
        error = audit(config, found, &report, NULL);
        failed = heap_stop_failing();
        if (error != DDNS_OK) {
            cr_expect_eq(error, DDNS_E_NOMEM, "%u: %s", number, ddns_strerror(error));
            cr_expect_str_eq(found, "");
        }
        cr_expect(failed || error == DDNS_OK);
    }
    ddns_config_free(config);
    fake_server_stop(&s.fake);
}
