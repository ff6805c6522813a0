/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "scenario/days.h"
#include "scenario/judge.h"

/* What people do in the zone. */

static const struct ddns_bytes any_value = { 0 };

static struct ddns_wish *a_lease(struct days *d)
{
    struct ddns_wish *wish = &d->world->wishes[below(d->world, ADDRESSES)];

    return wish->directions != 0 ? wish : NULL;
}

static void note(struct days *d, const struct ddns_wish *record)
{
    if (d->hand_count < HAND_MAX) {
        d->hand[d->hand_count++] = *record;
    }
}

/* Have it told again for every lease of the name, or have everything told again. */
static void retell(struct days *d, const struct ddns_wish *wish)
{
    bool all = below(d->world, 4) == 0;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *other = &d->world->wishes[i];

        if (other->directions != 0 && ddns_name_equal(&other->fqdn, &wish->fqdn)) {
            d->damaged[i] = true;
        }
        if (d->damaged[i] && !all && ddns_name_equal(&other->fqdn, &wish->fqdn)) {
            post(d, RETELL, other);
        }
    }
    if (all) {
        d->reading.owed_afresh = true;
        reading_begin(d, 0, 255, true);
    }
}

static void put(struct model_server *dns, const struct ddns_wish *record)
{
    struct ddns_name reverse = ddns_name_reverse(&record->address);
    struct ddns_name lower = ddns_name_lower(&record->fqdn);
    struct ddns_bytes dhcid = { record->dhcid.rdata, DDNS_DHCID_LEN };

    if (record->directions & DDNS_FORWARD) {
        model_add(dns, &record->fqdn, DDNS_TYPE_A,
                  (struct ddns_bytes){ record->address.bytes, 4 });
        model_add(dns, &record->fqdn, DDNS_TYPE_DHCID, dhcid);
    }
    if (record->directions & DDNS_REVERSE) {
        model_add(dns, &reverse, DDNS_TYPE_PTR,
                  (struct ddns_bytes){ lower.wire, lower.len });
    }
    if ((record->directions & DDNS_REVERSE) &&
        record->mode != DDNS_NO_CHECK_WITHOUT_DHCID) {
        model_add(dns, &reverse, DDNS_TYPE_DHCID, dhcid);
    }
}

static void damage_name(struct days *d, const struct ddns_wish *wish)
{
    struct model_server *dns = d->world->dns;
    struct ddns_bytes dhcid = { wish->dhcid.rdata, DDNS_DHCID_LEN };
    struct ddns_wish other = *wish;

    switch (below(d->world, 3)) {
    case 0:
        model_remove(dns, &wish->fqdn, DDNS_TYPE_ANY, any_value);
        break;
    case 1:
        model_remove(dns, &wish->fqdn, DDNS_TYPE_A, any_value);
        break;
    default:
        if (!wish->has_dhcid || !model_has(dns, &wish->fqdn, DDNS_TYPE_DHCID, dhcid)) {
            return; /* the records may be another client's, who had the address before */
        }
        other.address = (ddns_address){ { 198, 51, 100, 9 }, 4 };
        other.directions = DDNS_FORWARD;
        model_remove(dns, &wish->fqdn, DDNS_TYPE_A, any_value);
        put(dns, &other);
        note(d, &other);
        break;
    }
    retell(d, wish);
}

static void damage_reverse(struct days *d, const struct ddns_wish *wish)
{
    struct model_server *dns = d->world->dns;
    struct ddns_name reverse = ddns_name_reverse(&wish->address);
    struct ddns_wish other = *wish;

    if (below(d->world, 2) == 0) {
        model_remove(dns, &reverse, DDNS_TYPE_ANY, any_value);
    } else {
        other.directions = DDNS_REVERSE;
        other.fqdn = name_of("byhand.example.org");
        model_remove(dns, &reverse, DDNS_TYPE_ANY, any_value);
        put(dns, &other);
        note(d, &other);
    }
    retell(d, wish);
}

/* It is being told just now: the answer will be older than what is done to the zone. */
static void tell_now(struct days *d, const struct ddns_wish *wish)
{
    post(d, RETELL, wish);
    read_all_letters(d);
    world_pass(d->world, below(d->world, 30));
}

void hand_damages(struct days *d)
{
    const struct ddns_wish *wish = a_lease(d);
    struct ddns_name statics = static_name();

    if (wish == NULL || ddns_name_equal(&wish->fqdn, &statics)) {
        return;
    }
    if (below(d->world, 2) == 0) {
        tell_now(d, wish);
    }
    if (below(d->world, 2) == 0) {
        damage_reverse(d, wish);
    } else if ((wish->directions & DDNS_FORWARD) && judge_leads_to(d->world, wish)) {
        damage_name(d, wish);
    }
}

void hand_plants(struct days *d)
{
    struct world *w = d->world;
    struct ddns_wish stray = world_wish(w, below(w, ADDRESSES));
    struct ddns_name reverse = ddns_name_reverse(&stray.address);
    struct ddns_name statics = static_name();

    stray.has_dhcid = true;
    if (w->wishes[stray.address.bytes[3]].directions != 0 ||
        ddns_name_equal(&stray.fqdn, &statics) ||
        model_count(w->dns, &stray.fqdn, DDNS_TYPE_ANY) > 0 ||
        model_count(w->dns, &reverse, DDNS_TYPE_ANY) > 0) {
        return;
    }
    put(w->dns, &stray);
    note(d, &stray);
    post(d, REMOVE_STRAY, &stray);
    if (below(w, 2) == 0) { /* its client comes back */
        stray.has_dhcid = w->mode != DDNS_NO_CHECK_WITHOUT_DHCID;
        w->wishes[stray.address.bytes[3]] = stray;
        world_pass(w, below(w, 3000));
        post(d, SET, &stray);
    }
}

