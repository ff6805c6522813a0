/* SPDX-License-Identifier: MPL-2.0 */
#include "settings/secret.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/leaks.h"

TestSuite(secret, .fini = no_leaks);

/** Make a file of @p text; @p path is a template of mkstemp(). */
static void make_file(char *path, const char *text)
{
    int fd = mkstemp(path);

    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
}

static void expect_secret(const char *text, const char *secret)
{
    char path[] = "/tmp/ddns-secret-XXXXXX";
    struct text read;

    make_file(path, text);
    cr_assert_null(secret_read(path, &read));
    cr_expect_str_eq(read.bytes, secret);
    text_wipe(&read);
    (void)unlink(path);
}

Test(secret, white_space_at_the_end_of_the_file_is_not_part_of_it)
{
    expect_secret("c2VjcmV0", "c2VjcmV0");
    expect_secret("c2VjcmV0\n", "c2VjcmV0");
    expect_secret("c2VjcmV0 \t\r\n\n", "c2VjcmV0");
}

Test(secret, an_empty_file_is_an_empty_secret)
{
    expect_secret("", "");
    expect_secret("\n", "");
}

Test(secret, what_is_no_plain_file_of_that_size_is_not_read)
{
    enum { LARGE = 4097 };
    char path[] = "/tmp/ddns-secret-XXXXXX";
    char large[LARGE + 1];
    struct text read;

    memset(large, 'A', LARGE);
    large[LARGE] = '\0';
    make_file(path, large);
    cr_expect_str_eq(secret_read(path, &read), "too large for a secret");
    (void)unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_expect_str_eq(secret_read(path, &read), "not a regular file");
    (void)unlink(path);
    cr_expect_str_eq(secret_read("/tmp", &read), "not a regular file");
    cr_expect_str_eq(secret_read("/nonexistent/key", &read), "No such file or directory");
}
