/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/dhcid.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>

/* RFC 4701 section 3.3 and 3.4, and the sizes that RFC 4361 and RFC 8415 allow. */
enum {
    TYPE_HWADDR = 0,
    TYPE_CLIENT_ID = 1,
    TYPE_DUID = 2,
    DIGEST_SHA256 = 1,
    DIGEST_AT = 3,    /* after type and digest type */
    HOLDS_DUID = 255, /* client identifier type of RFC 4361 section 6.1 */
    BEFORE_DUID = 5,  /* that type and the IAID */
    DUID_MAX = 130,   /* RFC 8415 section 11.1: type code and 128 octets */
    HWADDR_MIN = 2,   /* hardware type and at least one octet of chaddr */
};

/* The identifier type with which RDATA begins; none of the three when there is none. */
static unsigned type_of(struct ddns_bytes rdata)
{
    return rdata.len < 2 ? UINT16_MAX : (unsigned)rdata.data[0] << 8 | rdata.data[1];
}

static bool is_of_dhcpv4(struct ddns_bytes rdata)
{
    return type_of(rdata) == TYPE_HWADDR || type_of(rdata) == TYPE_CLIENT_ID;
}

bool ddns_dhcid_is_of_family(const ddns_address *address, struct ddns_bytes dhcid)
{
    return address->len == 4 ? is_of_dhcpv4(dhcid) : type_of(dhcid) == TYPE_DUID;
}

bool ddns_dhcid_may_neighbour(const ddns_address *address, struct ddns_bytes ours,
                              struct ddns_bytes other)
{
    return ddns_dhcid_is_of_family(address, ours) &&
           (address->len == 4 ? type_of(other) == TYPE_DUID : is_of_dhcpv4(other));
}

struct ddns_dhcid_maker {
    EVP_MD *sha256;
};

/* What is hashed, and the identifier type that says so. */
struct source {
    uint8_t type;
    struct ddns_bytes data;
};

static bool source_of_client_id(struct ddns_bytes id, struct source *source)
{
    *source = (struct source){ TYPE_CLIENT_ID, id };
    if (id.data[0] != HOLDS_DUID) {
        return true;
    }
    if (id.len <= BEFORE_DUID || id.len > BEFORE_DUID + DUID_MAX) {
        return false;
    }
    source->type = TYPE_DUID;
    source->data.data += BEFORE_DUID;
    source->data.len -= BEFORE_DUID;
    return true;
}

static bool source_of(const ddns_identity *identity, struct source *source)
{
    struct ddns_bytes id = { identity->data, identity->len };

    if (id.len == 0 || id.len > DDNS_IDENTITY_MAX) {
        return false;
    }
    switch (identity->kind) {
    case DDNS_ID_HWADDR:
        *source = (struct source){ TYPE_HWADDR, id };
        return id.len >= HWADDR_MIN;
    case DDNS_ID_CLIENT_ID:
        return source_of_client_id(id, source);
    case DDNS_ID_DUID:
        *source = (struct source){ TYPE_DUID, id };
        return id.len <= DUID_MAX;
    case DDNS_ID_NONE:
    default:
        return false;
    }
}

bool ddns_identity_is_valid(const ddns_identity *identity)
{
    struct source source;

    return source_of(identity, &source);
}

ddns_error ddns_dhcid_maker_new(struct ddns_dhcid_maker **out_maker)
{
    struct ddns_dhcid_maker *maker = malloc(sizeof *maker);

    if (maker == NULL) {
        return DDNS_E_NOMEM;
    }
    maker->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (maker->sha256 == NULL) {
        ERR_clear_error(); /* the queue is the calling thread's, not ours */
        free(maker);
        return DDNS_E_CRYPTO;
    }
    *out_maker = maker;
    return DDNS_OK;
}

void ddns_dhcid_maker_free(struct ddns_dhcid_maker *maker)
{
    if (maker != NULL) {
        EVP_MD_free(maker->sha256);
        free(maker);
    }
}

static bool digest(const EVP_MD *sha256, struct ddns_bytes data,
                   const struct ddns_name *fqdn, uint8_t *out)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool done = ctx != NULL && EVP_DigestInit_ex2(ctx, sha256, NULL) == 1 &&
                EVP_DigestUpdate(ctx, data.data, data.len) == 1 &&
                EVP_DigestUpdate(ctx, fqdn->wire, fqdn->len) == 1 &&
                EVP_DigestFinal_ex(ctx, out, NULL) == 1;

    EVP_MD_CTX_free(ctx);
    return done;
}

ddns_error ddns_dhcid_compute(const struct ddns_dhcid_maker *maker,
                              const ddns_identity *identity, const struct ddns_name *fqdn,
                              struct ddns_dhcid *out_dhcid)
{
    struct ddns_name lower = ddns_name_lower(fqdn); /* RFC 4701 section 3.5 */
    struct ddns_dhcid dhcid = { { 0 } };
    struct source source;

    if (!source_of(identity, &source)) {
        return DDNS_E_INVALID;
    }
    dhcid.rdata[1] = source.type;
    dhcid.rdata[2] = DIGEST_SHA256;
    if (!digest(maker->sha256, source.data, &lower, dhcid.rdata + DIGEST_AT)) {
        ERR_clear_error(); /* as above */
        return DDNS_E_CRYPTO;
    }
    *out_dhcid = dhcid;
    return DDNS_OK;
}
