/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_WIRE_MESSAGE_H
#define DDNS_WIRE_MESSAGE_H

#include "wire/name.h"

/* RFC 1035 section 4.1, RFC 2136 section 2. */
enum {
    DDNS_HEADER_LEN = 12,
    DDNS_MESSAGE_MAX = 65535, /* RFC 1035 section 4.2.2: a 16-bit length on TCP */
    DDNS_UDP_MAX = 512,       /* RFC 1035 section 4.2.1: without EDNS */
};

enum ddns_opcode { DDNS_OPCODE_QUERY = 0, DDNS_OPCODE_UPDATE = 5 };

enum ddns_flag {
    DDNS_FLAG_QR = 0x8000,
    DDNS_FLAG_AA = 0x0400,
    DDNS_FLAG_TC = 0x0200,
};

enum ddns_rcode {
    DDNS_NOERROR = 0,
    DDNS_FORMERR = 1,
    DDNS_SERVFAIL = 2,
    DDNS_NXDOMAIN = 3,
    DDNS_NOTIMP = 4,
    DDNS_REFUSED = 5,
    DDNS_YXDOMAIN = 6,
    DDNS_YXRRSET = 7,
    DDNS_NXRRSET = 8,
    DDNS_NOTAUTH = 9,
    DDNS_NOTZONE = 10,
};

enum ddns_type {
    DDNS_TYPE_A = 1,
    DDNS_TYPE_SOA = 6,
    DDNS_TYPE_PTR = 12,
    DDNS_TYPE_AAAA = 28,
    DDNS_TYPE_DHCID = 49,
    DDNS_TYPE_TSIG = 250,
    DDNS_TYPE_AXFR = 252,
    DDNS_TYPE_ANY = 255,
};

enum ddns_class { DDNS_CLASS_IN = 1, DDNS_CLASS_NO = 254, DDNS_CLASS_ANY = 255 };

/** The four counts: question/zone, answer/prerequisite, authority/update, additional. */
enum ddns_section { DDNS_ZONE, DDNS_PREREQUISITE, DDNS_UPDATE, DDNS_ADDITIONAL };

struct ddns_header {
    uint16_t id;
    uint16_t flags; /**< as on the wire: QR, opcode, AA, TC, RD, RA, Z, RCODE */
    uint16_t counts[4];
};

static inline unsigned ddns_header_opcode(const struct ddns_header *h)
{
    return (h->flags >> 11) & 0xfu;
}

static inline unsigned ddns_header_rcode(const struct ddns_header *h)
{
    return h->flags & 0xfu;
}

struct ddns_question {
    struct ddns_name name;
    uint16_t type;
    uint16_t klass;
};

struct ddns_rr {
    struct ddns_name owner;
    uint16_t type;
    uint16_t klass;
    uint32_t ttl;
    struct ddns_bytes rdata; /**< borrowed from the message */
};

void ddns_read_header(struct ddns_reader *r, struct ddns_header *out_header);
void ddns_read_question(struct ddns_reader *r, struct ddns_question *out_question);
void ddns_read_rr(struct ddns_reader *r, struct ddns_rr *out_rr);
void ddns_write_header(struct ddns_writer *w, const struct ddns_header *header);

#endif
