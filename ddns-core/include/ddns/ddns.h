/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_H
#define DDNS_H

/*
 * ddns.h - keep DNS in step with DHCP leases.
 *
 * A ddns_client owns one thread and the connections to the configured DNS
 * servers.  A DHCP server says what DNS should say about a leased address; the
 * client finds the zone, builds and signs the update (RFC 2136, RFC 8945),
 * resolves name conflicts (RFC 4703) and goes on until the zone agrees or
 * something else is wanted.
 *
 * Rules that hold for every function below
 *
 *   Errors     A function that can fail returns ddns_error: DDNS_OK (zero) or
 *              one negative code.  What a DNS server answered is not an error;
 *              it arrives in an event.
 *   Results    Result parameters come last, start with out_, and are written
 *              only when the function returns DDNS_OK.
 *   Ownership  Everything passed in is borrowed for the length of the call and
 *              copied if it is kept.  Everything passed to a callback is valid
 *              until the callback returns.  *_free() accepts NULL.
 *   Threads    A ddns_config belongs to one thread at a time.  Functions on a
 *              running ddns_client may be called from any thread, except
 *              ddns_client_stop(), which must not run inside a callback.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DDNS_NODISCARD __attribute__((warn_unused_result))
#else
#define DDNS_NODISCARD
#endif

/* ---- errors ------------------------------------------------------------ */

/** Every error: symbol, value, class, message.  Values are never reused. */
#define DDNS_ERROR_MAP(X)                                                                \
    X(DDNS_OK, 0, NONE, "success")                                                       \
    X(DDNS_E_INVALID, -1, USAGE, "invalid argument")                                     \
    X(DDNS_E_NAME, -2, USAGE, "invalid domain name")                                     \
    X(DDNS_E_NO_ZONE, -3, USAGE, "no configured zone encloses the name")                 \
    X(DDNS_E_NOT_OURS, -4, USAGE, "a lease may not hold a zone apex or a wildcard")      \
    X(DDNS_E_DUPLICATE, -5, USAGE, "is defined twice")                                   \
    X(DDNS_E_ALGORITHM, -6, USAGE, "unknown TSIG algorithm")                             \
    X(DDNS_E_DIGEST_BITS, -7, USAGE, "digest-bits does not fit the algorithm")           \
    X(DDNS_E_BASE64, -8, USAGE, "not valid base64")                                      \
    X(DDNS_E_NO_KEY, -9, USAGE, "no such TSIG key")                                      \
    X(DDNS_E_ADDRESS, -10, USAGE, "not an IP address")                                   \
    X(DDNS_E_NOMEM, -11, RESOURCE, "out of memory")                                      \
    X(DDNS_E_FULL, -12, RESOURCE, "limit reached")                                       \
    X(DDNS_E_SHORT, -13, WIRE, "message ends too early")                                 \
    X(DDNS_E_FORMAT, -14, WIRE, "message is malformed")                                  \
    X(DDNS_E_SPACE, -15, WIRE, "message does not fit")                                   \
    X(DDNS_E_CRYPTO, -16, RESOURCE, "cryptographic library failed")                      \
    X(DDNS_E_REFUSED, -17, IO, "connection refused")                                     \
    X(DDNS_E_UNREACHABLE, -18, IO, "host or network unreachable")                        \
    X(DDNS_E_CLOSED, -19, IO, "connection closed by the server")                         \
    X(DDNS_E_IO, -20, IO, "network failure")                                             \
    X(DDNS_E_TIMEOUT, -21, IO, "no answer in time")                                      \
    X(DDNS_E_STORE, -22, RESOURCE, "ledger failure")                                     \
    X(DDNS_E_STOPPING, -23, STATE, "client is stopping")                                 \
    X(DDNS_E_BUG, -24, STATE, "internal invariant does not hold")

typedef enum ddns_error {
#define DDNS_X(symbol, value, class_, text) symbol = (value),
    DDNS_ERROR_MAP(DDNS_X)
#undef DDNS_X
} ddns_error;

