/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Drives the engine with a script in virtual time.
 *
 *     run_scenario FILE
 *
 * What it is told, before the first "at":
 *     server LETTER [udp]
 *     zone forward|reverse NAME LETTER...
 *     durable
 *     mixed                         the families share names
 * What happens:
 *     at MS                         let time pass up to then
 *     set|resume|clear ADDRESS NAME CLIENT [ttl SECONDS] [no-check|check-exists]
 *     restore ADDRESS NAME CLIENT   a row of the ledger, confirmed
 *     restore-unsure ...            the same, not confirmed
 *                                   a CLIENT is a number, or duid: and a number
 *     stray ADDRESS NAME CLIENT     found in DNS, and no lease wants it
 *     retell ADDRESS                DNS may not have what it was told
 *     walk [afresh] [FIRST LAST]    the lease database is about to be read
 *     walk-end [failed]             it has been read
 *     ledger on|off|anew            it keeps what is told from now on, or no longer
 *     open LETTER                   its newest link is open
 *     lose LETTER [refused|closed]  its newest link is gone
 *     answer LETTER RCODE [wrong-id|wrong-zone|a-request|truncated]
 *                                   to the oldest update that waits for one
 *     reply LETTER RCODE [CLIENT|NAME|ADDRESS]... [truncated]
 *                                   to the oldest query, with these records
 *     committed                     the oldest commit is durable
 * What must come of it, each line the next thing that the engine asks for:
 *     expect connect|send|ask|close|commit|tell ...
 *     settled                       DNS says all that is wanted
 * An output that is not expected before the next happening fails the script.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "scenario/describe.h"
#include "scenario/model_server.h"
#include "support/dhcid.h"

enum {
    SERVERS_MAX = 4,
    ZONES_MAX = 4,
    WORDS_MAX = 12,
    OUTPUTS_MAX = 256,
    REPLY_MAX = 4,
    TEXT_MAX = 4096,
    SENT_MAX = 256,
};

struct sent {
    unsigned server;
    ddns_link link;
    bool answered;
    uint8_t bytes[2048];
    size_t len;
};

struct play {
    const char *file;
    unsigned line;
    uint64_t now;
    uint32_t dice;
    struct ddns_endpoint endpoints[SERVERS_MAX];
    struct ddns_zone_server zone_servers[ZONES_MAX][SERVERS_MAX];
    struct ddns_zone zone_list[ZONES_MAX];
    uint32_t order[ZONES_MAX];
    struct ddns_zones zones;
    bool durable;
    bool mixed;
    struct ddns_engine *engine;
    ddns_link links[SERVERS_MAX];
    char outputs[OUTPUTS_MAX][TEXT_MAX];
    size_t output_count;
    size_t output_next;
    struct sent sent[SENT_MAX];
    size_t sent_count;
    uint64_t commits_seen;
    uint64_t commits_done;
};

static void fail(const struct play *p, const char *what, const char *more)
{
    (void)fprintf(stderr, "%s:%u: %s%s\n", p->file, p->line, what, more);
    exit(1);
}

static uint32_t count_up(void *user)
{
    struct play *p = user;

    return ++p->dice;
}

static struct ddns_now now_of(const struct play *p)
{
    return (struct ddns_now){ p->now, 1700000000 + p->now / 1000 };
}

static struct ddns_name name_of(const struct play *p, const char *text)
{
    struct ddns_name name;

    if (ddns_name_parse(text, &name) != DDNS_OK) {
        fail(p, "not a name: ", text);
    }
    return name;
}

static unsigned server_of(const struct play *p, const char *word)
{
    unsigned index = word == NULL ? SERVERS_MAX : (unsigned)(word[0] - 'a');

    if (index >= p->zones.endpoint_count) {
        fail(p, "no such server: ", word == NULL ? "" : word);
    }
    return index;
}

/* ---- what the engine asks for, in words ----------------------------------- */

