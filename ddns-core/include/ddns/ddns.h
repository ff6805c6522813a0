/* SPDX-License-Identifier: MPL-2.0 */
#ifndef DDNS_H
#define DDNS_H

/*
 * ddns.h - keep DNS in step with DHCP leases.
 *
 * A ddns_client owns its threads, one ledger file and the connections to the
 * configured DNS servers.  A DHCP server says what DNS should say about a leased address;
 * the client finds the zone, builds and signs the update (RFC 2136, RFC 8945), resolves
 * name conflicts (RFC 4703) and goes on until the zone agrees or something else is
 * wanted.
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
    X(DDNS_E_BUG, -24, STATE, "internal invariant does not hold")                        \
    X(DDNS_E_UNREADABLE, -25, IO, "no server lets the zone be read")                     \
    X(DDNS_E_SIGNATURE, -26, IO, "answer is not signed as it must be")

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

/** The addresses whose first @p length bits are those of @p address. */
typedef struct ddns_prefix {
    ddns_address address;
    unsigned length; /**< at most 32 or 128 */
} ddns_prefix;

enum { DDNS_PREFIX_TEXT_MAX = DDNS_ADDRESS_TEXT_MAX + 4 }; /**< with "/128" */

/**
 * Parse "192.0.2.0/24" or "2001:db8::/32"; an address alone is a prefix of all its
 * bits.  @retval DDNS_E_ADDRESS it is neither
 */
DDNS_NODISCARD ddns_error ddns_prefix_parse(const char *text, ddns_prefix *out_prefix);

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

/**
 * Let the reverse zone that was added last serve @p network alone, under names of its
 * own (RFC 2317 section 4).  The zone of the smallest network that holds an address
 * comes before all zones without one.
 *
 * @param owner_pattern  the owner of a PTR record relative to the zone, with one "$" for
 *                       the labels of the address below the network's whole octets
 *                       (IPv6: hexadecimal digits), as "$" for
 * 130.128/26.2.0.192.in-addr.arpa.; NULL for "$"
 * @retval DDNS_E_ADDRESS    the network has bits set past its length
 * @retval DDNS_E_NAME       the pattern has not one "$", or makes no domain name
 * @retval DDNS_E_DUPLICATE  another zone has that network
 * @retval DDNS_E_INVALID    no zone was added, or "*", a forward one, or one with a
 * network
 * @retval DDNS_E_NOMEM      nothing is changed
 */
DDNS_NODISCARD ddns_error ddns_config_set_network(ddns_config *config,
                                                  const ddns_prefix *network,
                                                  const char *owner_pattern);

enum { DDNS_TIMEOUT_DEFAULT_MS = 2000 };

/** How long a server may take to answer, 1 to 60000 ms; DDNS_E_INVALID outside. */
DDNS_NODISCARD ddns_error ddns_config_set_timeout(ddns_config *config, unsigned ms);

/**
 * Let a client of DHCPv4 and one of DHCPv6 share a name; false before this is called.
 *
 * The DHCID of a host in DHCPv4 differs from its DHCID in DHCPv6, unless it sends its
 * DUID in both (RFC 4361).  In mixed mode a name may have one of each: which family wrote
 * a DHCID shows in its identifier type (RFC 4701 section 3.3), and each family guards its
 * own addresses.  Every binding is then told in the mixed mode of its own.  All that
 * update a name in this way must, and its server must answer queries from here.
 */
void ddns_config_set_dual_stack_mixed_mode(ddns_config *config, bool mixed);

/**
 * Remember in the file @p path what DNS was told, so that what has to be removed
 * is known after a restart.  Without this it dies with the client.  Nothing waits
 * for a ledger that cannot be used: the client goes on without, says so in an
 * event, and takes it up again when it can.
 *
 * @retval DDNS_E_INVALID, DDNS_E_NOMEM  the path is empty; nothing is changed
 */
DDNS_NODISCARD ddns_error ddns_config_set_ledger(ddns_config *config, const char *path);

/**
 * Write what is counted into the file @p path, in Prometheus' text format, every five
 * seconds: for the textfile collector of node_exporter, which wants it to end with
 * ".prom".  It is replaced as a whole (by way of the same name with ".new" behind it),
 * everybody may read it, and it is removed when the client stops.
 *
 * @param daemon  label of every sample; one of its own for each client on a host
 * @retval DDNS_E_INVALID, DDNS_E_NOMEM  one of them is empty; no file is written
 */