/** What a caller can do about an error; switch on this, not on the code. */
typedef enum ddns_error_class {
    DDNS_CLASS_NONE,
    DDNS_CLASS_USAGE,    /**< fix the call or the configuration */
    DDNS_CLASS_RESOURCE, /**< try again later */
    DDNS_CLASS_WIRE,     /**< the peer sent, or would need, something invalid */
    DDNS_CLASS_IO,       /**< another server, or later, may work */
    DDNS_CLASS_STATE,    /**< wrong moment in the object's life */
} ddns_error_class;

/** Static text for @p error; never NULL, also for unknown values. */
const char *ddns_strerror(ddns_error error);
ddns_error_class ddns_error_class_of(ddns_error error);

/** "NOERROR", "REFUSED", ... (RFC 6895); "RCODE" for one without a name. */
const char *ddns_rcode_text(unsigned rcode);

/** "BADSIG", "BADKEY", ... (RFC 8945); "" for zero, "TSIG error" for others. */
const char *ddns_tsig_error_text(unsigned tsig_error);

/** Caller-owned room for one sentence a person can act on. */
typedef struct ddns_errbuf {
    char text[256];
} ddns_errbuf;

/* ---- addresses and names ------------------------------------------------ */

/** An IP address by value: four or sixteen bytes in network order. */
typedef struct ddns_address {
    uint8_t bytes[16];
    uint8_t len; /**< 4 or 16 */
} ddns_address;

/** Parse an IPv4 or IPv6 literal.  @retval DDNS_E_ADDRESS it is neither */
DDNS_NODISCARD ddns_error ddns_address_parse(const char *text, ddns_address *out_address);

enum { DDNS_ADDRESS_TEXT_MAX = 46 }; /**< with the closing NUL */

/** Write @p address into @p text, which has DDNS_ADDRESS_TEXT_MAX bytes. */
void ddns_address_text(const ddns_address *address, char *text);

enum { DDNS_NAME_TEXT_MAX = 1026 }; /**< every octet as \DDD, with the closing NUL */

/**
 * The owner of the address's PTR record, e.g. "7.2.0.192.in-addr.arpa."
 * (RFC 1035 section 3.5, RFC 3596 section 2.5), into @p text, which has
 * DDNS_NAME_TEXT_MAX bytes.
 */
void ddns_address_reverse_text(const ddns_address *address, char *text);

/**
 * Make the absolute name of @p name in @p zone, as a zone file would: relative
 * unless it ends with a dot, "@" for the zone itself.
 *
 * @param out_text  has DDNS_NAME_TEXT_MAX bytes; ends with a dot
 * @retval DDNS_E_NAME     one of them is not a domain name
 * @retval DDNS_E_NO_ZONE  an absolute name is not in @p zone
 */
DDNS_NODISCARD ddns_error ddns_name_in(const char *name, const char *zone,
                                       char *out_text);

/* ---- configuration ----------------------------------------------------- */

typedef struct ddns_config ddns_config;

typedef enum ddns_transport {
    DDNS_TCP, /**< one pipelined connection (RFC 7766) */
    DDNS_UDP, /**< falls back to TCP when truncated or too large (RFC 2136 section 6.2) */
} ddns_transport;

typedef struct ddns_server {
    const char *address; /**< IPv4 or IPv6 literal; names are not resolved */
    uint16_t port;       /**< 0 means 53 */
    ddns_transport transport;
    const char *key; /**< name given to ddns_config_add_key(), or NULL: unsigned */
} ddns_server;

typedef enum ddns_secret_encoding {
    DDNS_SECRET_BASE64, /**< as in D2's and BIND's configurations */
    DDNS_SECRET_TEXT,   /**< the bytes themselves, as RouterOS takes them */
} ddns_secret_encoding;

typedef struct ddns_key {
    const char *name;
    const char *algorithm; /**< "hmac-sha256", "HMAC-SHA256", "hmac-md5", ... */
    unsigned digest_bits;  /**< bits of the MAC to send and require; 0: all (RFC 8945
                              section 5.2.2.1) */
    const char *secret;    /**< copied, and wiped when the copy is freed */
    ddns_secret_encoding encoding;
} ddns_key;

/** Make an empty configuration.  Free it with ddns_config_free(). */
DDNS_NODISCARD ddns_error ddns_config_new(ddns_config **out_config);
void ddns_config_free(ddns_config *config);

