/* SPDX-License-Identifier: MPL-2.0 */
#include "metrics/prometheus.h"

#include <inttypes.h>
#include <string.h>

#include "metrics/traffic.h"

#define PREFIX "dns_update_"

enum { MS_PER_S = 1000 };

struct page {
    FILE *out;
    const char *daemon;
};

/** A label that only some samples of a metric have; name NULL for none. */
struct label {
    const char *name;
    const char *value;
};

static const struct label no_label = { NULL, NULL };

/* ---- words ----------------------------------------------------------------- */

static void begin_metric(const struct page *p, const char *name, const char *type,
                         const char *meaning)
{
    (void)fprintf(p->out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name,
                  meaning, name, type);
}

static void put_escaped(const struct page *p, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            (void)fputs("\\n", p->out);
            continue;
        }
        if (*text == '\\' || *text == '"') {
            (void)fputc('\\', p->out);
        }
        (void)fputc(*text, p->out);
    }
}

static void put_label(const struct page *p, struct label label)
{
    if (label.value != NULL) {
        (void)fprintf(p->out, ",%s=\"", label.name);
        put_escaped(p, label.value);
        (void)fputc('"', p->out);
    }
}

static void begin_sample(const struct page *p, const char *name, const char *suffix)
{
    (void)fprintf(p->out, PREFIX "%s%s{daemon=\"", name, suffix);
    put_escaped(p, p->daemon);
    (void)fputc('"', p->out);
}

static void end_sample(const struct page *p, uint64_t value)
{
    (void)fprintf(p->out, "} %" PRIu64 "\n", value);
}

static const char *direction_word(ddns_direction direction)
{
    return direction == DDNS_FORWARD ? "forward" : "reverse";
}

static const char *transport_word(ddns_transport transport)
{
    return transport == DDNS_TCP ? "tcp" : "udp";
}

static void put_zone(const struct page *p, ddns_direction direction, const char *zone)
{
    put_label(p, (struct label){ "direction", direction_word(direction) });
    put_label(p, (struct label){ "zone", zone });
}

static void put_server(const struct page *p, const char *server, ddns_transport transport)
{
    put_label(p, (struct label){ "server", server });
    put_label(p, (struct label){ "transport", transport_word(transport) });
}

static void put_traffic(const struct page *p, const ddns_traffic *t)
{
    put_zone(p, t->direction, t->zone);
    put_server(p, t->server, t->transport);
    put_label(p, (struct label){ "key", t->key });
}

/* ---- of a zone and a server --------------------------------------------------- */

static void traffic_sample(const struct page *p, const char *name, const ddns_traffic *t,
                           struct label label, uint64_t value)
{
    begin_sample(p, name, "");
    put_traffic(p, t);
    put_label(p, label);
    end_sample(p, value);
}

static void write_counter(const struct page *p, const ddns_statistics *s,
                          ddns_counter counter)
{
    char name[64];

    (void)snprintf(name, sizeof name, "%s_total", ddns_counter_name(counter));
    for (char *dash = strchr(name, '-'); dash != NULL; dash = strchr(dash, '-')) {
        *dash = '_';
    }
    begin_metric(p, name, "counter", ddns_counter_meaning(counter));
    for (size_t i = 0; i < s->traffic_count; i++) {
        traffic_sample(p, name, &s->traffic[i], no_label, s->traffic[i].counts[counter]);
    }
}

static void write_in_flight(const struct page *p, const ddns_statistics *s)
{
    begin_metric(p, "in_flight", "gauge", "Updates that wait for an answer.");
    for (size_t i = 0; i < s->traffic_count; i++) {
        traffic_sample(p, "in_flight", &s->traffic[i], no_label,
                       ddns_traffic_in_flight(&s->traffic[i]));
    }
}

static void rcode_samples(const struct page *p, const ddns_traffic *t)
{
    for (unsigned rcode = 0; rcode < DDNS_RCODES; rcode++) {
        const char *text = rcode < DDNS_RCODES - 1 ? ddns_rcode_text(rcode) : "other";

        if (t->rcodes[rcode] != 0) {
            traffic_sample(p, "answers_total", t, (struct label){ "rcode", text },
                           t->rcodes[rcode]);
        }
    }
}

static void write_rcodes(const struct page *p, const ddns_statistics *s)
{
    begin_metric(p, "answers_total", "counter", "Answers to updates, by RCODE.");
    for (size_t i = 0; i < s->traffic_count; i++) {
        rcode_samples(p, &s->traffic[i]);
    }
}

static void verdict_samples(const struct page *p, const ddns_traffic *t)
{
    for (unsigned v = 0; v < DDNS_VERDICTS; v++) {
        const char *text = ddns_verdict_name((ddns_verdict)v);

        if (t->verdicts[v] != 0) {
            traffic_sample(p, "tsig_failures_total", t, (struct label){ "verdict", text },
                           t->verdicts[v]);
        }
    }
}

static void write_verdicts(const struct page *p, const ddns_statistics *s)
{
    begin_metric(
        p, "tsig_failures_total", "counter",
        "Answers to updates whose TSIG, or the server's word of ours, is wrong.");
    for (size_t i = 0; i < s->traffic_count; i++) {
        verdict_samples(p, &s->traffic[i]);
    }
}

