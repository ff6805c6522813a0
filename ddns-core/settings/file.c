/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Read up to @p size bytes; -1 with errno on failure. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
    size_t len = 0;
    ssize_t got = 1;

    while (len < size && got > 0) {
        got = read(fd, bytes + len, size - len);
        if (got < 0 && errno == EINTR) {
            got = 1;
        } else if (got < 0) {
            return -1;
        } else {
            len += (size_t)got;
        }
    }
    return (ssize_t)len;
}

static const char *read_regular(int fd, size_t max, const char *too_large,
                                struct text *text)
{
    struct stat about;
    ssize_t got;
    size_t room;

    if (fstat(fd, &about) != 0) {
        return strerror(errno);
    }
    if (!S_ISREG(about.st_mode)) {
        return "not a regular file";
    }
    if (about.st_size < 0 || (size_t)about.st_size > max) {
        return too_large;
    }
    room = (size_t)about.st_size + 1; /* one more, to see that it grew */
    text->bytes = malloc(room + 1);
    if (text->bytes == NULL) {
        return strerror(ENOMEM);
    }
    got = read_all(fd, text->bytes, room);
    if (got < 0) {
        return strerror(errno);
    }
    text->len = (size_t)got;
    text->bytes[text->len] = '\0';
    return text->len < room ? NULL : "it grew while it was read";
}

const char *file_read(const char *path, size_t max, const char *too_large,
                      struct text *out_text)
{
    struct text text = { NULL, 0 };
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    const char *why = fd < 0 ? strerror(errno) : read_regular(fd, max, too_large, &text);

    if (fd >= 0) {
        (void)close(fd);
    }
    if (why != NULL) {
        text_wipe(&text);
        return why;
    }
    *out_text = text;
    return NULL;
}

void text_wipe(struct text *text)
{
    if (text->bytes != NULL) {
        explicit_bzero(text->bytes, text->len);
    }
    free(text->bytes);
    *text = (struct text){ NULL, 0 };
}
