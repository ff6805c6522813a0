/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <time.h>

#include "bench/codec.h"

struct ours {
    struct ddns_name zone;
    struct ddns_tsig_key *key;
    struct ddns_update update;
    struct ddns_subject subjects[];
};

static void *begin(const struct codec_task *task)
{
    struct ours *o = codec_room(sizeof *o + task->count * sizeof *o->subjects);

    bench_must(BENCH_FORWARD, ddns_name_parse(BENCH_FORWARD, &o->zone));
    o->key = bench_key(CODEC_KEY_NAME, task->secret);
    return o;
}

/* The subjects are filled for each message, as the engine does. */
static size_t make(void *state, const struct codec_task *task, uint8_t *out)
{
    struct ours *o = state;
    struct ddns_mac mac;

    for (size_t i = 0; i < task->count; i++) {
        bench_subject_fill(&o->subjects[i], &task->claims[i], DDNS_ADD_FORWARD);
    }
    bench_must("ours", ddns_request_build(&o->update, out, DDNS_MESSAGE_MAX, task->id,
                                          &o->zone, o->subjects, task->count));
    bench_must("ours", ddns_tsig_sign(&o->update.w, o->key, (uint64_t)time(NULL), &mac));
    return o->update.w.len;
}

static void end(void *state)
{
    struct ours *o = state;

    ddns_tsig_key_free(o->key);
    free(o);
}

const struct codec_party codec_ours = { "ours", begin, make, end };