static const char *const event_words[] = {
    [DDNS_EVENT_ADDED] = "added",
    [DDNS_EVENT_REMOVED] = "removed",
    [DDNS_EVENT_CONFLICT] = "conflict",
    [DDNS_EVENT_REFUSED] = "refused",
    [DDNS_EVENT_SERVER_DOWN] = "server-down",
    [DDNS_EVENT_SERVER_UP] = "server-up",
    [DDNS_EVENT_ZONE_DOWN] = "zone-down",
    [DDNS_EVENT_ZONE_UP] = "zone-up",
};

static char server_letter(const ddns_event *event)
{
    static const char letters[] = "abcd";
    const char *port = event->server == NULL ? NULL : strchr(event->server, '#');

    if (port == NULL) {
        return '-';
    }
    return letters[(strtoul(port + 1, NULL, 10) - 1) % SERVERS_MAX];
}

static void word_event(const ddns_event *event, char *out)
{
    const char *word = event_words[event->kind];
    char address[DDNS_ADDRESS_TEXT_MAX];

    if (event->address != NULL) {
        ddns_address_text(event->address, address);
        (void)snprintf(out, TEXT_MAX, "tell %s %s %s %s", word,
                       event->direction == DDNS_FORWARD ? "forward" : "reverse", address,
                       event->fqdn);
    } else if (event->zone != NULL) {
        (void)snprintf(out, TEXT_MAX, "tell %s %s %c %s", word, event->zone,
                       server_letter(event), ddns_rcode_text(event->rcode));
    } else {
        (void)snprintf(out, TEXT_MAX, "tell %s %c: %s", word, server_letter(event),
                       ddns_strerror(event->error));
    }
}

static void word_row(const struct ddns_row *row, char *out)
{
    char address[DDNS_ADDRESS_TEXT_MAX];
    char name[DDNS_NAME_TEXT_MAX] = "";

    ddns_address_text(&row->address, address);
    if (row->directions & DDNS_FORWARD) {
        ddns_name_text(&row->fqdn, name);
    }
    (void)snprintf(out, TEXT_MAX, "commit %s %s%s", address,
                   row->directions == 0 ? "gone" : name,
                   row->directions == 0 ? ""
                   : row->confirmed     ? " sure"
                                        : " unsure");
}

static void word_message(struct ddns_bytes message, char letter, char *out)
{
    bool query = model_is_query(message);
    int len = snprintf(out, TEXT_MAX, "%s %c ", query ? "ask" : "send", letter);

    if (query) {
        describe_query(message, out + len, TEXT_MAX - (size_t)len);
    } else {
        describe_update(message, out + len, TEXT_MAX - (size_t)len);
    }
}

static void keep_sent(struct play *p, const struct ddns_action *act, unsigned server)
{
    struct sent *s = &p->sent[p->sent_count++];

    if (p->sent_count == SENT_MAX || act->message.len > sizeof s->bytes) {
        fail(p, "too much is sent for a scenario", "");
    }
    s->server = server;
    s->link = act->link;
    s->len = act->message.len;
    memcpy(s->bytes, act->message.data, act->message.len);
}

/* Nothing that was sent on @p link will be answered any more. */
static void forget_sent(struct play *p, ddns_link link)
{
    for (size_t i = 0; i < p->sent_count; i++) {
        p->sent[i].answered = p->sent[i].answered || p->sent[i].link == link;
    }
}

static void take(struct play *p, const struct ddns_action *act)
{
    char *out = p->outputs[p->output_count++];
    unsigned server = 0;

    if (p->output_count == OUTPUTS_MAX) {
        fail(p, "too much happens for a scenario", "");
    }
    while (server + 1 < SERVERS_MAX && p->links[server] != act->link) {
        server++;
    }
    switch (act->kind) {
    case DDNS_DO_CONNECT:
        p->links[act->endpoint] = act->link;
        (void)snprintf(out, TEXT_MAX, "connect %c %s", (char)('a' + act->endpoint),
                       act->transport == DDNS_UDP ? "udp" : "tcp");
        break;
    case DDNS_DO_SEND:
        word_message(act->message, (char)('a' + server), out);
        keep_sent(p, act, server);
        break;
    case DDNS_DO_CLOSE:
        (void)snprintf(out, TEXT_MAX, "close %c", (char)('a' + server));
        forget_sent(p, act->link);
        break;
    case DDNS_DO_COMMIT:
        p->commits_seen = act->commit;
        word_row(act->rows, out);
        break;
    case DDNS_DO_TELL:
        word_event(act->event, out);
        break;
    }
}