static bool is_there(const struct days *d, const struct ddns_wish *record,
                     ddns_direction direction)
{
    struct ddns_name reverse = ddns_name_reverse(&record->address);
    struct ddns_name lower = ddns_name_lower(&record->fqdn);

    return direction == DDNS_FORWARD
               ? judge_leads_to(d->world, record)
               : model_has(d->world->dns, &reverse, DDNS_TYPE_PTR,
                           (struct ddns_bytes){ lower.wire, lower.len });
}

/* Not all that the lease wants is there. */
static bool lacks(const struct days *d, const struct ddns_wish *wish)
{
    return ((wish->directions & DDNS_FORWARD) && !is_there(d, wish, DDNS_FORWARD)) ||
           ((wish->directions & DDNS_REVERSE) && !is_there(d, wish, DDNS_REVERSE));
}

/* Something of what was put there by hand still is. */
static bool remains(const struct days *d, const struct ddns_wish *record)
{
    return ((record->directions & DDNS_FORWARD) &&
            (is_there(d, record, DDNS_FORWARD) ||
             model_has(d->world->dns, &record->fqdn, DDNS_TYPE_DHCID,
                       (struct ddns_bytes){ record->dhcid.rdata, DDNS_DHCID_LEN }))) ||
           ((record->directions & DDNS_REVERSE) && is_there(d, record, DDNS_REVERSE));
}

void hand_insists(struct days *d)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        d->damaged[i] = d->damaged[i] && lacks(d, &d->world->wishes[i]);
        if (d->damaged[i]) {
            post(d, RETELL, &d->world->wishes[i]);
        }
    }
    hand_tidies(d);
}

void hand_tidies(struct days *d)
{
    for (size_t i = 0; i < d->hand_count;) {
        if (remains(d, &d->hand[i])) {
            post(d, REMOVE_STRAY, &d->hand[i++]);
        } else {
            d->hand[i] = d->hand[--d->hand_count];
        }
    }
}

bool hand_was_at(const struct days *d, const struct ddns_name *owner)
{
    for (size_t i = 0; i < d->hand_count; i++) {
        struct ddns_name reverse = ddns_name_reverse(&d->hand[i].address);

        if (ddns_name_equal(owner, &d->hand[i].fqdn) ||
            ddns_name_equal(owner, &reverse)) {
            return true;
        }
    }
    return false;
}

bool is_excused(const struct days *d, const struct ddns_name *owner)
{
    for (size_t i = 0; i < d->excused_count; i++) {
        if (ddns_name_equal(owner, &d->excused[i])) {
            return true;
        }
    }
    return false;
}

static const struct model_record *find(const struct model_server *dns,
                                       const struct ddns_name *owner, uint16_t type)
{
    for (size_t i = 0; i < dns->count; i++) {
        if (dns->records[i].type == type &&
            ddns_name_equal(&dns->records[i].owner, owner)) {
            return &dns->records[i];
        }
    }
    return NULL;
}

/* Describe what stands at the owner of @p r as a record that nobody wants. */
static bool stray_at(const struct days *d, const struct model_record *r,
                     struct ddns_wish *out)
{
    struct model_server *dns = d->world->dns;
    const struct model_record *dhcid = find(dns, &r->owner, DDNS_TYPE_DHCID);
    char text[DDNS_NAME_TEXT_MAX];

    *out = (struct ddns_wish){ .has_dhcid = dhcid != NULL };
    if (dhcid != NULL) {
        memcpy(out->dhcid.rdata, dhcid->rdata, DDNS_DHCID_LEN);
    }
    ddns_name_text(&r->owner, text);
    if (r->type == DDNS_TYPE_PTR) {
        out->directions = DDNS_REVERSE;
        out->address =
            (ddns_address){ { 192, 0, 2, (uint8_t)strtoul(text, NULL, 10) }, 4 };
        memcpy(out->fqdn.wire, r->rdata, r->len);
        out->fqdn.len = (uint8_t)r->len;
        return true;
    }
    out->directions = DDNS_FORWARD;
    out->fqdn = r->owner;
    out->address = (ddns_address){ { 192, 0, 2, 250 }, 4 }; /* of a DHCID left alone */
    if (r->type == DDNS_TYPE_A) {
        memcpy(out->address.bytes, r->rdata, 4);
    }
    return dhcid != NULL;
}

/* An address that a lease wants at its name, with the DHCID of another client. */
static bool is_anothers(const struct days *d, const struct model_record *r)
{
    const struct ddns_wish *wish = &d->world->wishes[r->rdata[3] % ADDRESSES];

    return r->type == DDNS_TYPE_A && wish->has_dhcid &&
           !model_has(d->world->dns, &r->owner, DDNS_TYPE_DHCID,
                      (struct ddns_bytes){ wish->dhcid.rdata, DDNS_DHCID_LEN });
}

void audit(struct days *d)
{
    struct model_server *dns = d->world->dns;

    for (size_t i = 0; i < dns->count; i++) {
        const struct model_record *r = &dns->records[i];
        struct ddns_wish stray;

        if (!is_excused(d, &r->owner) ||
            (judge_is_wanted(d->world, r) && !is_anothers(d, r))) {
            continue;
        }
        d->audits++;
        if (stray_at(d, r, &stray)) {
            post(d, REMOVE_STRAY, &stray);
        } else { /* nothing but its owner's memory tells that it is ours */
            struct model_record gone = *r;

            model_remove(dns, &gone.owner, gone.type,
                         (struct ddns_bytes){ gone.rdata, gone.len });
            i--;
        }
    }
}
