// SPDX-License-Identifier: MPL-2.0
#include "dns_update_messages.h"

#include <log/message_initializer.h>

const isc::log::MessageID DNS_UPDATE_ADDED = "DNS_UPDATE_ADDED";
const isc::log::MessageID DNS_UPDATE_AUDIT_DONE = "DNS_UPDATE_AUDIT_DONE";
const isc::log::MessageID DNS_UPDATE_AUDIT_FAILED = "DNS_UPDATE_AUDIT_FAILED";
const isc::log::MessageID DNS_UPDATE_CALLOUT_FAILED = "DNS_UPDATE_CALLOUT_FAILED";
const isc::log::MessageID DNS_UPDATE_CHECK_ONLY = "DNS_UPDATE_CHECK_ONLY";
const isc::log::MessageID DNS_UPDATE_CONFLICT = "DNS_UPDATE_CONFLICT";
const isc::log::MessageID DNS_UPDATE_DISABLED = "DNS_UPDATE_DISABLED";
const isc::log::MessageID DNS_UPDATE_IGNORED_PARAMETERS = "DNS_UPDATE_IGNORED_PARAMETERS";
const isc::log::MessageID DNS_UPDATE_LEASES_READ = "DNS_UPDATE_LEASES_READ";
const isc::log::MessageID DNS_UPDATE_LEASES_READ_FAILED = "DNS_UPDATE_LEASES_READ_FAILED";
const isc::log::MessageID DNS_UPDATE_LEASE_REFUSED = "DNS_UPDATE_LEASE_REFUSED";
const isc::log::MessageID DNS_UPDATE_LEDGER_DOWN = "DNS_UPDATE_LEDGER_DOWN";
const isc::log::MessageID DNS_UPDATE_LEDGER_READ = "DNS_UPDATE_LEDGER_READ";
const isc::log::MessageID DNS_UPDATE_LEDGER_SET_ASIDE = "DNS_UPDATE_LEDGER_SET_ASIDE";
const isc::log::MessageID DNS_UPDATE_LEDGER_UP = "DNS_UPDATE_LEDGER_UP";
const isc::log::MessageID DNS_UPDATE_LOADED = "DNS_UPDATE_LOADED";
const isc::log::MessageID DNS_UPDATE_LOAD_FAILED = "DNS_UPDATE_LOAD_FAILED";
const isc::log::MessageID DNS_UPDATE_NAME_UNUSABLE = "DNS_UPDATE_NAME_UNUSABLE";
const isc::log::MessageID DNS_UPDATE_NO_ZONES = "DNS_UPDATE_NO_ZONES";
const isc::log::MessageID DNS_UPDATE_PROMETHEUS_DOWN = "DNS_UPDATE_PROMETHEUS_DOWN";
const isc::log::MessageID DNS_UPDATE_PROMETHEUS_UP = "DNS_UPDATE_PROMETHEUS_UP";
const isc::log::MessageID DNS_UPDATE_RELOAD_FAILED = "DNS_UPDATE_RELOAD_FAILED";
const isc::log::MessageID DNS_UPDATE_REMOVED = "DNS_UPDATE_REMOVED";
const isc::log::MessageID DNS_UPDATE_SERVER_DOWN = "DNS_UPDATE_SERVER_DOWN";
const isc::log::MessageID DNS_UPDATE_SERVER_UP = "DNS_UPDATE_SERVER_UP";
const isc::log::MessageID DNS_UPDATE_SERVICE_OFF = "DNS_UPDATE_SERVICE_OFF";
const isc::log::MessageID DNS_UPDATE_STARTED = "DNS_UPDATE_STARTED";
const isc::log::MessageID DNS_UPDATE_START_FAILED = "DNS_UPDATE_START_FAILED";
const isc::log::MessageID DNS_UPDATE_STOPPED = "DNS_UPDATE_STOPPED";
const isc::log::MessageID DNS_UPDATE_SUBMIT_FAILED = "DNS_UPDATE_SUBMIT_FAILED";
const isc::log::MessageID DNS_UPDATE_ZONE_DOWN = "DNS_UPDATE_ZONE_DOWN";
const isc::log::MessageID DNS_UPDATE_ZONE_UP = "DNS_UPDATE_ZONE_UP";