static void pump(struct play *p)
{
    struct ddns_action act;

    while (ddns_engine_next(p->engine, now_of(p), &act)) {
        take(p, &act);
    }
}

static void pass(struct play *p, uint64_t until)
{
    while (ddns_engine_deadline(p->engine) <= until) {
        uint64_t due = ddns_engine_deadline(p->engine);

        p->now = due > p->now ? due : p->now;
        ddns_engine_on_tick(p->engine, now_of(p));
        pump(p);
    }
    p->now = until;
    ddns_engine_on_tick(p->engine, now_of(p));
}

/* ---- the words of a script ------------------------------------------------- */

static void do_server(struct play *p, char **w)
{
    struct ddns_endpoint *e = &p->endpoints[p->zones.endpoint_count++];

    if (w[1] == NULL || w[1][0] != (char)('a' + p->zones.endpoint_count - 1)) {
        fail(p, "servers are called a, b, c, d in turn", "");
    }
    e->address = (ddns_address){ { 192, 0, 2, 53 }, 4 };
    e->port = (uint16_t)p->zones.endpoint_count;
    e->transport = w[2] != NULL && strcmp(w[2], "udp") == 0 ? DDNS_UDP : DDNS_TCP;
}

static void do_zone(struct play *p, char **w)
{
    size_t index = p->zones.zone_count++;
    struct ddns_zone *z = &p->zone_list[index];

    if (w[1] == NULL || w[2] == NULL || w[3] == NULL) {
        fail(p, "zone forward|reverse NAME LETTER...", "");
    }
    z->direction = strcmp(w[1], "forward") == 0 ? DDNS_FORWARD : DDNS_REVERSE;
    z->name = name_of(p, w[2]);
    z->servers = p->zone_servers[index];
    for (char **letter = &w[3]; *letter != NULL; letter++) {
        p->zone_servers[index][z->count++].endpoint = server_of(p, *letter);
    }
    ddns_zones_put_in_order(&p->zones, index, p->order);
    p->zones.order_count++;
}

/* As a row that says what the wish says. */
static struct ddns_row row_of(const struct ddns_wish *wish)
{
    return (struct ddns_row){ .address = wish->address,
                              .directions = wish->directions,
                              .fqdn = wish->fqdn,
                              .ptr = wish->fqdn,
                              .dhcid = wish->dhcid,
                              .has_dhcid = wish->has_dhcid,
                              .confirmed = true,
                              .mode = wish->mode,
                              .ttl = wish->ttl };
}

/* The DHCID that the client in @p word, known by hardware address or DUID, has there. */
static struct ddns_dhcid dhcid_for(const char *word, const struct ddns_name *fqdn)
{
    bool duid = strncmp(word, "duid:", 5) == 0;
    uint8_t number = (uint8_t)strtoul(duid ? word + 5 : word, NULL, 10);
    uint8_t client[] = { 1, 2, 0, 0, 0, 0, number };
    ddns_identity id = { duid ? DDNS_ID_DUID : DDNS_ID_HWADDR, client, sizeof client };

    return dhcid_of(&id, fqdn);
}

static bool is_wish(const char *word)
{
    static const char *const wishes[] = { "set",     "resume",         "clear",
                                          "restore", "restore-unsure", "stray" };

    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        if (strcmp(word, wishes[i]) == 0) {
            return true;
        }
    }
    return false;
}

static ddns_error express(struct play *p, const char *word, const struct ddns_wish *wish)
{
    struct ddns_row row = row_of(wish);

    if (strcmp(word, "set") == 0) {
        return ddns_engine_set(p->engine, wish);
    }
    if (strcmp(word, "resume") == 0) {
        return ddns_engine_resume(p->engine, wish);
    }
    if (strcmp(word, "restore-unsure") == 0) {
        row.confirmed = false;
    }
    if (strncmp(word, "restore", 7) == 0) {
        return ddns_engine_restore(p->engine, &row);
    }
    if (strcmp(word, "stray") == 0) {
        return ddns_engine_remove_stray(p->engine, wish);
    }
    return ddns_engine_clear(p->engine, wish);
}

