/* SPDX-License-Identifier: MPL-2.0 */
#include "txn/request.h"

#include <string.h>

/* A step that touches a PTR is about the reverse name; its DHCID stands there too. */
static bool is_reverse(const struct ddns_step *step)
{
    return (step->prerequisites & (PRE_PTR_OURS | PRE_REVERSE_UNUSED)) != 0 ||
           (step->updates & (UPD_DROP_PTRS | UPD_DROP_PTR | UPD_ADD_PTR)) != 0;
}

/* @p room holds what is not in the subject. */
static const struct ddns_name *owner_of(const struct ddns_subject *subject,
                                        struct ddns_name *room)
{
    if (!is_reverse(subject->step)) {
        return &subject->fqdn;
    }
    *room = ddns_network_name(subject->network, &subject->address);
    return room;
}

static struct ddns_bytes found_at(const struct ddns_subject *s, size_t i)
{
    return (struct ddns_bytes){ s->found->each[i].rdata, DDNS_DHCID_LEN };
}

static size_t found_count(const struct ddns_subject *s)
{
    return s->found == NULL ? 0 : s->found->count;
}

static bool is_rival(const struct ddns_subject *s, struct ddns_bytes other)
{
    bool ours =
        other.len == s->dhcid.len && memcmp(other.data, s->dhcid.data, other.len) == 0;

    return !ours && !ddns_dhcid_may_neighbour(&s->address, s->dhcid, other);
}

/* Records of one type and name are compared as a set (RFC 2136 section 3.2.3). */
static void require_in_mixed_mode(struct ddns_update *u, const struct ddns_name *owner,
                                  const struct ddns_subject *s)
{
    unsigned wanted = s->step->prerequisites;
    uint16_t family = ddns_rdata_address(&s->address).type;

    for (size_t i = 0; (wanted & PRE_DHCIDS_FOUND) != 0 && i < found_count(s); i++) {
        struct ddns_rdata dhcid = ddns_rdata_dhcid(found_at(s, i));

        ddns_update_require_rr(u, owner, &dhcid);
    }
    if ((wanted & PRE_DHCIDS_FOUND) != 0 && found_count(s) == 0) {
        ddns_update_require_no_rrset(u, owner, DDNS_TYPE_DHCID);
    }
    if ((wanted & PRE_FAMILY) != 0) {
        ddns_update_require_rrset(u, owner, family);
    }
    if ((wanted & PRE_NO_FAMILY) != 0) {
        ddns_update_require_no_rrset(u, owner, family);
    }
    if ((wanted & PRE_NO_OTHER_FAMILY) != 0) {
        ddns_update_require_no_rrset(u, owner, ddns_other_family(&s->address));
    }
}

static void drop_dhcids(struct ddns_update *u, const struct ddns_name *owner,
                        const struct ddns_subject *s)
{
    unsigned wanted = s->step->updates;

    if ((wanted & UPD_DROP_DHCID) != 0) {
        ddns_update_delete_rrset(u, owner, DDNS_TYPE_DHCID);
    }
    if ((wanted & UPD_DROP_OURS) != 0) {
        struct ddns_rdata dhcid = ddns_rdata_dhcid(s->dhcid);

        ddns_update_delete(u, owner, &dhcid);
    }
    for (size_t i = 0; (wanted & UPD_DROP_RIVALS) != 0 && i < found_count(s); i++) {
        struct ddns_rdata dhcid = ddns_rdata_dhcid(found_at(s, i));

        if (is_rival(s, dhcid.bytes)) {
            ddns_update_delete(u, owner, &dhcid);
        }
    }
}