namespace
{

const char *values[] = {
    "DNS_UPDATE_ADDED",
    "%1: the %2 has the records of %3",
    "DNS_UPDATE_AUDIT_DONE",
    "records of %4 leases: missing %1, wrong %2, left over %3, being mended %5",
    "DNS_UPDATE_AUDIT_FAILED",
    "the audit failed: %1",
    "DNS_UPDATE_CALLOUT_FAILED",
    "%1 failed, DHCP goes on: %2",
    "DNS_UPDATE_CHECK_ONLY",
    "the configuration is only being checked, no DNS server is contacted",
    "DNS_UPDATE_CONFLICT",
    "%1: the name %2 belongs to another client, its records were not changed",
    "DNS_UPDATE_DISABLED",
    "\"dhcp-ddns\" has \"enable-updates\": false, so no DNS records are made",
    "DNS_UPDATE_IGNORED_PARAMETERS",
    "parameters that configure the kea-dhcp-ddns daemon have no meaning here: %1",
    "DNS_UPDATE_LEASES_READ",
    "%1 leases read in %2 ms: %3 have names for DNS, %4 of these cannot be registered",
    "DNS_UPDATE_LEASES_READ_FAILED",
    "the lease database could not be read, which is tried again: %1",
    "DNS_UPDATE_LEASE_REFUSED",
    "%1: the update of %2 in the %3 is not taken: %4",
    "DNS_UPDATE_LEDGER_DOWN",
    "going on without the ledger: %1",
    "DNS_UPDATE_LEDGER_READ",
    "the ledger was read: DNS was told about %1 addresses",
    "DNS_UPDATE_LEDGER_SET_ASIDE",
    "a new ledger was begun: %1",
    "DNS_UPDATE_LEDGER_UP",
    "the ledger is in use again",
    "DNS_UPDATE_LOADED",
    "library loaded: forward zones %1, reverse zones %2, TSIG keys %3",
    "DNS_UPDATE_LOAD_FAILED",
    "library not loaded: %1",
    "DNS_UPDATE_NAME_UNUSABLE",
    "%1: no DNS records for the name \"%2\": %3",
    "DNS_UPDATE_NO_ZONES",
    "no zone is configured, so no DNS records are made",
    "DNS_UPDATE_PROMETHEUS_DOWN",
    "the file for Prometheus cannot be written: %1",
    "DNS_UPDATE_PROMETHEUS_UP",
    "the file for Prometheus is written again",
    "DNS_UPDATE_RELOAD_FAILED",
    "running without DNS updates until the parameters are corrected: %1",
    "DNS_UPDATE_REMOVED",
    "%1: the %2 no longer has the records of %3",
    "DNS_UPDATE_SERVER_DOWN",
    "DNS server %1 rests: %2",
    "DNS_UPDATE_SERVER_UP",
    "DNS server %1 answers again",
    "DNS_UPDATE_SERVICE_OFF",
    "the leases are read when the DHCP service is on",
    "DNS_UPDATE_STARTED",
    "keeping DNS in step with the leases: zones %1, DNS servers %2",
    "DNS_UPDATE_START_FAILED",
    "running without DNS updates: %1",
    "DNS_UPDATE_STOPPED",
    "stopped",
    "DNS_UPDATE_SUBMIT_FAILED",
    "%1: the records of \"%2\" cannot be changed: %3",
    "DNS_UPDATE_ZONE_DOWN",
    "zone %1: a DNS server does not take updates: %2",
    "DNS_UPDATE_ZONE_UP",
    "zone %1: DNS server %2 takes updates again",
    nullptr,
};

/// Adds the texts to the server's dictionary, and takes them out when the library goes.
const isc::log::MessageInitializer initializer(values); // NOLINT(cert-err58-cpp)

} // namespace