static void do_wish(struct play *p, char **w)
{
    struct ddns_wish wish = { .ttl = 600, .has_dhcid = true };
    ddns_error error;

    if (w[1] == NULL || w[2] == NULL || w[3] == NULL ||
        ddns_address_parse(w[1], &wish.address) != DDNS_OK) {
        fail(p, "a wish has ADDRESS NAME CLIENT", "");
    }
    wish.fqdn = name_of(p, w[2]);
    for (char **more = &w[4]; *more != NULL; more++) {
        if (strcmp(*more, "no-check") == 0) {
            wish.mode = DDNS_NO_CHECK_WITH_DHCID;
        } else if (strcmp(*more, "check-exists") == 0) {
            wish.mode = DDNS_CHECK_EXISTS_WITH_DHCID;
        } else if (strcmp(*more, "ttl") == 0 && more[1] != NULL) {
            wish.ttl = (uint32_t)strtoul(*++more, NULL, 10);
        } else {
            fail(p, "no such word: ", *more);
        }
    }
    for (size_t i = 0; i < p->zones.zone_count; i++) {
        wish.directions |= p->zone_list[i].direction;
    }
    wish.dhcid = dhcid_for(w[3], &wish.fqdn);
    error = express(p, w[0], &wish);
    if (error != DDNS_OK) {
        fail(p, "not taken: ", ddns_strerror(error));
    }
}

/* The first update, or query, that the server has not answered. */
static struct sent *oldest(struct play *p, unsigned server, bool query)
{
    for (size_t i = 0; i < p->sent_count; i++) {
        struct sent *s = &p->sent[i];

        if (s->server == server && !s->answered &&
            model_is_query((struct ddns_bytes){ s->bytes, s->len }) == query) {
            return s;
        }
    }
    fail(p, "nothing waits for an answer", "");
    return NULL;
}

static unsigned rcode_of(const struct play *p, const char *word)
{
    for (unsigned rcode = 0; rcode < 16; rcode++) {
        if (word != NULL && strcmp(ddns_rcode_text(rcode), word) == 0) {
            return rcode;
        }
    }
    fail(p, "no such RCODE: ", word == NULL ? "" : word);
    return 0;
}

/* Where the zone section of @p message ends. */
static size_t zone_end(const uint8_t *message, size_t len)
{
    struct ddns_reader r = ddns_reader_of((struct ddns_bytes){ message, len });
    struct ddns_header header;
    struct ddns_question zone;

    ddns_read_header(&r, &header);
    ddns_read_question(&r, &zone);
    return r.pos;
}

static void do_answer(struct play *p, char **w)
{
    struct sent *s = oldest(p, server_of(p, w[1]), false);
    const char *flaw = w[2] == NULL || w[3] == NULL ? "" : w[3];
    uint8_t answer[2048];

    memcpy(answer, s->bytes, s->len);
    answer[2] |= 0x80;
    answer[3] = (uint8_t)((answer[3] & 0xf0) | rcode_of(p, w[2]));
    memset(answer + 6, 0, 6); /* only the zone section comes back */
    if (strcmp(flaw, "wrong-id") == 0) {
        answer[1] ^= 1;
    } else if (strcmp(flaw, "wrong-zone") == 0) {
        answer[DDNS_HEADER_LEN + 1] ^= 1;
    } else if (strcmp(flaw, "a-request") == 0) {
        answer[2] &= 0x7f;
    } else if (strcmp(flaw, "truncated") == 0) {
        answer[2] |= 0x02;
    }
    s->answered = *flaw == '\0' || strcmp(flaw, "truncated") == 0;
    ddns_engine_on_message(p->engine, s->link,
                           (struct ddns_bytes){ answer, zone_end(answer, s->len) },
                           now_of(p));
}

