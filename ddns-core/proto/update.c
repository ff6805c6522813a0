/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/update.h"

struct ddns_rdata ddns_rdata_address(const ddns_address *address)
{
    bool v4 = address->len == 4;

    return (struct ddns_rdata){
        .type = v4 ? DDNS_TYPE_A : DDNS_TYPE_AAAA,
        .bytes = { address->bytes, v4 ? 4 : sizeof address->bytes },
    };
}

uint16_t ddns_other_family(const ddns_address *address)
{
    return address->len == 4 ? DDNS_TYPE_AAAA : DDNS_TYPE_A;
}

struct ddns_rdata ddns_rdata_ptr(const struct ddns_name *target)
{
    return (struct ddns_rdata){ .type = DDNS_TYPE_PTR, .name = target };
}

struct ddns_rdata ddns_rdata_dhcid(struct ddns_bytes dhcid)
{
    return (struct ddns_rdata){ .type = DDNS_TYPE_DHCID, .bytes = dhcid };
}

void ddns_update_begin(struct ddns_update *u, uint8_t *buf, size_t cap, uint16_t id,
                       const struct ddns_name *zone)
{
    *u = (struct ddns_update){
        .w = ddns_writer_of(buf, cap < DDNS_MESSAGE_MAX ? cap : DDNS_MESSAGE_MAX),
        .header = { .id = id, .flags = DDNS_OPCODE_UPDATE << 11 },
    };
    ddns_write_header(&u->w, &u->header); /* the counts follow when they are known */
    ddns_write_name(&u->w, &u->names, zone);
    ddns_write_u16(&u->w, DDNS_TYPE_SOA); /* RFC 2136 section 2.3 */
    ddns_write_u16(&u->w, DDNS_CLASS_IN);
    u->header.counts[DDNS_ZONE] = 1;
}

/* ---- records ------------------------------------------------------------ */

struct record_head {
    enum ddns_section section;
    uint16_t type;
    uint16_t klass;
    uint32_t ttl;
};

/*
 * Only names in well-known RDATA may be compressed (RFC 3597 section 4); PTR is
 * the one this project writes, and every other name goes in full.
 */
static void write_rdata(struct ddns_update *u, const struct ddns_rdata *rdata)
{
    size_t hold = ddns_hold_u16(&u->w);
    size_t start = u->w.len;

    if (rdata != NULL && rdata->name != NULL) {
        ddns_write_name(&u->w, rdata->type == DDNS_TYPE_PTR ? &u->names : NULL,
                        rdata->name);
    } else if (rdata != NULL) {
        ddns_write_bytes(&u->w, rdata->bytes);
    }
    ddns_fill_u16(&u->w, hold, u->w.len - start);
}

static void write_record(struct ddns_update *u, const struct ddns_name *owner,
                         const struct record_head *head, const struct ddns_rdata *rdata)
{
    if (u->w.error == DDNS_OK && head->section == DDNS_PREREQUISITE &&
        u->header.counts[DDNS_UPDATE] > 0) {
        u->w.error = DDNS_E_BUG; /* it would be read as an update */
    }
    ddns_write_name(&u->w, &u->names, owner);
    ddns_write_u64(&u->w,
                   (uint64_t)head->type << 48 | (uint64_t)head->klass << 32 | head->ttl);
    write_rdata(u, rdata);
    if (u->w.error == DDNS_OK) {
        u->header.counts[head->section]++;
    }
}

/* ---- prerequisites: RFC 2136 section 2.4 -------------------------------- */

static void require(struct ddns_update *u, const struct ddns_name *owner, uint16_t type,
                    uint16_t klass)
{
    struct record_head head = { DDNS_PREREQUISITE, type, klass, 0 };

    write_record(u, owner, &head, NULL);
}

void ddns_update_require_rrset(struct ddns_update *u, const struct ddns_name *owner,
                               uint16_t type)
{
    require(u, owner, type, DDNS_CLASS_ANY);
}

void ddns_update_require_rr(struct ddns_update *u, const struct ddns_name *owner,
                            const struct ddns_rdata *rdata)
{
    struct record_head head = { DDNS_PREREQUISITE, rdata->type, DDNS_CLASS_IN, 0 };

    write_record(u, owner, &head, rdata);
}

void ddns_update_require_no_rrset(struct ddns_update *u, const struct ddns_name *owner,
                                  uint16_t type)
{
    require(u, owner, type, DDNS_CLASS_NO);
}

void ddns_update_require_name(struct ddns_update *u, const struct ddns_name *owner)
{
    require(u, owner, DDNS_TYPE_ANY, DDNS_CLASS_ANY);
}

void ddns_update_require_no_name(struct ddns_update *u, const struct ddns_name *owner)
{
    require(u, owner, DDNS_TYPE_ANY, DDNS_CLASS_NO);
}

/* ---- updates: RFC 2136 section 2.5 -------------------------------------- */

void ddns_update_add(struct ddns_update *u, const struct ddns_name *owner, uint32_t ttl,
                     const struct ddns_rdata *rdata)
{
    struct record_head head = { DDNS_UPDATE, rdata->type, DDNS_CLASS_IN, ttl };

    write_record(u, owner, &head, rdata);
}

void ddns_update_delete_rrset(struct ddns_update *u, const struct ddns_name *owner,
                              uint16_t type)
{
    struct record_head head = { DDNS_UPDATE, type, DDNS_CLASS_ANY, 0 };

    write_record(u, owner, &head, NULL);
}

void ddns_update_delete_name(struct ddns_update *u, const struct ddns_name *owner)
{
    ddns_update_delete_rrset(u, owner, DDNS_TYPE_ANY);
}

void ddns_update_delete(struct ddns_update *u, const struct ddns_name *owner,
                        const struct ddns_rdata *rdata)
{
    struct record_head head = { DDNS_UPDATE, rdata->type, DDNS_CLASS_NO, 0 };

    write_record(u, owner, &head, rdata);
}

ddns_error ddns_update_finish(struct ddns_update *u)
{
    struct ddns_writer front = ddns_writer_of(u->w.buf, u->w.cap);

    if (u->w.error == DDNS_OK) {
        ddns_write_header(&front, &u->header);
    }
    return u->w.error;
}
