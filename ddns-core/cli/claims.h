/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_CLI_CLAIMS_H
#define DDNS_CLI_CLAIMS_H

#include "ddns/ddns.h"

/** What a ledger says that DNS was told.  Zero is none; claims_free() after use. */
struct claims {
    ddns_claim *list;
    size_t count, cap;
    ddns_error error; /**< kept while reading */
};

/**
 * Add all that the ledger at @p path says, which is only read.
 *
 * @retval DDNS_E_STORE  it cannot be read; @p errbuf says why
 * @retval DDNS_E_NOMEM
 */
DDNS_NODISCARD ddns_error claims_read(struct claims *claims, const char *path,
                                      ddns_errbuf *errbuf);
void claims_free(struct claims *claims);

#endif
