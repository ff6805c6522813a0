/* SPDX-License-Identifier: MPL-2.0 */
#include <criterion/criterion.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string.h>

#include "proto/base64.h"
#include "proto/tsig.h"
#include "support/leaks.h"

TestSuite(tsig_key, .fini = no_leaks);

static const struct ddns_bytes secret = { (const uint8_t *)"0123456789abcdef", 16 };

static struct ddns_name name_of(const char *text)
{
    struct ddns_name name;

    cr_assert_eq(ddns_name_parse(text, &name), DDNS_OK, "%s", text);
    return name;
}

/* ---- algorithms: RFC 8945 section 6, MAC sizes: section 5.2.2.1 ----------- */

enum { RECORD_AND_FIXED_RDATA = 10 + 16 };

static const struct {
    const char *algorithm;
    unsigned digest_bits;
    ddns_error error;
    size_t mac_len;
    size_t name_len;
} keys[] = {
    { "hmac-md5", 0, DDNS_OK, 16, 26 },
    { "HMAC-MD5", 80, DDNS_OK, 10, 26 },
    { "hmac-md5", 72, DDNS_E_DIGEST_BITS, 0, 0 },
    { "hmac-md5", 136, DDNS_E_DIGEST_BITS, 0, 0 },
    { "HMAC-MD5.SIG-ALG.REG.INT", 128, DDNS_OK, 16, 26 },
    { "hmac-md5.sig-alg.reg.int.", 0, DDNS_OK, 16, 26 },
    { "hmac-sha1", 0, DDNS_OK, 20, 11 },
    { "hmac-sha1", 80, DDNS_OK, 10, 11 },
    { "hmac-sha1", 168, DDNS_E_DIGEST_BITS, 0, 0 },
    { "hmac-sha224", 0, DDNS_OK, 28, 13 },
    { "hmac-sha224", 112, DDNS_OK, 14, 13 },
    { "hmac-sha224", 104, DDNS_E_DIGEST_BITS, 0, 0 },
    { "HMAC-SHA256", 0, DDNS_OK, 32, 13 },
    { "hmac-sha256", 128, DDNS_OK, 16, 13 },
    { "hmac-sha256", 129, DDNS_E_DIGEST_BITS, 0, 0 },
    { "hmac-sha256", 120, DDNS_E_DIGEST_BITS, 0, 0 },
    { "hmac-sha384", 0, DDNS_OK, 48, 13 },
    { "hmac-sha384", 192, DDNS_OK, 24, 13 },
    { "hmac-sha512", 0, DDNS_OK, 64, 13 },
    { "hmac-sha512", 512, DDNS_OK, 64, 13 },
    { "hmac-sha512", 520, DDNS_E_DIGEST_BITS, 0, 0 },
    { "hmac-sha512", 0xffffff00, DDNS_E_DIGEST_BITS, 0, 0 },
    { "hmac-sha3", 0, DDNS_E_ALGORITHM, 0, 0 },
    { "sha256", 0, DDNS_E_ALGORITHM, 0, 0 },
    { "gss-tsig", 0, DDNS_E_ALGORITHM, 0, 0 },
    { "", 0, DDNS_E_ALGORITHM, 0, 0 },
    { "hmac..sha1", 0, DDNS_E_ALGORITHM, 0, 0 },
};

Test(tsig_key, algorithms_and_mac_sizes_are_the_registered_ones)
{
    struct ddns_name name = name_of("Key.Example.");

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct ddns_tsig_key *key = NULL;

        cr_assert_eq(ddns_tsig_key_new(&name, keys[i].algorithm, keys[i].digest_bits,
                                       secret, &key),
                     keys[i].error, "%s %u", keys[i].algorithm, keys[i].digest_bits);
        if (keys[i].error != DDNS_OK) {
            cr_expect_null(key, "a result is written only on success");
            continue;
        }
        cr_expect_eq(ddns_tsig_key_overhead(key),
                     name.len + keys[i].name_len + keys[i].mac_len +
                         RECORD_AND_FIXED_RDATA,
                     "%s", keys[i].algorithm);
        cr_expect_arr_eq(ddns_tsig_key_name(key)->wire, name.wire, name.len,
                         "the name is kept as it was given");
        ddns_tsig_key_free(key);
    }
}

Test(tsig_key, an_empty_secret_is_refused_and_freeing_nothing_is_fine)
{
    struct ddns_name name = name_of("key.");
    struct ddns_tsig_key *key = NULL;

    cr_expect_eq(
        ddns_tsig_key_new(&name, "hmac-sha256", 0, (struct ddns_bytes){ 0 }, &key),
        DDNS_E_INVALID);
    cr_expect_null(key);
    ddns_tsig_key_free(NULL);
}

/* ---- base64: RFC 4648 section 10 ------------------------------------------ */