/* In the order of the bits, which is D2's order. */
static void require(struct ddns_update *u, const struct ddns_name *owner,
                    const struct ddns_subject *s)
{
    unsigned wanted = s->step->prerequisites;

    if ((wanted & (PRE_NAME_UNUSED | PRE_REVERSE_UNUSED)) != 0) {
        ddns_update_require_no_name(u, owner);
    }
    if ((wanted & PRE_NAME_USED) != 0) {
        ddns_update_require_name(u, owner);
    }
    if ((wanted & PRE_DHCID_OURS) != 0) {
        struct ddns_rdata dhcid = ddns_rdata_dhcid(s->dhcid);

        ddns_update_require_rr(u, owner, &dhcid);
    }
    if ((wanted & PRE_DHCID_ANY) != 0) {
        ddns_update_require_rrset(u, owner, DDNS_TYPE_DHCID);
    }
    if ((wanted & PRE_NO_ADDRESS) != 0) {
        ddns_update_require_no_rrset(u, owner, DDNS_TYPE_A);
        ddns_update_require_no_rrset(u, owner, DDNS_TYPE_AAAA);
    }
    if ((wanted & PRE_PTR_OURS) != 0) {
        struct ddns_rdata ptr = ddns_rdata_ptr(&s->fqdn);

        ddns_update_require_rr(u, owner, &ptr);
    }
    if ((wanted & PRE_OTHER_FAMILY) != 0) {
        ddns_update_require_rrset(u, owner, ddns_other_family(&s->address));
    }
    require_in_mixed_mode(u, owner, s);
}

static void drop(struct ddns_update *u, const struct ddns_name *owner,
                 const struct ddns_subject *s)
{
    unsigned wanted = s->step->updates;

    if ((wanted & UPD_DROP_NAME) != 0) {
        ddns_update_delete_name(u, owner);
    }
    if ((wanted & UPD_DROP_FAMILY) != 0) {
        ddns_update_delete_rrset(u, owner, ddns_rdata_address(&s->address).type);
    }
    if ((wanted & UPD_DROP_ADDRESS) != 0) {
        struct ddns_rdata address = ddns_rdata_address(&s->address);

        ddns_update_delete(u, owner, &address);
    }
    if ((wanted & UPD_DROP_PTRS) != 0) {
        ddns_update_delete_rrset(u, owner, DDNS_TYPE_PTR);
    }
    if ((wanted & UPD_DROP_PTR) != 0) {
        struct ddns_rdata ptr = ddns_rdata_ptr(&s->fqdn);

        ddns_update_delete(u, owner, &ptr);
    }
    drop_dhcids(u, owner, s);
}

static void add(struct ddns_update *u, const struct ddns_name *owner,
                const struct ddns_subject *s)
{
    unsigned wanted = s->step->updates;
    uint32_t ttl = s->ttl;

    if ((wanted & UPD_ADD_ADDRESS) != 0) {
        struct ddns_rdata address = ddns_rdata_address(&s->address);

        ddns_update_add(u, owner, ttl, &address);
    }
    if ((wanted & UPD_ADD_PTR) != 0) {
        struct ddns_rdata ptr = ddns_rdata_ptr(&s->fqdn);

        ddns_update_add(u, owner, ttl, &ptr);
    }
    if ((wanted & UPD_ADD_DHCID) != 0) {
        struct ddns_rdata dhcid = ddns_rdata_dhcid(s->dhcid);

        ddns_update_add(u, owner, ttl, &dhcid);
    }
}

/* A message is these seven things; a struct for them would be filled in one place. */
/* NOLINTNEXTLINE(readability-function-size) */
ddns_error ddns_request_build(struct ddns_update *u, uint8_t *buf, size_t cap,
                              uint16_t id, const struct ddns_name *zone,
                              const struct ddns_subject *subjects, size_t count)
{
    struct ddns_name room;

    ddns_update_begin(u, buf, cap, id, zone);
    for (size_t i = 0; i < count; i++) {
        require(u, owner_of(&subjects[i], &room), &subjects[i]);
    }
    for (size_t i = 0; i < count; i++) {
        const struct ddns_name *owner = owner_of(&subjects[i], &room);

        drop(u, owner, &subjects[i]);
        add(u, owner, &subjects[i]);
    }
    return ddns_update_finish(u);
}
