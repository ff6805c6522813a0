// SPDX-License-Identifier: MPL-2.0
#include "submit.h"

#include "log.h"
#include "words.h"

#include <stdexcept>
#include <string>

namespace ddns_hook
{

namespace
{

using Verb = ddns_error(ddns_client *, const ddns_binding *);

ddns_error tell(Verb *verb, ddns_client *client, const LeaseBinding &binding)
{
    const ddns_binding view = view_of(binding);

    return verb(client, &view);
}

void log_failed(const LeaseBinding &binding, ddns_error error)
{
    LOG_ERROR(logger, DNS_UPDATE_SUBMIT_FAILED)
        .arg(text_of(binding.address))
        .arg(printable(binding.fqdn))
        .arg(ddns_strerror(error));
}

bool names_nothing_of_ours(ddns_error error)
{
    return ddns_error_class_of(error) == DDNS_CLASS_USAGE;
}

} // namespace

void submit(ddns_client *client, const LeaseBinding &binding)
{
    if (binding.directions == 0) {
        withdraw(client, binding);
        return;
    }

    const ddns_error error = tell(ddns_client_set, client, binding);

    if (names_nothing_of_ours(error)) {
        LOG_INFO(logger, DNS_UPDATE_NAME_UNUSABLE)
            .arg(text_of(binding.address))
            .arg(printable(binding.fqdn))
            .arg(ddns_strerror(error));
        // The lease may have had a better name before.
        withdraw(client, binding);
    } else if (error != DDNS_OK) {
        log_failed(binding, error);
    }
}

void submit_renewal(ddns_client *client, const LeaseBinding &binding)
{
    submit(client, binding);
    if (binding.settings.renewed && binding.directions != 0) {
        const ddns_error error = ddns_client_retell(client, &binding.address);

        if (error != DDNS_OK) {
            log_failed(binding, error);
        }
    }
}

ddns_error resend(ddns_client *client, const LeaseBinding &binding)
{
    const ddns_error error = tell(ddns_client_set, client, binding);

    return error == DDNS_OK ? ddns_client_retell(client, &binding.address) : error;
}

void withdraw(ddns_client *client, const LeaseBinding &binding)
{
    const ddns_error error = tell(ddns_client_clear, client, binding);

    if (error != DDNS_OK) {
        log_failed(binding, error);
    }
}

bool resume(ddns_client *client, const LeaseBinding &binding)
{
    const ddns_error error = tell(ddns_client_resume, client, binding);

    if (names_nothing_of_ours(error)) {
        LOG_DEBUG(logger, debug_records, DNS_UPDATE_NAME_UNUSABLE)
            .arg(text_of(binding.address))
            .arg(printable(binding.fqdn))
            .arg(ddns_strerror(error));
        return false;
    }
    if (error != DDNS_OK) {
        throw std::runtime_error(ddns_strerror(error));
    }
    return true;
}

} // namespace ddns_hook