DDNS_NODISCARD ddns_error ddns_config_set_prometheus_file(ddns_config *config,
                                                          const char *path,
                                                          const char *daemon);

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
    /* The first three, where each address family has a DHCID of its own at a name: see
       ddns_config_set_dual_stack_mixed_mode(). */
    DDNS_MIXED_CHECK_WITH_DHCID,
    DDNS_MIXED_CHECK_EXISTS_WITH_DHCID,
    DDNS_MIXED_NO_CHECK_WITH_DHCID,
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
    /** The ledger cannot be used; detail says why.  Told once. */
    DDNS_EVENT_LEDGER_DOWN,
    /** It is in use again, and has all that was told meanwhile. */
    DDNS_EVENT_LEDGER_UP,
    /** It could not be read and has another name now, in detail; a new one is used. */
    DDNS_EVENT_LEDGER_SET_ASIDE,
    /** What the ledger had to say is known: the leases may be compared with it. */
    DDNS_EVENT_LEDGER_READ,
    /** The file for Prometheus cannot be written; detail says why.  Told once. */
    DDNS_EVENT_PROMETHEUS_DOWN,
    /** It is written again. */
    DDNS_EVENT_PROMETHEUS_UP,
} ddns_event_kind;

/** A fact for the caller to log, count or act on; the library prints nothing. */
typedef struct ddns_event {
    ddns_event_kind kind;
    const ddns_address *address; /**< the lease's, or NULL */
    const char *fqdn;            /**< the lease's name, or NULL */
    ddns_direction direction;    /**< 0 where no zone is meant */
    const char *zone;            /**< NULL where none is meant */
    const char *detail;          /**< a sentence, or NULL */
    uint64_t count;              /**< LEDGER_READ: addresses that DNS was told about */
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

/** What ddns_client_set() would say of @p binding, without wanting it. */
DDNS_NODISCARD ddns_error ddns_client_check(const ddns_client *client,
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

/** Addresses of one family, both ends included. */
typedef struct ddns_range {
    ddns_address first, last;
} ddns_range;

/**
 * The lease database is about to be read: ddns_client_resume() will be called for
 * every active lease in @p range, and then ddns_client_walk_end().  Meanwhile what
 * ddns_client_set() and ddns_client_clear() say counts more than what was read,
 * since it is newer; so the caller may read at its leisure, in pages.
 *
 * What was said before the walk began must show in what is read: a caller that hears
 * of the end of a lease before it is gone from the database gives that a moment.
 *
 * One walk at a time: a new one ends the one before it without a conclusion.
 *
 * @param afresh  tell DNS again what it was told before, as after a loss there
 * @retval DDNS_E_NOMEM, DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_client_walk_begin(ddns_client *client,
                                                 const ddns_range *range, bool afresh);

/**
 * End the walk.  If it was @p complete, DNS is to say nothing about the addresses
 * in its range that no lease was found for and none was set meanwhile.
 */
DDNS_NODISCARD ddns_error ddns_client_walk_end(ddns_client *client, bool complete);

/** Tell DNS again what is wanted for @p address, whatever it was told. */
DDNS_NODISCARD ddns_error ddns_client_retell(ddns_client *client,
                                             const ddns_address *address);

/* ---- what is known ------------------------------------------------------- */

/** Where the wish for a leased address is. */
typedef enum ddns_lease_state {
    DDNS_LEASE_SETTLED,    /**< DNS says what is wanted */
    DDNS_LEASE_QUEUED,     /**< its change leaves when a server of the zone takes it */
    DDNS_LEASE_IN_FLIGHT,  /**< an update with its change waits for the answer */
    DDNS_LEASE_CONFLICT,   /**< the name is another client's; waits until it is free */
    DDNS_LEASE_SUPERSEDED, /**< another lease of its client has the name */
    DDNS_LEASE_REFUSED,    /**< turned down for itself; tried again later */
    DDNS_LEASE_UNHEARD,    /**< from the ledger; the lease database was not yet read */
} ddns_lease_state;

/** All that is known about a leased address; texts are valid during the callback. */
typedef struct ddns_lease_info {
    ddns_address address;
    ddns_lease_state state;
    unsigned wanted;  /**< directions */
    const char *fqdn; /**< wanted; NULL for nothing */
    uint32_t ttl;     /**< wanted; seconds */
    ddns_conflict_mode mode;
    const char *told_fqdn; /**< name told to lead to the address, or NULL */
    const char *told_ptr;  /**< target told for its PTR, or NULL */
    bool told_fqdn_sure;   /**< DNS confirmed it */
    bool told_ptr_sure;
    uint64_t told_at;     /**< Unix seconds of the last change of that; 0: never */
    uint64_t answered_at; /**< Unix seconds of the last answer or failure; 0: none */
    ddns_error error;     /**< DDNS_OK where a server answered */
    unsigned rcode;
    unsigned tsig_error;
    const char *zone;  /**< of the change to be made, or NULL */
    uint64_t retry_ms; /**< until it can be tried; UINT64_MAX: when something happens */
} ddns_lease_info;

typedef void ddns_lease_fn(void *user, const ddns_lease_info *info);

/**
 * Call @p fn for the address, if anything is known of it.  It runs on the client's
 * thread while the caller waits, and must not call the client.
 *
 * @retval DDNS_E_TIMEOUT   the client is too busy; @p fn was not called
 * @retval DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_client_lease(ddns_client *client,
                                            const ddns_address *address,
                                            ddns_lease_fn *fn, void *user);

/** The same for each address that wants the name, or was told it. */
DDNS_NODISCARD ddns_error ddns_client_leases_named(ddns_client *client, const char *fqdn,
                                                   ddns_lease_fn *fn, void *user);

typedef enum ddns_server_state {
    DDNS_SERVER_READY,
    DDNS_SERVER_RESTING,  /**< does not answer */
    DDNS_SERVER_REFUSING, /**< answers, but does not take updates of the zone */
} ddns_server_state;

/** One server of one zone; texts are valid during the callback. */
typedef struct ddns_zone_info {
    const char *zone;
    ddns_direction direction;
    uint64_t waiting;   /**< leases with a change that has not left yet */
    uint64_t refused;   /**< leases turned down for themselves */
    uint64_t in_flight; /**< update messages of the zone that wait for an answer */
    const char *server; /**< "address#port" */
    const char *key;    /**< or NULL */
    ddns_server_state state;
    uint64_t since;    /**< Unix seconds of the last change of state; 0: the start */
    uint64_t retry_ms; /**< until it is tried again; 0 when it is ready */
    ddns_error error;  /**< of the last failure, also when it is over */
    unsigned rcode;
    unsigned tsig_error;
    int64_t clock_skew;
} ddns_zone_info;

typedef void ddns_zone_fn(void *user, const ddns_zone_info *info);

/** Call @p fn for each server of each zone, as ddns_client_lease() does. */
DDNS_NODISCARD ddns_error ddns_client_zones(ddns_client *client, ddns_zone_fn *fn,
                                            void *user);

typedef enum ddns_ledger_state {
    DDNS_LEDGER_IS_OFF,     /**< none is configured */
    DDNS_LEDGER_IS_READING, /**< the client has just started */
    DDNS_LEDGER_IS_UP,
    DDNS_LEDGER_IS_DOWN,
} ddns_ledger_state;

typedef struct ddns_ledger_info {
    ddns_ledger_state state;
    uint64_t since;   /**< Unix seconds of the last change of state */
    char detail[256]; /**< why it is, or was last, down; may be empty */
} ddns_ledger_info;

void ddns_client_ledger(ddns_client *client, ddns_ledger_info *out_info);

/** Counted since the start of the client. */
typedef struct ddns_stats {
    uint64_t bindings; /**< addresses known now */
    /** Of these, DNS does not yet say what is wanted. One that lost its name to another
     *  client has nothing to wait for and does not count; one that is refused does. */
    uint64_t unsettled;
    uint64_t in_flight; /**< update messages that wait for an answer now */
    uint64_t sent;      /**< update messages; what is sent once more is not counted */
    uint64_t answered, added, removed, conflicts, refused, timeouts;
    uint64_t ignored; /**< answers that were malformed, unsigned, forged or late */
} ddns_stats;

void ddns_client_stats(ddns_client *client, ddns_stats *out_stats);

/* ---- statistics ---------------------------------------------------------- */

/*
 * What is counted, for each server of each zone: symbol, name, meaning.  Every update
 * that was sent comes to one of SUCCESS, REJECTED, TIMEOUT and ERROR, or is in flight.
 */
#define DDNS_COUNTER_MAP(X)                                                              \
    X(SENT, "sent", "Update messages sent.")                                             \
    X(RESENT, "resent", "Updates sent once more: the datagram or its answer was lost.")  \
    X(SUCCESS, "success", "Updates answered with NOERROR.")                              \
    X(REJECTED, "rejected", "Updates answered with another RCODE.")                      \
    X(TIMEOUT, "timeout", "Updates without an answer in time.")                          \
    X(ERROR, "error", "Updates lost with their connection.")                             \
    X(QUERY_SENT, "query-sent", "Queries about the names of a rejected update.")         \
    X(RECORD_ADDED, "record-added", "A, AAAA and PTR records made or refreshed.")        \
    X(RECORD_REMOVED, "record-removed", "A, AAAA and PTR records removed.")              \
    X(CONFLICT, "conflict", "Names that were found to be another client's.")             \
    X(LEASE_REFUSED, "lease-refused", "Leases turned down for themselves.")

typedef enum ddns_counter {
#define DDNS_X(symbol, name, meaning) DDNS_COUNT_##symbol,
    DDNS_COUNTER_MAP(DDNS_X)
#undef DDNS_X
        DDNS_COUNTERS
} ddns_counter;

/** "sent", "query-sent", ... */
const char *ddns_counter_name(ddns_counter counter);

/** What it counts, in one sentence. */
const char *ddns_counter_meaning(ddns_counter counter);

/* What was found about signatures (RFC 8945 section 5), but for those that are good. */
#define DDNS_VERDICT_MAP(X)                                                              \
    X(BADSIG, "badsig")         /* the server's word: our MAC does not verify */         \
    X(BADKEY, "badkey")         /* it does not know our key */                           \
    X(BADTIME, "badtime")       /* the clocks differ */                                  \
    X(BADTRUNC, "badtrunc")     /* our MAC is too short */                               \
    X(OTHER, "other")           /* another TSIG error */                                 \
    X(UNSIGNED, "unsigned")     /* the answer has no signature */                        \
    X(WRONG_KEY, "wrong-key")   /* it has that of another key */                         \
    X(WRONG_MAC, "wrong-mac")   /* its MAC does not verify */                            \
    X(SHORT_MAC, "short-mac")   /* its MAC is too short */                               \
    X(WRONG_TIME, "wrong-time") /* it was signed at another time */

typedef enum ddns_verdict {
#define DDNS_X(symbol, name) DDNS_VERDICT_##symbol,
    DDNS_VERDICT_MAP(DDNS_X)
#undef DDNS_X
        DDNS_VERDICTS
} ddns_verdict;

/** "badsig", "wrong-mac", ... */
const char *ddns_verdict_name(ddns_verdict verdict);

enum {
    DDNS_RCODES = 12, /**< NOERROR 0 to NOTZONE 10 (RFC 6895); all others are the last */
    DDNS_BUCKETS_MAX = 16,
};

/** Whole numbers by their size: how many, and their sum. */
typedef struct ddns_histogram {
    const uint32_t *bounds; /**< the largest number of each bucket but the last */
    size_t bound_count;     /**< below DDNS_BUCKETS_MAX */
    uint64_t counts[DDNS_BUCKETS_MAX]; /**< of each bucket alone, one more than bounds */
    uint64_t sum;
} ddns_histogram;

/** What a zone and one of its servers had to do with each other. */
typedef struct ddns_traffic {
    ddns_direction direction;
    const char *zone;   /**< as configured: absolute, or "*" */
    const char *server; /**< "address#port" */
    ddns_transport transport;
    const char *key; /**< absolute; NULL: unsigned */
    uint64_t counts[DDNS_COUNTERS];
    uint64_t rcodes[DDNS_RCODES];     /**< of the answers to updates */
    uint64_t verdicts[DDNS_VERDICTS]; /**< of the answers to updates */
    ddns_histogram batch;             /**< changes in an update sent */
    ddns_histogram round_trip;        /**< ms from an update to its answer */
    ddns_histogram latency; /**< ms from when a lease wants a record to be made, changed
                               or removed to the server's NOERROR */
} ddns_traffic;

/** Updates that wait for an answer. */
uint64_t ddns_traffic_in_flight(const ddns_traffic *traffic);

typedef struct ddns_zone_load {
    ddns_direction direction;
    const char *zone; /**< as in ddns_traffic */
    uint64_t backlog; /**< leases with a change that has not left yet */
} ddns_zone_load;

typedef struct ddns_server_health {
    const char *server;
    ddns_transport transport;
    bool up;               /**< it does not rest */
    uint64_t connected;    /**< TCP connections made */
    uint64_t unconnected;  /**< refused, unreachable or broken off */
    uint64_t connect_late; /**< not made in time */
} ddns_server_health;

/** Counted since the start of the client, all at one moment. */
typedef struct ddns_statistics {
    ddns_stats totals;
    ddns_traffic *traffic;
    size_t traffic_count;
    ddns_zone_load *zones;
    size_t zone_count;
    ddns_server_health *servers;
    size_t server_count;
} ddns_statistics;

typedef void ddns_statistics_fn(void *user, const ddns_statistics *statistics);

/**
 * Call @p fn with what was counted up to a moment ago, on the calling thread.  Never
 * waits for the client's thread.  @p fn must not call the client; texts and numbers
 * are valid until it returns.
 */
void ddns_client_statistics(ddns_client *client, ddns_statistics_fn *fn, void *user);

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

/* ---- probe ------------------------------------------------------------- */

/** What one server says to an update of one zone; texts are valid in the callback. */
typedef struct ddns_probe_info {
    const char *zone;
    ddns_direction direction;
    const char *server; /**< "address#port" */
    const char *key;    /**< or NULL: unsigned */
    bool takes_updates; /**< it came as far as the prerequisites, and said so signed */
    ddns_error error;   /**< DDNS_OK where it answered; DDNS_E_SIGNATURE where it did not
                           say no, and not signed as it must be */
    unsigned rcode;
    unsigned tsig_error; /**< BADSIG 16, BADKEY 17, BADTIME 18, BADTRUNC 22, or 0 */
    int64_t clock_skew;  /**< server's clock minus ours, seconds */
} ddns_probe_info;

/** Called on the caller's thread. */
typedef void ddns_probe_fn(void *user, const ddns_probe_info *info);

/**
 * Ask each server of each zone of @p config whether it would take updates, by an update
 * that cannot be done: a name must be in use and must not be (RFC 2136 section 2.4).
 * Changes nothing.  "*" names no zone, and is left out.
 *
 * A server answers with the prerequisite when it knows the zone, accepts the key and is
 * willing to look at the update.  Whether it asks the zone's update policy before is its
 * own choice: RFC 2136 section 3.3 has it do so afterwards.
 *
 * Blocks for at most the timeout of @p config per server, once for one that does not
 * answer.  Must not run inside a callback of a client.
 *
 * @retval DDNS_E_NOMEM
 */
DDNS_NODISCARD ddns_error ddns_probe(const ddns_config *config, ddns_probe_fn *fn,
                                     void *user);

/* ---- audit ------------------------------------------------------------- */

/** What DNS should say about one address, for comparing.  All is borrowed. */
typedef struct ddns_claim {
    ddns_address address;
    unsigned directions;  /**< DDNS_FORWARD | DDNS_REVERSE */
    const char *fqdn;     /**< presentation form; the final dot is optional */
    const uint8_t *dhcid; /**< RDATA of its DHCID records; NULL where it has none */
    size_t dhcid_len;
    bool conflict; /**< the name is another client's: nothing is expected in DNS */
} ddns_claim;

typedef enum ddns_finding_kind {
    /** DNS says nothing of what is claimed, or not with its DHCID. */
    DDNS_FINDING_MISSING,
    /** DNS says something else: another address, another target, another's DHCID. */
    DDNS_FINDING_WRONG,
    /** DNS says of one of our addresses what no claim does, and a DHCID is beside it. */
    DDNS_FINDING_LEFTOVER,
} ddns_finding_kind;

/** One difference: of a claim and a direction, or of a record that is left over. */
typedef struct ddns_finding {
    ddns_finding_kind kind;
    ddns_direction direction; /**< an A or AAAA record, or a PTR record */
    size_t claim;             /**< index of the claim; SIZE_MAX for a leftover */
    bool conflict;     /**< WRONG: the name is not the claim's, and not to be touched */
    const char *owner; /**< of the record, absolute, in lower case */
    ddns_address address; /**< claimed; left over */
    const char *target;   /**< of the PTR, claimed or left over; NULL for DDNS_FORWARD */
    ddns_address found;   /**< WRONG: an address that DNS has instead; length 0: none */
    const char *found_target; /**< WRONG: a target that DNS has instead, or NULL */
    const uint8_t *dhcid;     /**< RDATA that DNS has at the owner, or NULL */
    size_t dhcid_len;
} ddns_finding;

/** Called on the caller's thread.  Must not throw. */
typedef void ddns_finding_fn(void *user, const ddns_finding *finding);

typedef struct ddns_audit_report {
    size_t claims;    /**< compared in at least one direction */
    size_t conflicts; /**< claims that are in conflict, of which nothing is expected */
    size_t outside;   /**< claims that no configured zone encloses */
    size_t records;   /**< A, AAAA, PTR and DHCID records that were read */
    size_t missing, wrong, leftover; /**< findings */
    size_t not_ours;                 /**< of those that are wrong: in conflict */
    bool leftovers_searched;         /**< every zone was read whole */
} ddns_audit_report;

/** What DNS should say, and where what it says beyond that is left over. */
typedef struct ddns_audit_input {
    const ddns_claim *claims;
    size_t claim_count;
    const ddns_prefix *ours; /**< the addresses that the DHCP server gives */
    size_t ours_count;
    /** Asked ten times a second with @c stop_user, on any thread: true ends the audit
     * with DDNS_E_STOPPING.  NULL: it goes on to its end. */
    bool (*stopped)(void *stop_user);
    void *stop_user;
} ddns_audit_input;

/**
 * Ask DNS what it says, and compare it with what it should say.  Changes nothing.
 *
 * Every zone of @p config is read by zone transfer (RFC 5936) from the first of its
 * servers that allows it, over TCP and signed with the server's key.  Where none
 * does, and for "*", the names of the claims are asked for one by one; what is left
 * over cannot be found then.  The timeout of @p config counts from the last message.
 *
 * Leftover is only what has a DHCID beside it and lies in the prefixes; a name, when all
 * of its addresses do.  Records without a DHCID are the operator's.  Conflicts are
 * told of names alone: an address has one holder (RFC 4703 section 5.4).
 *
 * Blocks, and must not run inside a callback of a client.  On an error nothing was
 * found, and @p errbuf, which may be NULL, names the zone, its server and its key.
 *
 * @retval DDNS_E_NAME, DDNS_E_INVALID  a claim or a prefix is none
 * @retval DDNS_E_UNREADABLE            a server answered, and said no
 * @retval DDNS_E_SIGNATURE             a server's signature, or its view of ours, is
 * wrong
 * @retval DDNS_E_FORMAT                an answer is malformed, or not of the whole zone
 * @retval DDNS_E_STOPPING              it was to stop
 * @retval DDNS_E_NOMEM, DDNS_E_TIMEOUT and the other IO errors
 */
DDNS_NODISCARD ddns_error ddns_audit(const ddns_config *config,
                                     const ddns_audit_input *input,
                                     ddns_finding_fn *on_finding, void *user,
                                     ddns_audit_report *out_report, ddns_errbuf *errbuf);

/** Called for one claim after the other. */
typedef void ddns_claim_fn(void *user, const ddns_claim *claim);

/**
 * Read what a ledger says that DNS was told.  The file is only read, and may be in use
 * by a running client.  Blocks.
 *
 * An address is told twice where its name and its PTR record differ, during a rename.
 *
 * @retval DDNS_E_STORE  it is no ledger, or cannot be read; @p errbuf, which may be
 *                       NULL, says why
 */
DDNS_NODISCARD ddns_error ddns_ledger_read(const char *path, ddns_claim_fn *on_claim,
                                           void *user, ddns_errbuf *errbuf);

/**
 * Call @p fn with what DNS should say about each address: what ddns_audit() compares
 * with.  It runs on the client's thread while the caller waits, and must not call the
 * client.  What is not settled yet is a claim in conflict, as nothing is sure of it.
 *
 * @retval DDNS_E_TIMEOUT   the client is too busy, or has not yet heard of all that it
 *                          was told; @p fn was not called
 * @retval DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_client_claims(ddns_client *client, ddns_claim_fn *fn,
                                             void *user);

/**
 * Mend what @p finding says: tell DNS again what is missing or wrong, remove what is
 * left over.  What has changed since is not undone: a record that a lease wants by
 * now stays, and the DHCID found guards the removal.  Conflicts are left alone.
 *
 * @retval DDNS_E_NAME, DDNS_E_NOMEM, DDNS_E_STOPPING
 */
DDNS_NODISCARD ddns_error ddns_client_repair(ddns_client *client,
                                             const ddns_finding *finding);

#ifdef __cplusplus
}
#endif

#endif
