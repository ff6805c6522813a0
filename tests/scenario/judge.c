/* SPDX-License-Identifier: MPL-2.0 */
#include "scenario/judge.h"

#include <stdio.h>
#include <string.h>

static struct ddns_bytes address_bytes(const struct ddns_wish *wish)
{
    return (struct ddns_bytes){ wish->address.bytes, wish->address.len };
}

static uint16_t address_type(const struct world *w)
{
    return w->ipv6 ? DDNS_TYPE_AAAA : DDNS_TYPE_A;
}

bool judge_leads_to(const struct world *w, const struct ddns_wish *wish)
{
    return model_has(w->dns, &wish->fqdn, address_type(w), address_bytes(wish));
}

static bool wants(const struct ddns_wish *wish, ddns_direction direction)
{
    return (wish->directions & direction) != 0;
}

/* Somebody who wants the name has it, in the zone, with the right DHCID. */
static bool held(const struct world *w, const struct ddns_wish *wish,
                 const struct ddns_wish **out_holder)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *other = &w->wishes[i];
        struct ddns_bytes dhcid = { other->dhcid.rdata, DDNS_DHCID_LEN };

        if (wants(other, DDNS_FORWARD) && ddns_name_equal(&other->fqdn, &wish->fqdn) &&
            judge_leads_to(w, other) &&
            (!other->has_dhcid ||
             model_has(w->dns, &other->fqdn, DDNS_TYPE_DHCID, dhcid))) {
            *out_holder = other;
            return true;
        }
    }
    return false;
}

static int complain(uint64_t seed, const struct ddns_wish *wish, const char *what)
{
    char name[DDNS_NAME_TEXT_MAX];

    ddns_name_text(&wish->fqdn, name);
    (void)printf("seed %llu: address %u %s: %s\n", (unsigned long long)seed,
                 wish->address.bytes[wish->address.len - 1], name, what);
    return 1;
}

/* With one DUID for both, a client may find the name of another in the other family. */
static bool belongs_to_other(const struct world *w, const struct ddns_wish *wish)
{
    const struct ddns_wish *holder;

    return world_sends_duids(w) && held(w->other, wish, &holder);
}

static int judge_wish(const struct world *w, uint64_t seed, const struct ddns_wish *wish)
{
    struct ddns_name reverse = ddns_name_reverse(&wish->address);
    struct ddns_name lower = ddns_name_lower(&wish->fqdn);
    struct ddns_bytes target = { lower.wire, lower.len };
    struct ddns_name statics = static_name();
    bool is_static = ddns_name_equal(&wish->fqdn, &statics);
    const struct ddns_wish *holder = NULL;
    bool has = wants(wish, DDNS_FORWARD) && !is_static && held(w, wish, &holder);
    bool mine = !wants(wish, DDNS_FORWARD) ||
                (has && memcmp(&holder->dhcid, &wish->dhcid, sizeof wish->dhcid) == 0);
    bool ptr = model_has(w->dns, &reverse, DDNS_TYPE_PTR, target);

    if (wants(wish, DDNS_FORWARD) && !is_static && !has && !belongs_to_other(w, wish)) {
        return complain(seed, wish, "nobody has the name");
    }
    if (world_shares_names(w) && has && mine && !judge_leads_to(w, wish)) {
        return complain(seed, wish, "the name of its client does not lead to it");
    }
    if ((mine || w->mode != DDNS_CHECK_WITH_DHCID) && has && wants(wish, DDNS_FORWARD) &&
        holder != wish && !world_shares_names(w)) {
        return 0; /* another lease has the name, and may: the PTR may stay or go */
    }
    if (wants(wish, DDNS_REVERSE) && mine && !ptr) {
        return complain(seed, wish, "the PTR is missing");
    }
    if (wants(wish, DDNS_REVERSE) && mine && wish->has_dhcid &&
        !model_has(w->dns, &reverse, DDNS_TYPE_DHCID,
                   (struct ddns_bytes){ wish->dhcid.rdata, DDNS_DHCID_LEN })) {
        return complain(seed, wish, "the DHCID beside the PTR is another client's");
    }
    if (!(wants(wish, DDNS_REVERSE) && mine) && ptr) {
        return complain(seed, wish, "the PTR should not be there");
    }
    return 0;
}

/* Any DHCID does where they are not compared; in mixed mode each has to be a holder's. */
static bool is_dhcid_of(const struct world *w, const struct ddns_wish *wish,
                        const struct model_record *r)
{
    return w->other == NULL || memcmp(r->rdata, wish->dhcid.rdata, DDNS_DHCID_LEN) == 0;
}

bool judge_is_wanted(const struct world *w, const struct model_record *r)
{
    for (unsigned i = 0; i < ADDRESSES; i++) {
        const struct ddns_wish *wish = &w->wishes[i];
        struct ddns_name reverse = ddns_name_reverse(&wish->address);

        if (r->type == address_type(w) && wants(wish, DDNS_FORWARD) &&
            ddns_name_equal(&r->owner, &wish->fqdn) &&
            memcmp(r->rdata, wish->address.bytes, wish->address.len) == 0) {
            return true;
        }
        if (r->type == DDNS_TYPE_DHCID && wants(wish, DDNS_FORWARD) &&
            judge_leads_to(w, wish) && ddns_name_equal(&r->owner, &wish->fqdn) &&
            is_dhcid_of(w, wish, r)) {
            return true;
        }
        if (wants(wish, DDNS_REVERSE) && ddns_name_equal(&r->owner, &reverse)) {
            return true;
        }
    }
    return false;
}

int judge(const struct world *w, uint64_t seed)
{
    struct ddns_name statics = static_name();
    int bad = 0;

    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (w->wishes[i].directions != 0) {
            bad += judge_wish(w, seed, &w->wishes[i]);
        }
    }
    for (size_t i = 0; i < w->dns->count; i++) {
        const struct model_record *r = &w->dns->records[i];

        if (!ddns_name_equal(&r->owner, &statics) && !judge_is_wanted(w, r) &&
            !(w->other != NULL && judge_is_wanted(w->other, r))) {
            char name[DDNS_NAME_TEXT_MAX];

            ddns_name_text(&r->owner, name);
            (void)printf("seed %llu: left over: %s type %u\n", (unsigned long long)seed,
                         name, r->type);
            bad++;
        }
        if (r->type == address_type(w) && !world_shares_names(w) &&
            model_count(w->dns, &r->owner, r->type) != 1) {
            (void)printf("seed %llu: two addresses at a name\n",
                         (unsigned long long)seed);
            bad++;
        }
    }
    if (model_count(w->dns, &statics, DDNS_TYPE_ANY) != 1) {
        (void)printf("seed %llu: the static name was touched\n",
                     (unsigned long long)seed);
        bad++;
    }
    return bad;
}