static const struct {
    const char *text;
    const char *octets; /* NULL: not base64 */
    size_t len;
} base64[] = {
    { "", "", 0 },
    { "Zg==", "f", 1 },
    { "Zm8=", "fo", 2 },
    { "Zm9v", "foo", 3 },
    { "Zm9vYg==", "foob", 4 },
    { "Zm9vYmE=", "fooba", 5 },
    { "Zm9vYmFy", "foobar", 6 },
    { " Zm9v\n\tYm Fy\r\n", "foobar", 6 },
    { "Z m 8 =", "fo", 2 },
    { "+/+/", "\373\377\277", 3 },
    { "AAAA", "\0\0\0", 3 },
    { "Zg", NULL, 0 },
    { "Zg=", NULL, 0 },
    { "Zg===", NULL, 0 },
    { "Zm9v=", NULL, 0 },
    { "Zm9v====", NULL, 0 },
    { "====", NULL, 0 },
    { "Z===", NULL, 0 },
    { "=Zg=", NULL, 0 },
    { "Zg=v", NULL, 0 },
    { "Zg==Zg==", NULL, 0 },
    { "Zg==Zm9v", NULL, 0 },
    { "Zh==", NULL, 0 },
    { "Zm9=", NULL, 0 },
    { "Zm9-", NULL, 0 },
    { "Zm9_", NULL, 0 },
    { "-Zm9v", NULL, 0 },
    { "Zm9v-", NULL, 0 },
    { "Zm9vZ", NULL, 0 },
    { "Zm9v\200", NULL, 0 },
};

Test(tsig_key, base64_is_decoded_strictly)
{
    for (size_t i = 0; i < sizeof base64 / sizeof *base64; i++) {
        size_t room = strlen(base64[i].text) / 4 * 3;
        uint8_t *block = malloc(room + 1); /* its end is where ASan watches */
        size_t len = 99;
        ddns_error error;

        cr_assert_not_null(block);
        error = ddns_base64_decode(base64[i].text, block + 1, &len);
        if (base64[i].octets == NULL) {
            cr_expect_eq(error, DDNS_E_BASE64, "%s", base64[i].text);
            cr_expect_eq(len, 99, "a result is written only on success");
        } else {
            cr_expect_eq(error, DDNS_OK, "%s", base64[i].text);
            cr_assert_eq(len, base64[i].len, "%s", base64[i].text);
            cr_expect_arr_eq(block + 1, base64[i].octets, len, "%s", base64[i].text);
        }
        free(block);
    }
}

/* RFC 4648 section 10. */
Test(tsig_key, base64_is_encoded_with_padding)
{
    static const char *const texts[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
                                         "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

    for (size_t len = 0; len < sizeof texts / sizeof *texts; len++) {
        size_t room = (len + 2) / 3 * 4 + 1;
        char *text = malloc(room); /* its end is where ASan watches */

        cr_assert_not_null(text);
        ddns_base64_encode((struct ddns_bytes){ (const uint8_t *)"foobar", len }, text);
        cr_expect_str_eq(text, texts[len]);
        free(text);
    }
}

/* ---- when libcrypto has no memory ----------------------------------------- */

static int allocations_left = -1; /* -1: no limit */

static bool refuse_allocation(void)
{
    if (allocations_left > 0) {
        allocations_left--;
    }
    return allocations_left == 0;
}

static void *limited_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return refuse_allocation() ? NULL : malloc(size);
}

static void *limited_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return refuse_allocation() ? NULL : realloc(block, size);
}

static void plain_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

/* Before main: libcrypto takes other functions only until its first allocation,
 * and Criterion brings libraries that make one. */
static bool can_refuse;

__attribute__((constructor)) static void take_over_allocations(void)
{
    can_refuse =
        CRYPTO_set_mem_functions(limited_malloc, limited_realloc, plain_free) == 1;
}

static ddns_error sign(const struct ddns_tsig_key *key)
{
    uint8_t buf[512] = { 0 };
    struct ddns_writer w = ddns_writer_of(buf, sizeof buf);
    struct ddns_mac mac;
    ddns_error error;

    w.len = DDNS_HEADER_LEN;
    error = ddns_tsig_sign(&w, key, 1, &mac);
    if (error != DDNS_OK) {
        cr_expect_eq(w.len, DDNS_HEADER_LEN, "no half a record");
        cr_expect_eq(buf[11], 0, "and not counted");
    }
    return error;
}

/* The second time with what is left of the first. */
static ddns_error make_key_and_sign_twice(const struct ddns_name *name)
{
    struct ddns_tsig_key *key = NULL;
    ddns_error error = ddns_tsig_key_new(name, "hmac-sha256", 0, secret, &key);

    for (unsigned i = 0; i < 2 && error == DDNS_OK; i++) {
        error = sign(key);
    }
    ddns_tsig_key_free(key);
    return error;
}

Test(tsig_key, every_allocation_of_libcrypto_may_fail)
{
    struct ddns_name name = name_of("key.");
    ddns_error error = DDNS_E_CRYPTO;
    int failing = 0;

    cr_assert_eq(CRYPTO_set_mem_functions(limited_malloc, limited_realloc, plain_free),
                 1);
    cr_assert_eq(make_key_and_sign_twice(&name),
                 DDNS_OK); /* libcrypto sets itself up once */
    while (error != DDNS_OK && failing < 1000) {
        allocations_left = ++failing;
        error = make_key_and_sign_twice(&name);
        allocations_left = -1;
        cr_expect(error == DDNS_OK || error == DDNS_E_CRYPTO);
        cr_expect_eq(ERR_peek_error(), 0, "the thread's error queue is left clean");
    }
    cr_expect_eq(error, DDNS_OK);
    cr_expect_gt(failing, 3, "nothing was made to fail");
}
