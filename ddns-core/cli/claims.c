/* SPDX-License-Identifier: MPL-2.0 */
#include "cli/claims.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256 };

static bool make_room(struct claims *claims)
{
    size_t cap = claims->cap == 0 ? FIRST_CAP : 2 * claims->cap;
    ddns_claim *list;

    if (claims->count < claims->cap) {
        return true;
    }
    list = reallocarray(claims->list, cap, sizeof *list);
    if (list == NULL) {
        return false;
    }
    claims->list = list;
    claims->cap = cap;
    return true;
}

/* Name and DHCID are kept in one block, with the name first: that is what is freed. */
static bool keep(ddns_claim *claim)
{
    size_t name_len = strlen(claim->fqdn) + 1;
    char *block = malloc(name_len + claim->dhcid_len);

    if (block == NULL) {
        return false;
    }
    memcpy(block, claim->fqdn, name_len);
    claim->fqdn = block;
    if (claim->dhcid != NULL) {
        memcpy(block + name_len, claim->dhcid, claim->dhcid_len);
        claim->dhcid = (const uint8_t *)block + name_len;
    }
    return true;
}

static void on_claim(void *user, const ddns_claim *claim)
{
    struct claims *claims = user;
    ddns_claim kept = *claim;

    if (claims->error != DDNS_OK) {
        return;
    }
    if (!make_room(claims) || !keep(&kept)) {
        claims->error = DDNS_E_NOMEM;
        return;
    }
    claims->list[claims->count++] = kept;
}

ddns_error claims_read(struct claims *claims, const char *path, ddns_errbuf *errbuf)
{
    ddns_error error = ddns_ledger_read(path, on_claim, claims, errbuf);

    return error != DDNS_OK ? error : claims->error;
}

void claims_free(struct claims *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        free((char *)claims->list[i].fqdn);
    }
    free(claims->list);
    *claims = (struct claims){ 0 };
}