/* ---- histograms ----------------------------------------------------------------- */

/** A histogram of ddns_traffic, and how many of its units make one of Prometheus'. */
struct scale {
    const char *name;
    const char *meaning;
    size_t offset;
    uint32_t units;
};

/* A decimal fraction, without a locale's comma and without zeros at its end. */
static void number_text(uint64_t value, uint32_t units, char text[32])
{
    size_t len;

    (void)snprintf(text, 32, "%" PRIu64, value / units);
    if (value % units == 0) {
        return;
    }
    len = strlen(text);
    (void)snprintf(text + len, 32 - len, ".%03" PRIu64, value % units);
    for (len = strlen(text); text[len - 1] == '0'; len--) {
        text[len - 1] = '\0';
    }
}

static void histogram_samples(const struct page *p, const struct scale *scale,
                              const ddns_traffic *t)
{
    const ddns_histogram *h = (const ddns_histogram *)((const char *)t + scale->offset);
    uint64_t count = 0;
    char text[32];

    for (size_t i = 0; i <= h->bound_count; i++) {
        count += h->counts[i];
        (void)snprintf(text, sizeof text, "+Inf");
        if (i < h->bound_count) {
            number_text(h->bounds[i], scale->units, text);
        }
        begin_sample(p, scale->name, "_bucket");
        put_traffic(p, t);
        put_label(p, (struct label){ "le", text });
        end_sample(p, count);
    }
    number_text(h->sum, scale->units, text);
    begin_sample(p, scale->name, "_sum");
    put_traffic(p, t);
    (void)fprintf(p->out, "} %s\n", text);
    begin_sample(p, scale->name, "_count");
    put_traffic(p, t);
    end_sample(p, count);
}

static void write_histograms(const struct page *p, const ddns_statistics *s)
{
    static const struct scale scales[] = {
        { "batch_size", "Changes in an update.", offsetof(ddns_traffic, batch), 1 },
        { "round_trip_seconds", "From an update to its answer.",
          offsetof(ddns_traffic, round_trip), MS_PER_S },
        { "latency_seconds", "From a lease's wish to the NOERROR for its record.",
          offsetof(ddns_traffic, latency), MS_PER_S },
    };

    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++) {
        begin_metric(p, scales[k].name, "histogram", scales[k].meaning);
        for (size_t i = 0; i < s->traffic_count; i++) {
            histogram_samples(p, &scales[k], &s->traffic[i]);
        }
    }
}

/* ---- of zones, servers and the whole ------------------------------------------- */

static void write_zones(const struct page *p, const ddns_statistics *s)
{
    begin_metric(p, "backlog", "gauge", "Leases with a change that has not left yet.");
    for (size_t i = 0; i < s->zone_count; i++) {
        begin_sample(p, "backlog", "");
        put_zone(p, s->zones[i].direction, s->zones[i].zone);
        end_sample(p, s->zones[i].backlog);
    }
}

static void server_sample(const struct page *p, const char *name,
                          const ddns_server_health *server, struct label label,
                          uint64_t value)
{
    begin_sample(p, name, "");
    put_server(p, server->server, server->transport);
    put_label(p, label);
    end_sample(p, value);
}

static void write_servers(const struct page *p, const ddns_statistics *s)
{
    begin_metric(p, "server_up", "gauge", "1, or 0 while the server does not answer.");
    for (size_t i = 0; i < s->server_count; i++) {
        server_sample(p, "server_up", &s->servers[i], no_label, s->servers[i].up);
    }
    begin_metric(p, "connects_total", "counter",
                 "Attempts to connect, by what came of it.");
    for (size_t i = 0; i < s->server_count; i++) {
        const ddns_server_health *server = &s->servers[i];

        server_sample(p, "connects_total", server, (struct label){ "result", "success" },
                      server->connected);
        server_sample(p, "connects_total", server, (struct label){ "result", "timeout" },
                      server->connect_late);
        server_sample(p, "connects_total", server, (struct label){ "result", "error" },
                      server->unconnected);
    }
}

static void write_total(const struct page *p, const char *name, const char *type,
                        const char *meaning, uint64_t value)
{
    begin_metric(p, name, type, meaning);
    begin_sample(p, name, "");
    end_sample(p, value);
}

void ddns_prometheus_write(const ddns_statistics *statistics, const char *daemon,
                           FILE *out)
{
    const struct page p = { out, daemon };
    const ddns_stats *totals = &statistics->totals;

    for (unsigned i = 0; i < DDNS_COUNTERS; i++) {
        write_counter(&p, statistics, (ddns_counter)i);
    }
    write_in_flight(&p, statistics);
    write_rcodes(&p, statistics);
    write_verdicts(&p, statistics);
    write_histograms(&p, statistics);
    write_zones(&p, statistics);
    write_servers(&p, statistics);
    write_total(&p, "leases", "gauge", "Leases that are known.", totals->bindings);
    write_total(&p, "unsettled_leases", "gauge",
                "Leases of which DNS does not yet say what is wanted.",
                totals->unsettled);
    write_total(&p, "ignored_answers_total", "counter",
                "Answers that were malformed, unsigned, forged or late.",
                totals->ignored);
}
