// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_DNS_UPDATE_MESSAGES_H
#define DDNS_HOOK_DNS_UPDATE_MESSAGES_H

/// What dns_update_messages.mes says, in the form that kea-msg-compiler gives it.

#include <log/message_types.h>

extern const isc::log::MessageID DNS_UPDATE_ADDED;
extern const isc::log::MessageID DNS_UPDATE_AUDIT_DONE;
extern const isc::log::MessageID DNS_UPDATE_AUDIT_FAILED;
extern const isc::log::MessageID DNS_UPDATE_CALLOUT_FAILED;
extern const isc::log::MessageID DNS_UPDATE_CHECK_ONLY;
extern const isc::log::MessageID DNS_UPDATE_CONFLICT;
extern const isc::log::MessageID DNS_UPDATE_DISABLED;
extern const isc::log::MessageID DNS_UPDATE_IGNORED_PARAMETERS;
extern const isc::log::MessageID DNS_UPDATE_LEASES_READ;
extern const isc::log::MessageID DNS_UPDATE_LEASES_READ_FAILED;
extern const isc::log::MessageID DNS_UPDATE_LEASE_REFUSED;
extern const isc::log::MessageID DNS_UPDATE_LEDGER_DOWN;
extern const isc::log::MessageID DNS_UPDATE_LEDGER_READ;
extern const isc::log::MessageID DNS_UPDATE_LEDGER_SET_ASIDE;
extern const isc::log::MessageID DNS_UPDATE_LEDGER_UP;
extern const isc::log::MessageID DNS_UPDATE_LOADED;
extern const isc::log::MessageID DNS_UPDATE_LOAD_FAILED;
extern const isc::log::MessageID DNS_UPDATE_NAME_UNUSABLE;
extern const isc::log::MessageID DNS_UPDATE_NO_ZONES;
extern const isc::log::MessageID DNS_UPDATE_PROMETHEUS_DOWN;
extern const isc::log::MessageID DNS_UPDATE_PROMETHEUS_UP;
extern const isc::log::MessageID DNS_UPDATE_RELOAD_FAILED;
extern const isc::log::MessageID DNS_UPDATE_REMOVED;
extern const isc::log::MessageID DNS_UPDATE_SERVER_DOWN;
extern const isc::log::MessageID DNS_UPDATE_SERVER_UP;
extern const isc::log::MessageID DNS_UPDATE_SERVICE_OFF;
extern const isc::log::MessageID DNS_UPDATE_STARTED;
extern const isc::log::MessageID DNS_UPDATE_START_FAILED;
extern const isc::log::MessageID DNS_UPDATE_STOPPED;
extern const isc::log::MessageID DNS_UPDATE_SUBMIT_FAILED;
extern const isc::log::MessageID DNS_UPDATE_ZONE_DOWN;
extern const isc::log::MessageID DNS_UPDATE_ZONE_UP;

#endif
