/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/store.h"

static void tell(const struct ddns_row *row, unsigned directions,
                 const struct ddns_name *name, ddns_claim_fn *on_claim, void *user)
{
    char fqdn[DDNS_NAME_TEXT_MAX];
    ddns_claim claim = { .address = row->address, .directions = directions };

    ddns_name_text(name, fqdn);
    claim.fqdn = fqdn;
    if (row->has_dhcid) {
        claim.dhcid = row->dhcid.rdata;
        claim.dhcid_len = sizeof row->dhcid.rdata;
    }
    on_claim(user, &claim);
}

static void tell_row(const struct ddns_row *row, ddns_claim_fn *on_claim, void *user)
{
    const unsigned both = DDNS_FORWARD | DDNS_REVERSE;

    if ((row->directions & both) == both && ddns_name_equal(&row->fqdn, &row->ptr)) {
        tell(row, both, &row->fqdn, on_claim, user);
        return;
    }
    if ((row->directions & DDNS_FORWARD) != 0) {
        tell(row, DDNS_FORWARD, &row->fqdn, on_claim, user);
    }
    if ((row->directions & DDNS_REVERSE) != 0) {
        tell(row, DDNS_REVERSE, &row->ptr, on_claim, user);
    }
}

ddns_error ddns_ledger_read(const char *path, ddns_claim_fn *on_claim, void *user,
                            ddns_errbuf *errbuf)
{
    struct ddns_row row;
    struct ddns_store store;
    ddns_error error = DDNS_OK;

    ddns_store_open_read_only(&store, path);
    while (ddns_store_read(&store, &row, 1) > 0) {
        tell_row(&row, on_claim, user);
    }
    if (store.status != DDNS_STORE_OK) {
        error = DDNS_E_STORE;
        if (errbuf != NULL) {
            *errbuf = store.why;
        }
    }
    ddns_store_close(&store);
    return error;
}
