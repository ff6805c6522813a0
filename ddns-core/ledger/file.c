/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/schema.h"

/* The header of an SQLite file, and the page that begins with it. */
enum { HEADER = 100, APPLICATION_ID_AT = 68, FIRST_PAGE = 4096 };

/* How much of a path a sentence shows, so that there is room for what is wrong. */
enum { PATH_SHOWN = 120 };

/*
 * The files that this process holds.  Only to ask whether a file is locked means to
 * open and to close it, and closing drops the locks of the SQLite that has it open.
 */
static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER;
static struct ddns_file *held;

void ddns_file_explain(ddns_errbuf *why, const char *path, const char *format, ...)
{
    size_t len = strlen(path);
    const char *shown = len > PATH_SHOWN ? path + len - PATH_SHOWN : path;
    va_list args;
    int used = snprintf(why->text, sizeof why->text,
                        "ledger %s%s: ", shown == path ? "" : "...", shown);

    va_start(args, format);
    (void)vsnprintf(why->text + used, sizeof why->text - (size_t)used, format, args);
    va_end(args);
}

static bool explain_errno(const struct ddns_file *f, const char *what, ddns_errbuf *why)
{
    ddns_file_explain(why, f->path, "%s: %s", what, strerrordesc_np(errno));
    return false;
}

bool ddns_file_name(struct ddns_file *f, const char *path, ddns_errbuf *why)
{
    /* ":memory:" and "file:" are words of SQLite's. */
    int len = snprintf(f->path, sizeof f->path, "%s%s",
                       path[0] == '/' || path[0] == '.' ? "" : "./", path);

    f->fd = -1;
    if (len < 0 || (size_t)len >= sizeof f->path) {
        ddns_file_explain(why, path, "the path is too long");
        return false;
    }
    return true;
}

/* ---- held ------------------------------------------------------------------ */

static bool is_held(const struct stat *status)
{
    const struct ddns_file *other = held;

    while (other != NULL &&
           (other->device != status->st_dev || other->inode != status->st_ino)) {
        other = other->next;
    }
    return other != NULL;
}

static bool lock(struct ddns_file *f, ddns_errbuf *why)
{
    struct stat status;

    if (fstat(f->fd, &status) != 0) {
        return explain_errno(f, "cannot be opened", why);
    }
    if (!S_ISREG(status.st_mode)) {
        ddns_file_explain(why, f->path, "is not a file");
        return false;
    }
    if (flock(f->fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return explain_errno(f, "cannot be locked", why);
        }
        ddns_file_explain(why, f->path, "another process uses it");
        return false;
    }
    f->device = status.st_dev;
    f->inode = status.st_ino;
    if (!ddns_file_in_place(f)) { /* moved between open() and flock() */
        ddns_file_explain(why, f->path, "was replaced while it was opened");
        return false;
    }
    return true;
}

static bool hold(struct ddns_file *f, ddns_errbuf *why)
{
    struct stat status;

    if (stat(f->path, &status) == 0 && is_held(&status)) {
        ddns_file_explain(why, f->path, "this process uses it already");
        return false;
    }
    f->fd = open(f->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (f->fd < 0) {
        return explain_errno(f, "cannot be opened", why);
    }
    if (!lock(f, why)) {
        close(f->fd);
        f->fd = -1;
        return false;
    }
    f->next = held;
    held = f;
    return true;
}

bool ddns_file_hold(struct ddns_file *f, ddns_errbuf *why)
{
    bool done;

    pthread_mutex_lock(&held_lock);
    done = hold(f, why);
    pthread_mutex_unlock(&held_lock);
    return done;
}

void ddns_file_release(struct ddns_file *f)
{
    struct ddns_file **at = &held;

    if (f->fd < 0) {
        return;
    }
    pthread_mutex_lock(&held_lock);
    while (*at != f) {
        at = &(*at)->next;
    }
    *at = f->next;
    close(f->fd);
    pthread_mutex_unlock(&held_lock);
    f->fd = -1;
}

bool ddns_file_in_place(const struct ddns_file *f)
{
    struct stat status;

    return stat(f->path, &status) == 0 && status.st_dev == f->device &&
           status.st_ino == f->inode;
}

/* ---- damaged --------------------------------------------------------------- */

static bool all_zero(const uint8_t *octets, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (octets[i] != 0) {
            return false;
        }
    }
    return true;
}

bool ddns_file_is_ours(const struct ddns_file *f)
{
    uint8_t page[FIRST_PAGE] = { 0 };
    ssize_t len = pread(f->fd, page, sizeof page, 0);
    const uint8_t *id = page + APPLICATION_ID_AT;
    uint32_t application = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 |
                           (uint32_t)id[2] << 8 | (uint32_t)id[3];

    /* Zeros are what a file system leaves of a file after a loss of power. */
    return len >= 0 && (all_zero(page, HEADER) || application == DDNS_APPLICATION_ID ||
                        memmem(page, sizeof page, DDNS_SCHEMA_MARK,
                               sizeof DDNS_SCHEMA_MARK - 1) != NULL);
}

bool ddns_file_set_aside(const struct ddns_file *f, ddns_errbuf *why)
{
    /* The log first: left alone, it would be taken for that of the next ledger. */
    static const char *const beside[] = { "-wal", "-shm", "" };
    char from[sizeof f->path + sizeof "-wal"];
    char to[sizeof f->path + sizeof ".corrupt-wal"];

    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        (void)snprintf(from, sizeof from, "%s%s", f->path, beside[i]);
        (void)snprintf(to, sizeof to, "%s.corrupt%s", f->path, beside[i]);
        if (rename(from, to) == 0) {
            continue;
        }
        if (errno != ENOENT || (unlink(to) != 0 && errno != ENOENT)) {
            return explain_errno(f, "is damaged and cannot be moved away", why);
        }
    }
    return true;
}