/**
 * Add a TSIG key.
 *
 * @retval DDNS_E_NAME         the name is no domain name
 * @retval DDNS_E_ALGORITHM, DDNS_E_DIGEST_BITS, DDNS_E_BASE64, DDNS_E_DUPLICATE
 * @retval DDNS_E_INVALID      the secret is empty
 */
DDNS_NODISCARD ddns_error ddns_config_add_key(ddns_config *config, const ddns_key *key);

/** Which of the two trees a zone belongs to. */
typedef enum ddns_direction {
    DDNS_FORWARD = 1u << 0,
    DDNS_REVERSE = 1u << 1,
} ddns_direction;

/**
 * Add a zone and its servers, most preferred first.
 *
 * "*" matches every name that no other zone of its direction encloses; the
 * zone updated is then the parent of the name.
 *
 * @retval DDNS_E_NAME       the zone is no domain name
 * @retval DDNS_E_DUPLICATE  the direction has that zone already
 * @retval DDNS_E_ADDRESS    a server's address is none
 * @retval DDNS_E_NO_KEY     a server names a key that was not added
 * @retval DDNS_E_INVALID    no server is given
 */
DDNS_NODISCARD ddns_error ddns_config_add_zone(ddns_config *config,
                                               ddns_direction direction, const char *zone,
                                               const ddns_server *servers, size_t count);

enum { DDNS_TIMEOUT_DEFAULT_MS = 2000 };

/** How long a server may take to answer, 1 to 60000 ms; DDNS_E_INVALID outside. */
DDNS_NODISCARD ddns_error ddns_config_set_timeout(ddns_config *config, unsigned ms);

/* ---- bindings ---------------------------------------------------------- */

/** What the DHCID is computed from (RFC 4701 section 3.3). */
typedef enum ddns_identity_kind {
    DDNS_ID_NONE,      /**< no DHCID; only where the mode uses none */
    DDNS_ID_HWADDR,    /**< hardware type, then chaddr */
    DDNS_ID_CLIENT_ID, /**< option 61 as sent; a DUID inside it (RFC 4361) is found */
    DDNS_ID_DUID,
} ddns_identity_kind;

enum { DDNS_IDENTITY_MAX = 255 };

typedef struct ddns_identity {
    ddns_identity_kind kind;
    const uint8_t *data;
    size_t len; /**< at most DDNS_IDENTITY_MAX */
} ddns_identity;

/** How a name is defended against other clients, in Kea's words. */
typedef enum ddns_conflict_mode {
    DDNS_CHECK_WITH_DHCID, /**< RFC 4703: only a name whose DHCID is the client's */
    DDNS_CHECK_EXISTS_WITH_DHCID, /**< any name that has a DHCID */
    DDNS_NO_CHECK_WITH_DHCID,     /**< any name; leaves a DHCID */
    DDNS_NO_CHECK_WITHOUT_DHCID,  /**< any name; no DHCID */
    DDNS_ASSOCIATE,               /**< not a lease: replace the address, remove just it */
} ddns_conflict_mode;

/** What DNS should say about one leased address. */
typedef struct ddns_binding {
    ddns_address address;
    unsigned directions; /**< DDNS_FORWARD | DDNS_REVERSE */
    const char *fqdn;    /**< presentation form; the final dot is optional */
    ddns_identity identity;
    ddns_conflict_mode mode;
    uint32_t ttl; /**< seconds, at most 2^31 - 1 (RFC 2181 section 8) */
} ddns_binding;

/* ---- events ------------------------------------------------------------ */

typedef enum ddns_event_kind {
    /** The zone of direction says what was wanted. */
    DDNS_EVENT_ADDED,
    /** The zone of direction no longer has the record. */
    DDNS_EVENT_REMOVED,
    /** The name belongs to someone else; the lease waits (RFC 4703 section 5.3.3). */
    DDNS_EVENT_CONFLICT,
    /** Refused, or never answered, for this address alone; tried again later. */
    DDNS_EVENT_REFUSED,
    /** The server rests; error says why. */
    DDNS_EVENT_SERVER_DOWN,
    DDNS_EVENT_SERVER_UP,
    /** The server refuses the zone, and the next is used; rcode, tsig_error say why. */
    DDNS_EVENT_ZONE_DOWN,
    DDNS_EVENT_ZONE_UP,
} ddns_event_kind;

