/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_ROWS_H
#define SUPPORT_ROWS_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/row.h"

/** A folder of the test's own, for a ledger and what lies beside it. */
struct folder {
    char path[64];
    char ledger[96];
};

static inline struct folder folder_make(void)
{
    struct folder f = { "/tmp/ddns-ledger-XXXXXX", "" };

    cr_assert_not_null(mkdtemp(f.path));
    (void)snprintf(f.ledger, sizeof f.ledger, "%s/ledger.sqlite", f.path);
    return f;
}

/** Path of the ledger with @p suffix; overwritten by the next call. */
static inline const char *folder_beside(const struct folder *f, const char *suffix)
{
    static char path[sizeof f->ledger + 32];

    (void)snprintf(path, sizeof path, "%s%s", f->ledger, suffix);
    return path;
}

/** For .fini, so without assertions; a folder in it must be empty. */
static inline void folder_remove(const struct folder *f)
{
    DIR *dir = opendir(f->path);
    const struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
        (void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    (void)rmdir(f->path);
}

static inline struct ddns_name name_of(const char *text)
{
    struct ddns_name name = { .len = 0 };

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

static inline ddns_address address_of(const char *text)
{
    ddns_address address = { .len = 0 };

    cr_assert_eq(ddns_address_parse(text, &address), DDNS_OK, "%s", text);
    return address;
}

/** Row number @p n of many, all different; as a server would have told it. */
static inline struct ddns_row row_number(uint32_t n)
{
    char text[64];
    struct ddns_row row = {
        .address = { { 10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n }, 4 },
        .directions = DDNS_FORWARD | DDNS_REVERSE,
        .has_dhcid = true,
        .confirmed = n % 2 == 0,
        .ttl = 600 + n,
        .told_at = 1700000000 + n,
        .answered_at = 1700000001 + n,
    };

    (void)snprintf(text, sizeof text, "host-%u.example.org", n);
    row.fqdn = row.ptr = name_of(text);
    memset(row.dhcid.rdata, (int)(n % 251), sizeof row.dhcid.rdata);
    return row;
}

static inline void expect_name(const struct ddns_name *got, const struct ddns_name *want,
                               const char *what)
{
    cr_assert_eq(got->len, want->len, "length of %s", what);
    cr_expect_arr_eq(got->wire, want->wire, want->len, "%s", what);
}

/** Every field, and the case of every letter. */
static inline void expect_row(const struct ddns_row *got, const struct ddns_row *want)
{
    cr_assert_eq(got->address.len, want->address.len);
    cr_expect_arr_eq(got->address.bytes, want->address.bytes, sizeof got->address.bytes);
    cr_expect_eq(got->directions, want->directions);
    expect_name(&got->fqdn, &want->fqdn, "fqdn");
    expect_name(&got->ptr, &want->ptr, "ptr");
    expect_name(&got->ptr_before, &want->ptr_before, "ptr_before");
    cr_expect_eq(got->has_dhcid, want->has_dhcid);
    cr_expect_arr_eq(got->dhcid.rdata, want->dhcid.rdata, sizeof got->dhcid.rdata);
    cr_expect_eq(got->confirmed, want->confirmed);
    cr_expect_eq(got->mode, want->mode);
    cr_expect_eq(got->ttl, want->ttl);
    cr_expect_eq(got->told_at, want->told_at);
    cr_expect_eq(got->answered_at, want->answered_at);
    cr_expect_eq(got->rcode, want->rcode);
}

#endif
