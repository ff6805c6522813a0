/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/exporter.h"

static char folder[] = "/tmp/ddns-exporter-XXXXXX";
static char path[64], draft[64];
static struct ddns_board board;

static void on_change(void *user)
{
    (void)user;
}

static void setup(void)
{
    const ddns_statistics nothing = { .traffic_count = 0 };

    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x.prom", folder);
    (void)snprintf(draft, sizeof draft, "%s/x.prom.new", folder);
    cr_assert_eq(ddns_board_open(&board, &nothing), DDNS_OK);
}

static void teardown(void)
{
    ddns_board_close(&board);
    (void)unlink(path);
    (void)unlink(draft);
    cr_expect_eq(rmdir(folder), 0);
}

static struct ddns_exporter *start(void)
{
    const struct ddns_exporter_config config = {
        .path = path, .daemon = "test", .board = &board, .on_change = on_change
    };
    struct ddns_exporter *x;

    cr_assert_eq(ddns_exporter_start(&config, &x), DDNS_OK);
    return x;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ 0, ms * 1000000 }, NULL);
}

/* Half a minute at most. */
static struct stat wait_for_file(void)
{
    struct stat found;
    int tries = 0;

    while (stat(path, &found) != 0) {
        cr_assert_lt(tries++, 3000);
        pause_ms(10);
    }
    return found;
}

TestSuite(exporter, .init = setup, .fini = teardown);

Test(exporter, the_first_file_comes_at_once_and_goes_at_the_end)
{
    struct ddns_exporter *x = start();
    struct stat found = wait_for_file();

    cr_expect_eq(found.st_mode & 07777, 0644);
    cr_expect_gt(found.st_size, 0);
    ddns_exporter_stop(x);
    cr_expect_neq(access(path, F_OK), 0);
    cr_expect_neq(access(draft, F_OK), 0);
}

Test(exporter, nobodys_symbolic_link_is_written_through)
{
    struct ddns_exporter *x;
    char other[64];

    (void)snprintf(other, sizeof other, "%s/other", folder);
    cr_assert_eq(symlink(other, draft), 0);
    x = start();
    (void)wait_for_file();
    cr_expect_neq(access(other, F_OK), 0);
    ddns_exporter_stop(x);
}

Test(exporter, what_cannot_be_written_is_told_once)
{
    struct ddns_exporter_news news = { .failed = false };
    struct ddns_exporter *x;
    int tries = 0;

    (void)snprintf(path, sizeof path, "%s/none/x.prom", folder);
    x = start();
    while (!ddns_exporter_news(x, &news)) {
        cr_assert_lt(tries++, 3000);
        pause_ms(10);
    }
    cr_expect(news.failed);
    cr_expect_not_null(strstr(news.why, "none/x.prom: No such file or directory"), "%s",
                       news.why);
    cr_expect_not(ddns_exporter_news(x, &news));
    ddns_exporter_stop(x);
    ddns_exporter_stop(NULL);
}

static void read_at_leisure(void *user, const ddns_statistics *statistics)
{
    (void)statistics;
    *(bool *)user = pthread_mutex_trylock(&board.lock) == 0;
    if (*(bool *)user) {
        pthread_mutex_unlock(&board.lock);
    }
}

Test(exporter, keeps_no_other_reader_waiting_while_it_writes)
{
    bool is_free = false;

    cr_assert_eq(ddns_board_study(&board, read_at_leisure, &is_free), DDNS_OK);
    cr_expect(is_free);
}
