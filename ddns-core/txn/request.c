/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/request.h"

/** A subject with the records that its step's bits are about. */
struct records {
    const struct ddns_subject *subject;
    struct ddns_name reverse;
    const struct ddns_name *owner;
    struct ddns_rdata address;
    struct ddns_rdata ptr;
    struct ddns_rdata dhcid;
};

/* A step that touches a PTR is about the reverse name; its DHCID stands there too. */
static bool is_reverse(const struct ddns_step *step)
{
    return (step->prerequisites & (PRE_PTR_OURS | PRE_REVERSE_UNUSED)) != 0 ||
           (step->updates & (UPD_DROP_PTRS | UPD_DROP_PTR | UPD_ADD_PTR)) != 0;
}

static void records_of(const struct ddns_subject *subject, struct records *out)
{
    out->subject = subject;
    out->owner = &subject->fqdn;
    if (is_reverse(subject->step)) {
        out->reverse = ddns_name_reverse(&subject->address);
        out->owner = &out->reverse;
    }
    out->address = ddns_rdata_address(&subject->address);
    out->ptr = ddns_rdata_ptr(&subject->fqdn);
    out->dhcid = ddns_rdata_dhcid(subject->dhcid);
}

/* In the order of the bits, which is D2's order. */
static void require(struct ddns_update *u, const struct records *r)
{
    unsigned wanted = r->subject->step->prerequisites;

    if ((wanted & (PRE_NAME_UNUSED | PRE_REVERSE_UNUSED)) != 0) {
        ddns_update_require_no_name(u, r->owner);
    }
    if ((wanted & PRE_NAME_USED) != 0) {
        ddns_update_require_name(u, r->owner);
    }
    if ((wanted & PRE_DHCID_OURS) != 0) {
        ddns_update_require_rr(u, r->owner, &r->dhcid);
    }
    if ((wanted & PRE_DHCID_ANY) != 0) {
        ddns_update_require_rrset(u, r->owner, DDNS_TYPE_DHCID);
    }
    if ((wanted & PRE_NO_ADDRESS) != 0) {
        ddns_update_require_no_rrset(u, r->owner, DDNS_TYPE_A);
        ddns_update_require_no_rrset(u, r->owner, DDNS_TYPE_AAAA);
    }
    if ((wanted & PRE_PTR_OURS) != 0) {
        ddns_update_require_rr(u, r->owner, &r->ptr);
    }
    if ((wanted & PRE_OTHER_FAMILY) != 0) {
        ddns_update_require_rrset(u, r->owner, ddns_other_family(&r->subject->address));
    }
}

static void drop(struct ddns_update *u, const struct records *r)
{
    unsigned wanted = r->subject->step->updates;

    if ((wanted & UPD_DROP_NAME) != 0) {
        ddns_update_delete_name(u, r->owner);
    }
    if ((wanted & UPD_DROP_FAMILY) != 0) {
        ddns_update_delete_rrset(u, r->owner, r->address.type);
    }
    if ((wanted & UPD_DROP_ADDRESS) != 0) {
        ddns_update_delete(u, r->owner, &r->address);
    }
    if ((wanted & UPD_DROP_PTRS) != 0) {
        ddns_update_delete_rrset(u, r->owner, DDNS_TYPE_PTR);
    }
    if ((wanted & UPD_DROP_PTR) != 0) {
        ddns_update_delete(u, r->owner, &r->ptr);
    }
    if ((wanted & UPD_DROP_DHCID) != 0) {
        ddns_update_delete_rrset(u, r->owner, DDNS_TYPE_DHCID);
    }
}

static void add(struct ddns_update *u, const struct records *r)
{
    unsigned wanted = r->subject->step->updates;
    uint32_t ttl = r->subject->ttl;

    if ((wanted & UPD_ADD_ADDRESS) != 0) {
        ddns_update_add(u, r->owner, ttl, &r->address);
    }
    if ((wanted & UPD_ADD_PTR) != 0) {
        ddns_update_add(u, r->owner, ttl, &r->ptr);
    }
    if ((wanted & UPD_ADD_DHCID) != 0) {
        ddns_update_add(u, r->owner, ttl, &r->dhcid);
    }
}

/* A message is these seven things; a struct for them would be filled in one place. */
/* NOLINTNEXTLINE(readability-function-size) */
ddns_error ddns_request_build(struct ddns_update *u, uint8_t *buf, size_t cap,
                              uint16_t id, const struct ddns_name *zone,
                              const struct ddns_subject *subjects, size_t count)
{
    struct records records;

    ddns_update_begin(u, buf, cap, id, zone);
    for (size_t i = 0; i < count; i++) {
        records_of(&subjects[i], &records);
        require(u, &records);
    }
    for (size_t i = 0; i < count; i++) {
        records_of(&subjects[i], &records);
        drop(u, &records);
        add(u, &records);
    }
    return ddns_update_finish(u);
}