/* The DHCID of a client at @p name, or where its PTR leads. */
static struct model_record record_for(const struct play *p, const struct ddns_name *name,
                                      uint16_t type, const char *value)
{
    struct model_record record = { .type = type };
    struct ddns_name target;
    ddns_address address;
    struct ddns_dhcid dhcid;

    if (type == DDNS_TYPE_PTR) {
        target = name_of(p, value);
        record.len = target.len;
        memcpy(record.rdata, target.wire, target.len);
    } else if (type == DDNS_TYPE_DHCID) {
        dhcid = dhcid_for(value, name);
        record.len = DDNS_DHCID_LEN;
        memcpy(record.rdata, dhcid.rdata, DDNS_DHCID_LEN);
    } else if (ddns_address_parse(value, &address) == DDNS_OK) {
        record.len = address.len;
        memcpy(record.rdata, address.bytes, address.len);
    } else {
        fail(p, "not what was asked for: ", value);
    }
    return record;
}

static void do_reply(struct play *p, char **w)
{
    struct sent *s = oldest(p, server_of(p, w[1]), true);
    struct ddns_bytes query = { s->bytes, s->len };
    struct ddns_reader r = ddns_reader_of(query);
    uint8_t answer[MODEL_ANSWER_MAX];
    struct model_record records[REPLY_MAX];
    struct ddns_header header;
    struct ddns_question question;
    bool truncated = false;
    size_t count = 0;
    size_t len;

    ddns_read_header(&r, &header);
    ddns_read_question(&r, &question);
    for (char **word = &w[3]; w[2] != NULL && *word != NULL && count < REPLY_MAX;
         word++) {
        truncated = strcmp(*word, "truncated") == 0;
        if (!truncated) {
            records[count++] = record_for(p, &question.name, question.type, *word);
        }
    }
    len = model_answer_with(query, rcode_of(p, w[2]), records, count, answer);
    answer[2] |= truncated ? 0x02 : 0;
    s->answered = true;
    ddns_engine_on_message(p->engine, s->link, (struct ddns_bytes){ answer, len },
                           now_of(p));
}

static void do_lose(struct play *p, char **w)
{
    unsigned server = server_of(p, w[1]);
    bool refused = w[2] != NULL && strcmp(w[2], "refused") == 0;

    forget_sent(p, p->links[server]);
    ddns_engine_on_lost(p->engine, p->links[server],
                        refused ? DDNS_E_REFUSED : DDNS_E_CLOSED, now_of(p));
}

static void do_settled(struct play *p)
{
    ddns_stats stats;

    ddns_engine_stats(p->engine, &stats);
    if (stats.unsettled != 0 || stats.in_flight != 0) {
        fail(p, "not settled", "");
    }
}

static void expect(struct play *p, const char *text)
{
    if (p->output_next == p->output_count) {
        fail(p, "nothing more happens; expected: ", text);
    }
    if (strcmp(p->outputs[p->output_next], text) != 0) {
        (void)fprintf(stderr, "expected: %s\nhappened: %s\n", text,
                      p->outputs[p->output_next]);
        fail(p, "something else happened", "");
    }
    p->output_next++;
}

static void make_durable(struct play *p, const char *word)
{
    enum ddns_durability how = strcmp(word, "on") == 0     ? DDNS_DURABLE
                               : strcmp(word, "anew") == 0 ? DDNS_DURABLE_ANEW
                                                           : DDNS_NOT_DURABLE;

    if (ddns_engine_set_durable(p->engine, how) != DDNS_OK) {
        fail(p, "no memory", "");
    }
    p->commits_done = p->commits_seen;
}

static void do_walk(struct play *p, char **w)
{
    ddns_range range = { { { 0 }, 4 }, { { 255, 255, 255, 255 }, 4 } };
    bool afresh = w[1] != NULL && strcmp(w[1], "afresh") == 0;
    char **ends = afresh ? &w[2] : &w[1];

    if (ends[0] != NULL && ends[1] != NULL &&
        (ddns_address_parse(ends[0], &range.first) != DDNS_OK ||
         ddns_address_parse(ends[1], &range.last) != DDNS_OK)) {
        fail(p, "walk [afresh] [FIRST LAST]", "");
    }
    ddns_engine_walk_begin(p->engine, &range, afresh);
}

static void do_retell(struct play *p, char **w)
{
    ddns_address address;

    if (w[1] == NULL || ddns_address_parse(w[1], &address) != DDNS_OK) {
        fail(p, "retell ADDRESS", "");
    }
    ddns_engine_retell(p->engine, &address);
}

