/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "client/client.h"

/* What an audit has found, as wishes to the engine. */

static ddns_error remove_leftover(ddns_client *client, const ddns_finding *finding)
{
    struct ddns_letter letter = {
        .verb = DDNS_REMOVE_STRAY,
        .wish = { .address = finding->address, .directions = finding->direction },
    };
    struct ddns_wish *wish = &letter.wish;
    const char *name =
        finding->direction == DDNS_FORWARD ? finding->owner : finding->target;
    ddns_error error = name == NULL ? DDNS_E_NAME : ddns_name_parse(name, &wish->fqdn);

    if (error != DDNS_OK) {
        return error;
    }
    wish->has_dhcid = finding->dhcid != NULL && finding->dhcid_len == DDNS_DHCID_LEN;
    if (wish->has_dhcid) {
        memcpy(wish->dhcid.rdata, finding->dhcid, DDNS_DHCID_LEN);
    } else if (finding->direction == DDNS_FORWARD) {
        return DDNS_OK; /* nothing would guard the removal */
    }
    return ddns_mailbox_put(&client->mailbox, &letter);
}

ddns_error ddns_client_repair(ddns_client *client, const ddns_finding *finding)
{
    if (finding->conflict) {
        return DDNS_OK;
    }
    if (finding->kind == DDNS_FINDING_LEFTOVER) {
        return remove_leftover(client, finding);
    }
    return ddns_client_retell(client, &finding->address);
}
