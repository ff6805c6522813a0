/* SPDX-License-Identifier: MPL-2.0 */

/*
 * Whatever is answered to the question for a name's zone, only a zone that holds
 * the name is believed.  The input is the answer; it always has the right id.
 */
#include "client/soa.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ddns_bytes answer = { data, size };
    struct ddns_reader r = ddns_reader_of(answer);
    uint16_t id = ddns_read_u16(&r);
    struct ddns_name asked;
    struct ddns_name zone;

    must(ddns_name_parse("a.b.example.org", &asked) == DDNS_OK);
    if (ddns_soa_read(answer, id, &asked, &zone) == DDNS_SOA_FOUND) {
        must(ddns_name_in_zone(&asked, &zone));
    }
    return 0;
}
