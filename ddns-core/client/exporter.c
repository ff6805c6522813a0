/* SPDX-License-Identifier: MPL-2.0 */
#include "client/exporter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"
#include "metrics/prometheus.h"

enum {
    INTERVAL_S = 5,
    FILE_MODE = 0644, /* node_exporter is another user */
};

struct ddns_exporter {
    struct ddns_exporter_config config;
    char *draft; /* beside the file, so that it can be renamed; not "*.prom" */
    pthread_t thread;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake;
    bool stopping;
    bool changed;
    struct ddns_exporter_news news;
};

/* ---- the file ------------------------------------------------------------------ */

struct page {
    const struct ddns_exporter *x;
    char *text;
    size_t len;
    bool whole;
};

/* In memory: the board is not kept from others for as long as a disk takes. */
static void render(void *user, const ddns_statistics *statistics)
{
    struct page *page = user;
    FILE *out = open_memstream(&page->text, &page->len);

    if (out == NULL) {
        return;
    }
    ddns_prometheus_write(statistics, page->x->config.daemon, out);
    page->whole = ferror(out) == 0;
    page->whole = fclose(out) == 0 && page->whole;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, text, len);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text += written;
        len -= (size_t)written;
    }
    return true;
}

/* Not followed by fsync(): after a crash of the machine nobody wants these numbers. */
static bool replace_file(const struct ddns_exporter *x, const struct page *page)
{
    int fd;
    bool written;

    (void)unlink(x->draft); /* of one that was killed; and nobody's symbolic link */
    fd = open(x->draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        return false;
    }
    written = fchmod(fd, FILE_MODE) == 0 && write_all(fd, page->text, page->len);
    if (close(fd) == 0 && written && rename(x->draft, x->config.path) == 0) {
        return true;
    }

    int error = errno;

    (void)unlink(x->draft);
    errno = error;
    return false;
}

static void report(struct ddns_exporter *x, bool failed, int error)
{
    bool changed;

    pthread_mutex_lock(&x->lock);
    changed = x->news.failed != failed;
    if (changed) {
        x->news.failed = failed;
        x->changed = true;
        (void)snprintf(x->news.why, sizeof x->news.why, "%s: %s", x->config.path,
                       strerror(error));
    }
    pthread_mutex_unlock(&x->lock);
    if (changed) {
        x->config.on_change(x->config.user);
    }
}

static void write_file(struct ddns_exporter *x)
{
    struct page page = { .x = x };

    if (ddns_board_study(x->config.board, render, &page) != DDNS_OK || !page.whole) {
        report(x, true, ENOMEM);
    } else if (!replace_file(x, &page)) {
        report(x, true, errno);
    } else {
        report(x, false, 0);
    }
    free(page.text);
}

/* ---- the thread ---------------------------------------------------------------- */

/* Wait for the next turn; false when there is none. */
static bool wait_for_turn(struct ddns_exporter *x)
{
    struct timespec end;
    bool stopping;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += INTERVAL_S;
    pthread_mutex_lock(&x->lock);
    while (!x->stopping && pthread_cond_timedwait(&x->wake, &x->lock, &end) == 0) {
    }
    stopping = x->stopping;
    pthread_mutex_unlock(&x->lock);
    return !stopping;
}

static void *body(void *arg)
{
    struct ddns_exporter *x = arg;

    do {
        write_file(x);
    } while (wait_for_turn(x));
    (void)unlink(x->config.path);
    return NULL;
}

/* ---- life ---------------------------------------------------------------------- */

static void exporter_free(struct ddns_exporter *x)
{
    pthread_cond_destroy(&x->wake);
    pthread_mutex_destroy(&x->lock);
    free(x->draft);
    free(x);
}

static struct ddns_exporter *exporter_new(const struct ddns_exporter_config *config)
{
    struct ddns_exporter *x = calloc(1, sizeof *x);

    if (x == NULL) {
        return NULL;
    }
    x->config = *config;
    if (asprintf(&x->draft, "%s.new", config->path) < 0) {
        goto no_draft;
    }
    if (pthread_mutex_init(&x->lock, NULL) != 0) {
        goto no_lock;
    }
    if (!ddns_condition_open(&x->wake)) {
        goto no_condition;
    }
    return x;
no_condition:
    pthread_mutex_destroy(&x->lock);
no_lock:
    free(x->draft);
no_draft:
    free(x);
    return NULL;
}

ddns_error ddns_exporter_start(const struct ddns_exporter_config *config,
                               struct ddns_exporter **out_exporter)
{
    struct ddns_exporter *x = exporter_new(config);
    ddns_error error;

    if (x == NULL) {
        return DDNS_E_NOMEM;
    }
    error = ddns_thread_start("dns-update-stat", body, x, &x->thread);
    if (error != DDNS_OK) {
        exporter_free(x);
        return error;
    }
    *out_exporter = x;
    return DDNS_OK;
}

void ddns_exporter_stop(struct ddns_exporter *x)
{
    if (x == NULL) {
        return;
    }
    pthread_mutex_lock(&x->lock);
    x->stopping = true;
    pthread_cond_signal(&x->wake);
    pthread_mutex_unlock(&x->lock);
    pthread_join(x->thread, NULL);
    exporter_free(x);
}

bool ddns_exporter_news(struct ddns_exporter *x, struct ddns_exporter_news *out_news)
{
    bool changed;

    pthread_mutex_lock(&x->lock);
    changed = x->changed;
    if (changed) {
        *out_news = x->news;
        x->changed = false;
    }
    pthread_mutex_unlock(&x->lock);
    return changed;
}
