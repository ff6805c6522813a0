/* SPDX-License-Identifier: MPL-2.0 */

/*
 * However a stream is split on its way, the messages cut out of it are those that
 * stand in it one after another, and there is always room to read on.
 *
 * The first octet of the input is the length of the pieces, the rest the stream.
 */
#include <string.h>

#include "fuzz.h"
#include "transport/frame.h"

/* The message that stands at the front of the stream, by the letter of RFC 1035. */
static struct ddns_bytes take_expected(struct ddns_bytes *stream)
{
    size_t len = ((size_t)stream->data[0] << 8) | stream->data[1];
    struct ddns_bytes message = { stream->data + 2, len };

    must(stream->len >= 2 + len);
    stream->data += 2 + len;
    stream->len -= 2 + len;
    return message;
}

static bool has_whole_message(struct ddns_bytes stream)
{
    return stream.len >= 2 &&
           stream.len - 2 >= (((size_t)stream.data[0] << 8) | stream.data[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ddns_frames f;
    size_t piece = size == 0 ? 1 : (size_t)data[0] + 1;
    struct ddns_bytes expected = { data + 1, 0 }; /* read, but not yet cut out */
    struct ddns_bytes message;

    ddns_frames_init(&f);
    for (size_t pos = 1; pos < size;) {
        struct ddns_frame_room room = ddns_frames_room(&f);
        size_t len = size - pos < piece ? size - pos : piece;

        must(room.len > 0);
        len = len < room.len ? len : room.len;
        memcpy(room.data, data + pos, len);
        ddns_frames_filled(&f, len);
        pos += len;
        expected.len += len;
        while (ddns_frames_next(&f, &message)) {
            struct ddns_bytes wanted = take_expected(&expected);

            must(message.len == wanted.len);
            must(memcmp(message.data, wanted.data, wanted.len) == 0);
        }
        must(!has_whole_message(expected));
    }
    return 0;
}
