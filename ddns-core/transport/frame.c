/* SPDX-License-Identifier: MPL-2.0 */
#include "transport/frame.h"

#include <string.h>

void ddns_frames_init(struct ddns_frames *f)
{
    f->begin = 0;
    f->end = 0;
}

struct ddns_frame_room ddns_frames_room(struct ddns_frames *f)
{
    size_t kept = f->end - f->begin;

    if (f->begin > 0) {
        memmove(f->octets, f->octets + f->begin, kept);
        f->begin = 0;
        f->end = kept;
    }
    return (struct ddns_frame_room){ f->octets + kept, sizeof f->octets - kept };
}

void ddns_frames_filled(struct ddns_frames *f, size_t len)
{
    size_t room = sizeof f->octets - f->end;

    f->end += len < room ? len : room;
}

bool ddns_frames_next(struct ddns_frames *f, struct ddns_bytes *out_message)
{
    const uint8_t *frame = f->octets + f->begin;
    size_t have = f->end - f->begin;

    if (have < DDNS_FRAME_PREFIX) {
        return false;
    }
    size_t len = ((size_t)frame[0] << 8) | frame[1];

    if (len > have - DDNS_FRAME_PREFIX) {
        return false;
    }
    out_message->data = frame + DDNS_FRAME_PREFIX;
    out_message->len = len;
    f->begin += DDNS_FRAME_PREFIX + len;
    return true;
}