/** A fact for the caller to log, count or act on; the library prints nothing. */
typedef struct ddns_event {
    ddns_event_kind kind;
    const ddns_address *address; /**< the lease's; NULL for servers and zones */
    const char *fqdn;            /**< the lease's name; NULL for servers and zones */
    ddns_direction direction;    /**< 0 for servers */
    const char *zone;            /**< NULL for servers */
    const char *server;          /**< "address#port"; NULL where none is meant */
    const char *key;             /**< name of the TSIG key used, or NULL */
    ddns_error error;            /**< DDNS_OK where the server answered */
    unsigned rcode;
    unsigned tsig_error; /**< BADSIG 16, BADKEY 17, BADTIME 18, BADTRUNC 22, or 0 */
    int64_t clock_skew;  /**< BADTIME: server's clock minus ours, seconds */
} ddns_event;

/** Called on the client's thread.  Must return quickly and not throw. */
typedef void ddns_event_fn(void *user, const ddns_event *event);

/* ---- client ------------------------------------------------------------ */

typedef struct ddns_client ddns_client;

/**
 * Start the thread.  @p config is copied and may be freed at once.  On failure
 * nothing keeps running and @p errbuf, which may be NULL, says what to fix.
 */
DDNS_NODISCARD ddns_error ddns_client_start(const ddns_config *config,
                                            ddns_event_fn *on_event, void *user,
                                            ddns_client **out_client,
                                            ddns_errbuf *errbuf);

/**
 * Want DNS to say @p binding; replaces what was wanted for its address.
 *
 * Copies it, wakes the thread and returns; never waits for the network.
 * Wanting again what DNS already says costs one look-up; wanting again what
 * met a conflict tries once more.
 *
 * A direction for which no zone is configured at all is left out.
 *
 * @retval DDNS_E_NAME      the name is no domain name
 * @retval DDNS_E_NO_ZONE   a direction has zones, but none encloses the name
 * @retval DDNS_E_NOT_OURS  the name is a zone's apex or has a "*" label
 * @retval DDNS_E_INVALID   no direction, or an identity the mode cannot use
 * @retval DDNS_E_NOMEM     nothing was remembered
 * @retval DDNS_E_STOPPING  ddns_client_stop() has begun
 */
DDNS_NODISCARD ddns_error ddns_client_set(ddns_client *client,
                                          const ddns_binding *binding);

/**
 * Like ddns_client_set(), for a lease found in the lease database at start:
 * DNS may have been told already, so it is asked to refresh before it is asked
 * to claim, and a later change of name removes this one.
 */
DDNS_NODISCARD ddns_error ddns_client_resume(ddns_client *client,
                                             const ddns_binding *binding);

/**
 * Want DNS to say nothing about the address of @p binding.  The rest of it is
 * used only where the client does not know what DNS was told, and may be empty.
 */
DDNS_NODISCARD ddns_error ddns_client_clear(ddns_client *client,
                                            const ddns_binding *binding);

/** Counted since the start of the client. */
typedef struct ddns_stats {
    uint64_t bindings;  /**< addresses known now */
    uint64_t unsettled; /**< of these, DNS does not yet say what is wanted */
    uint64_t in_flight; /**< update messages that wait for an answer now */
    uint64_t sent, answered, added, removed, conflicts, refused, timeouts;
    uint64_t ignored; /**< answers that were malformed, unsigned, forged or late */
} ddns_stats;

void ddns_client_stats(ddns_client *client, ddns_stats *out_stats);

/**
 * Stop, join the thread and free @p client.  Waits at most @p grace_ms for
 * what can still be told to servers that answer.
 */
void ddns_client_stop(ddns_client *client, unsigned grace_ms);

/**
 * Ask @p server which zone holds @p name (SOA query, RFC 1035; the answer's or
 * the authority section's owner).  Blocks.  @p out_zone has DDNS_NAME_TEXT_MAX
 * bytes.
 *
 * @retval DDNS_E_NO_ZONE  the server answered, but knows no such zone
 * @retval DDNS_E_TIMEOUT and the other IO errors
 */
DDNS_NODISCARD ddns_error ddns_find_zone(const ddns_server *server, const char *name,
                                         unsigned timeout_ms, char *out_zone);

#ifdef __cplusplus
}
#endif

#endif
