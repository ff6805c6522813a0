/* SPDX-License-Identifier: MPL-2.0 */
#include "ddns/ddns.h"
#include "ledger/store.h"
#include "support/leaks.h"
#include "support/rows.h"

static struct folder folder;

static void begin(void)
{
    folder = folder_make();
}

static void end(void)
{
    folder_remove(&folder);
    no_leaks();
}

TestSuite(ledger_read, .init = begin, .fini = end);

enum { TEXT = 1024 };

static void on_claim(void *user, const ddns_claim *claim)
{
    char address[DDNS_ADDRESS_TEXT_MAX];
    char *text = user;
    size_t len = strlen(text);

    ddns_address_text(&claim->address, address);
    cr_expect_eq(claim->dhcid == NULL, claim->dhcid_len == 0);
    cr_expect_not(claim->conflict);
    (void)snprintf(text + len, TEXT - len, "%s %u %s %zu;", address, claim->directions,
                   claim->fqdn, claim->dhcid_len);
}

static void write_rows(const struct ddns_row *rows, size_t count)
{
    struct ddns_store store;

    ddns_store_open(&store, folder.ledger);
    ddns_store_begin(&store);
    ddns_store_put(&store, rows, count);
    cr_assert_eq(ddns_store_commit(&store), DDNS_STORE_OK, "%s", store.why.text);
    ddns_store_close(&store);
}

/* The last one is being renamed: its PTR record still has the name before. */
Test(ledger_read, every_row_is_what_dns_was_told)
{
    const struct ddns_row rows[] = {
        { .address = { { 192, 0, 2, 1 }, 4 },
          .directions = DDNS_FORWARD | DDNS_REVERSE,
          .fqdn = name_of("a.example.org"),
          .ptr = name_of("A.example.org"),
          .has_dhcid = true,
          .ttl = 60 },
        { .address = { { 192, 0, 2, 2 }, 4 },
          .directions = DDNS_FORWARD,
          .fqdn = name_of("b.example.org"),
          .ttl = 60 },
        { .address = { { 192, 0, 2, 3 }, 4 },
          .directions = DDNS_REVERSE,
          .ptr = name_of("c.example.org"),
          .ttl = 60 },
        { .address = { { 192, 0, 2, 4 }, 4 },
          .directions = DDNS_FORWARD | DDNS_REVERSE,
          .fqdn = name_of("new.example.org"),
          .ptr = name_of("old.example.org"),
          .ttl = 60 },
    };
    char text[TEXT] = "";
    ddns_errbuf errbuf;

    write_rows(rows, sizeof rows / sizeof *rows);
    cr_assert_eq(ddns_ledger_read(folder.ledger, on_claim, text, &errbuf), DDNS_OK, "%s",
                 errbuf.text);
    cr_expect_str_eq(text, "192.0.2.1 3 a.example.org. 35;192.0.2.2 1 b.example.org. 0;"
                           "192.0.2.3 2 c.example.org. 0;192.0.2.4 1 new.example.org. 0;"
                           "192.0.2.4 2 old.example.org. 0;");
}

Test(ledger_read, what_is_no_ledger_is_said_and_not_made)
{
    char text[TEXT] = "";
    ddns_errbuf errbuf = { "" };

    cr_expect_eq(ddns_ledger_read(folder.ledger, on_claim, text, &errbuf), DDNS_E_STORE);
    cr_expect_not_null(strstr(errbuf.text, folder.ledger));
    cr_expect_eq(access(folder.ledger, F_OK), -1);
    cr_expect_eq(ddns_ledger_read(folder.ledger, on_claim, text, NULL), DDNS_E_STORE);
    cr_expect_str_eq(text, "");
}
