/* SPDX-License-Identifier: MPL-2.0 */
#include "proto/update.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support/leaks.h"
#include "support/vectors.h"

TestSuite(update, .fini = no_leaks);

/* What tests/tools/capture_dns.py asks its clients to say. */
struct scene {
    struct ddns_name forward, reverse, host, pointer, alias;
    ddns_address v4, v6;
    uint8_t dhcid_bytes[35];
    struct ddns_rdata a, aaaa, dhcid, ptr;
};

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

static void set_scene(struct scene *s)
{
    s->forward = name_of("example.org.");
    s->reverse = name_of("2.0.192.in-addr.arpa.");
    s->host = name_of("host.example.org.");
    s->pointer = name_of("7.2.0.192.in-addr.arpa.");
    s->alias = name_of("alias.example.org.");
    cr_assert_eq(ddns_address_parse("192.0.2.7", &s->v4), DDNS_OK);
    cr_assert_eq(ddns_address_parse("2001:db8::7", &s->v6), DDNS_OK);
    (void)vector_bytes(
        "000201636fc0b8271c82825bb1ac5c41cf5351aa69b4febd94e8f17cdb95000da4"
        "8c40",
        s->dhcid_bytes, sizeof s->dhcid_bytes);
    s->a = ddns_rdata_address(&s->v4);
    s->aaaa = ddns_rdata_address(&s->v6);
    s->dhcid =
        ddns_rdata_dhcid((struct ddns_bytes){ s->dhcid_bytes, sizeof s->dhcid_bytes });
    s->ptr = ddns_rdata_ptr(&s->host);
}

/* ---- every form, as others write it -------------------------------------- */

static void require_rrset(struct ddns_update *u, const struct scene *s)
{
    ddns_update_require_rrset(u, &s->host, DDNS_TYPE_A);
}

static void require_rr(struct ddns_update *u, const struct scene *s)
{
    ddns_update_require_rr(u, &s->host, &s->a);
}

static void require_rr_dhcid(struct ddns_update *u, const struct scene *s)
{
    ddns_update_require_rr(u, &s->host, &s->dhcid);
}

static void require_no_rrset(struct ddns_update *u, const struct scene *s)
{
    ddns_update_require_no_rrset(u, &s->host, DDNS_TYPE_AAAA);
}

static void require_name(struct ddns_update *u, const struct scene *s)
{
    ddns_update_require_name(u, &s->host);
}

static void require_no_name(struct ddns_update *u, const struct scene *s)
{
    ddns_update_require_no_name(u, &s->host);
}

static void add_a(struct ddns_update *u, const struct scene *s)
{
    ddns_update_add(u, &s->host, 300, &s->a);
}

static void add_aaaa(struct ddns_update *u, const struct scene *s)
{
    ddns_update_add(u, &s->host, 300, &s->aaaa);
}

static void add_dhcid(struct ddns_update *u, const struct scene *s)
{
    ddns_update_add(u, &s->host, 300, &s->dhcid);
}

static void add_ptr(struct ddns_update *u, const struct scene *s)
{
    ddns_update_add(u, &s->pointer, 300, &s->ptr);
}

static void add_ptr_below(struct ddns_update *u, const struct scene *s)
{
    ddns_update_add(u, &s->alias, 300, &s->ptr);
}

static void delete_rrset(struct ddns_update *u, const struct scene *s)
{
    ddns_update_delete_rrset(u, &s->host, DDNS_TYPE_A);
}

static void delete_name(struct ddns_update *u, const struct scene *s)
{
    ddns_update_delete_name(u, &s->host);
}

static void delete_a(struct ddns_update *u, const struct scene *s)
{
    ddns_update_delete(u, &s->host, &s->a);
}

static void delete_ptr(struct ddns_update *u, const struct scene *s)
{
    ddns_update_delete(u, &s->pointer, &s->ptr);
}

static void claim(struct ddns_update *u, const struct scene *s)
{
    require_no_name(u, s);
    add_a(u, s);
    add_dhcid(u, s);
}

static void refresh(struct ddns_update *u, const struct scene *s)
{
    require_name(u, s);
    require_rr_dhcid(u, s);
    delete_rrset(u, s);
    add_a(u, s);
}

static void reverse(struct ddns_update *u, const struct scene *s)
{
    ddns_update_delete_rrset(u, &s->pointer, DDNS_TYPE_PTR);
    add_ptr(u, s);
}

