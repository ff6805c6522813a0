/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/codec.h"

void codec_must(const char *what, bool well)
{
    if (!well) {
        (void)fprintf(stderr, "codec: %s\n", what);
        exit(1);
    }
}

void *codec_room(size_t size)
{
    void *room = calloc(1, size);

    if (room == NULL) {
        (void)fprintf(stderr, "codec: out of memory\n");
        exit(1);
    }
    return room;
}

static bool same_record(const struct ddns_rr *a, const struct ddns_rr *b)
{
    if (!ddns_name_equal(&a->owner, &b->owner) || a->type != b->type ||
        a->klass != b->klass || a->ttl != b->ttl) {
        return false;
    }
    /* What a signature says is verified; the rest of its data is judged there, too. */
    return a->type == DDNS_TYPE_TSIG ||
           (a->rdata.len == b->rdata.len &&
            (a->rdata.len == 0 ||
             memcmp(a->rdata.data, b->rdata.data, a->rdata.len) == 0));
}

/* Read header and zone of both; the number of records that follow. */
static size_t same_front(struct ddns_reader *a, struct ddns_reader *b)
{
    struct ddns_header heads[2];
    struct ddns_question zones[2];

    ddns_read_header(a, &heads[0]);
    ddns_read_header(b, &heads[1]);
    codec_must("headers differ", ddns_reader_ok(a) && ddns_reader_ok(b) &&
                                     memcmp(&heads[0], &heads[1], sizeof *heads) == 0);
    ddns_read_question(a, &zones[0]);
    ddns_read_question(b, &zones[1]);
    codec_must("zones differ", ddns_name_equal(&zones[0].name, &zones[1].name) &&
                                   zones[0].type == zones[1].type &&
                                   zones[0].klass == zones[1].klass);
    return (size_t)heads[0].counts[DDNS_PREREQUISITE] + heads[0].counts[DDNS_UPDATE] +
           heads[0].counts[DDNS_ADDITIONAL];
}

static void verify(const struct codec_task *task, struct ddns_bytes msg)
{
    struct ddns_tsig_key *key = bench_key(CODEC_KEY_NAME, task->secret);
    struct ddns_mac nothing = { .len = 0 };
    struct ddns_tsig_result result;

    bench_must("signature",
               ddns_tsig_verify(msg, key, &nothing, (uint64_t)time(NULL), &result));
    codec_must("signature is wrong", result.verdict == DDNS_TSIG_GOOD);
    ddns_tsig_key_free(key);
}

void codec_check(const struct codec_task *task, const char *name, struct ddns_bytes ours,
                 struct ddns_bytes theirs)
{
    struct ddns_reader a = ddns_reader_of(ours);
    struct ddns_reader b = ddns_reader_of(theirs);
    struct ddns_rr records[2];
    size_t left = same_front(&a, &b);

    codec_must("not three records for each lease, and a TSIG record",
               left == 3 * task->count + 1);
    for (; left > 0; left--) {
        ddns_read_rr(&a, &records[0]);
        ddns_read_rr(&b, &records[1]);
        codec_must(name, ddns_reader_ok(&a) && ddns_reader_ok(&b) &&
                             same_record(&records[0], &records[1]));
    }
    bench_must("ours", ddns_reader_finish(&a));
    bench_must(name, ddns_reader_finish(&b));
    verify(task, ours);
    verify(task, theirs);
}