static void begin(struct play *p)
{
    struct ddns_engine_config config = { .zones = &p->zones,
                                         .answer_timeout_ms = 2000,
                                         .mixed = p->mixed,
                                         .random = count_up,
                                         .random_user = p };

    if (ddns_engine_new(&config, &p->engine) != DDNS_OK) {
        fail(p, "no memory", "");
    }
    if (p->durable) {
        make_durable(p, "on");
    }
}

static void happen(struct play *p, char **w)
{
    if (p->output_next != p->output_count) {
        fail(p, "not expected: ", p->outputs[p->output_next]);
    }
    p->output_next = p->output_count = 0;
    if (p->engine == NULL) {
        begin(p);
    }
    if (strcmp(w[0], "at") == 0 && w[1] != NULL) {
        pass(p, strtoull(w[1], NULL, 10));
    } else if (is_wish(w[0])) {
        do_wish(p, w);
    } else if (strcmp(w[0], "retell") == 0) {
        do_retell(p, w);
    } else if (strcmp(w[0], "walk") == 0) {
        do_walk(p, w);
    } else if (strcmp(w[0], "walk-end") == 0) {
        ddns_engine_walk_end(p->engine, w[1] == NULL);
    } else if (strcmp(w[0], "ledger") == 0 && w[1] != NULL) {
        make_durable(p, w[1]);
    } else if (strcmp(w[0], "open") == 0) {
        ddns_engine_on_open(p->engine, p->links[server_of(p, w[1])], now_of(p));
    } else if (strcmp(w[0], "lose") == 0) {
        do_lose(p, w);
    } else if (strcmp(w[0], "answer") == 0) {
        do_answer(p, w);
    } else if (strcmp(w[0], "reply") == 0) {
        do_reply(p, w);
    } else if (strcmp(w[0], "committed") == 0) {
        ddns_engine_on_commit(p->engine, ++p->commits_done);
    } else {
        fail(p, "no such word: ", w[0]);
    }
    if (!is_wish(w[0])) {
        pump(p); /* wishes in a row are gathered, as from a mailbox */
    }
}

static void perform(struct play *p, char *line)
{
    char *words[WORDS_MAX + 1] = { NULL };
    char *rest = line + strcspn(line, "#\n");
    char *save = NULL;

    *rest = '\0';
    while (rest > line && rest[-1] == ' ') {
        *--rest = '\0';
    }
    if (strncmp(line, "expect ", 7) == 0) {
        pump(p);
        expect(p, line + 7 + strspn(line + 7, " "));
        return;
    }
    for (size_t i = 0; i < WORDS_MAX; i++) {
        words[i] = strtok_r(i == 0 ? line : NULL, " ", &save);
        if (words[i] == NULL) {
            break;
        }
    }
    if (words[0] == NULL) {
        return;
    }
    if (strcmp(words[0], "server") == 0) {
        do_server(p, words);
    } else if (strcmp(words[0], "zone") == 0) {
        do_zone(p, words);
    } else if (strcmp(words[0], "durable") == 0) {
        p->durable = true;
    } else if (strcmp(words[0], "mixed") == 0) {
        p->mixed = true;
    } else if (strcmp(words[0], "settled") == 0) {
        do_settled(p);
    } else {
        happen(p, words);
    }
}

int main(int argc, char **argv)
{
    static struct play play;
    FILE *f = argc == 2 ? fopen(argv[1], "re") : NULL;
    char line[TEXT_MAX];

    if (f == NULL) {
        (void)fprintf(stderr, "usage: run_scenario FILE\n");
        return 2;
    }
    play.file = argv[1];
    play.zones.zones = play.zone_list;
    play.zones.order = play.order;
    play.zones.endpoints = play.endpoints;
    while (fgets(line, sizeof line, f) != NULL) {
        play.line++;
        perform(&play, line);
    }
    if (play.output_next != play.output_count) {
        fail(&play, "not expected: ", play.outputs[play.output_next]);
    }
    (void)fclose(f);
    ddns_engine_free(play.engine);
    return 0;
}