static const struct form {
    const char *name;
    bool in_reverse_zone;
    void (*build)(struct ddns_update *u, const struct scene *s);
} forms[] = {
    { "require-rrset", false, require_rrset },
    { "require-rr", false, require_rr },
    { "require-rr-dhcid", false, require_rr_dhcid },
    { "require-no-rrset", false, require_no_rrset },
    { "require-name", false, require_name },
    { "require-no-name", false, require_no_name },
    { "add-a", false, add_a },
    { "add-aaaa", false, add_aaaa },
    { "add-dhcid", false, add_dhcid },
    { "add-ptr", true, add_ptr },
    { "add-ptr-below", false, add_ptr_below },
    { "delete-rrset", false, delete_rrset },
    { "delete-name", false, delete_name },
    { "delete-a", false, delete_a },
    { "delete-ptr", true, delete_ptr },
    { "claim", false, claim },
    { "refresh", false, refresh },
    { "reverse", true, reverse },
};

static const struct form *form_of(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(forms[i].name, name) == 0) {
            return &forms[i];
        }
    }
    cr_assert_fail("no form %s", name);
    abort();
}

Test(update, every_form_is_octet_for_octet_what_nsupdate_and_knsupdate_send)
{
    struct vectors v = vectors_open(VECTORS "/update-forms.txt");
    struct scene s;

    set_scene(&s);
    while (vectors_next(&v, 3)) {
        const struct form *form = form_of(v.columns[1]);
        uint8_t want[512];
        uint8_t buf[512];
        struct ddns_update u;
        size_t len = vector_bytes(v.columns[2], want, sizeof want);
        uint16_t id = (uint16_t)(want[0] << 8 | want[1]);

        ddns_update_begin(&u, buf, sizeof buf, id,
                          form->in_reverse_zone ? &s.reverse : &s.forward);
        form->build(&u, &s);
        cr_assert_eq(ddns_update_finish(&u), DDNS_OK, "%s", form->name);
        cr_assert_eq(u.w.len, len, "%s of %s", form->name, v.columns[0]);
        cr_expect_arr_eq(buf, want, len, "%s of %s", form->name, v.columns[0]);
    }
    cr_expect_eq(v.rows, 2 * (sizeof forms / sizeof *forms));
    vectors_close(&v);
}

/* ---- what the builder refuses -------------------------------------------- */

Test(update, a_prerequisite_after_an_update_is_a_mistake)
{
    uint8_t buf[512];
    struct ddns_update u;
    struct scene s;

    set_scene(&s);
    ddns_update_begin(&u, buf, sizeof buf, 1, &s.forward);
    add_a(&u, &s);
    require_name(&u, &s);
    add_dhcid(&u, &s);
    cr_expect_eq(ddns_update_finish(&u), DDNS_E_BUG);
}

Test(update, a_message_without_room_says_so_at_every_size)
{
    uint8_t whole[512];
    struct ddns_update u;
    struct scene s;
    size_t need;

    set_scene(&s);
    ddns_update_begin(&u, whole, sizeof whole, 1, &s.forward);
    refresh(&u, &s);
    cr_assert_eq(ddns_update_finish(&u), DDNS_OK);
    need = u.w.len;
    for (size_t cap = 0; cap <= need; cap++) {
        uint8_t *block = malloc(cap + 1); /* its end is where ASan watches */

        cr_assert_not_null(block);
        ddns_update_begin(&u, block + 1, cap, 1, &s.forward);
        refresh(&u, &s);
        cr_expect_eq(ddns_update_finish(&u), cap < need ? DDNS_E_SPACE : DDNS_OK);
        free(block);
    }
}

Test(update, no_message_is_larger_than_tcp_can_carry)
{
    static uint8_t buf[2 * DDNS_MESSAGE_MAX];
    struct ddns_update u;
    struct scene s;

    set_scene(&s);
    ddns_update_begin(&u, buf, sizeof buf, 1, &s.forward);
    for (unsigned i = 0; i < 2000; i++) {
        add_dhcid(&u, &s);
    }
    cr_expect_eq(ddns_update_finish(&u), DDNS_E_SPACE);
    cr_expect_leq(u.w.len, DDNS_MESSAGE_MAX);
}

Test(update, names_in_rdata_of_a_type_not_well_known_are_not_compressed)
{
    enum { TYPE_SRV = 33 };
    uint8_t buf[512];
    struct ddns_update u;
    struct scene s;
    struct ddns_rdata target;
    size_t before;

    set_scene(&s);
    target = (struct ddns_rdata){ .type = TYPE_SRV, .name = &s.host };
    ddns_update_begin(&u, buf, sizeof buf, 1, &s.forward);
    add_a(&u, &s);
    before = u.w.len;
    ddns_update_add(&u, &s.host, 300, &target);
    cr_assert_eq(ddns_update_finish(&u), DDNS_OK);
    cr_expect_eq(u.w.len - before, 2u + 10u + s.host.len);
}
