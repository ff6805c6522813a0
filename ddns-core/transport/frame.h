/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_TRANSPORT_FRAME_H
#define DDNS_TRANSPORT_FRAME_H

#include <stdbool.h>

#include "base/bytes.h"

/* RFC 1035 section 4.2.2: two octets of length before each message. */
enum { DDNS_FRAME_PREFIX = 2, DDNS_FRAME_MAX = DDNS_FRAME_PREFIX + 65535 };

/**
 * Cuts the byte stream of a TCP connection into messages, however the stream
 * was split on its way.  Octets are read straight into it and messages are lent
 * out of it, so nothing is allocated and no length it is told is believed
 * before the octets are there.
 */
struct ddns_frames {
    size_t begin; /**< first octet that was not yet lent out */
    size_t end;
    uint8_t octets[DDNS_FRAME_MAX];
};

/** Where the next octets belong. */
struct ddns_frame_room {
    uint8_t *data;
    size_t len;
};

void ddns_frames_init(struct ddns_frames *f);

/**
 * Room to read into; ends the loan of messages.  Never empty after
 * ddns_frames_next() has returned false, because the largest frame fits.
 */
struct ddns_frame_room ddns_frames_room(struct ddns_frames *f);

/** @p len octets, at most the room's, were put there. */
void ddns_frames_filled(struct ddns_frames *f, size_t len);

/** Take the next whole message; false when more octets are needed. */
bool ddns_frames_next(struct ddns_frames *f, struct ddns_bytes *out_message);

#endif
