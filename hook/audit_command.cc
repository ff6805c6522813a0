// SPDX-License-Identifier: MPL-2.0
#include "addresses.h"
#include "audit.h"
#include "command_arguments.h"
#include "commands.h"
#include "words.h"

#include <cc/command_interpreter.h>

#include <cstdint>
#include <string>
#include <vector>

using isc::config::createAnswer;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace ddns_hook
{

namespace
{

constexpr size_t shown_findings = 1000; // more than a person reads

ElementPtr number(uint64_t value)
{
    return Element::create(static_cast<long long>(value));
}

const char *word_of(ddns_finding_kind kind)
{
    switch (kind) {
    case DDNS_FINDING_MISSING:
        return "missing";
    case DDNS_FINDING_WRONG:
        return "wrong";
    case DDNS_FINDING_LEFTOVER:
        break;
    }
    return "leftover";
}

const char *word_of(AuditResult::State state)
{
    switch (state) {
    case AuditResult::State::none:
        return "none";
    case AuditResult::State::running:
        return "running";
    case AuditResult::State::done:
        return "done";
    case AuditResult::State::failed:
        break;
    }
    return "failed";
}

ElementPtr finding_element(const Finding &finding)
{
    ElementPtr element = Element::createMap();

    element->set("kind", Element::create(std::string(word_of(finding.kind))));
    element->set("direction",
                 Element::create(std::string(
                     finding.direction == DDNS_FORWARD ? "forward" : "reverse")));
    element->set("ip-address", Element::create(text_of(finding.address)));
    element->set("name", Element::create(finding.owner));
    if (!finding.target.empty()) {
        element->set("ptr", Element::create(finding.target));
    }
    if (!finding.found.empty()) {
        element->set("found", Element::create(finding.found));
    }
    if (finding.conflict) {
        element->set("conflict", Element::create(true));
    }
    return element;
}

ElementPtr findings_element(const Findings &findings)
{
    ElementPtr list = Element::createList();

    for (size_t i = 0; i < findings.size() && i < shown_findings; i++) {
        list->add(finding_element(findings[i]));
    }
    return list;
}

ElementPtr result_element(const AuditResult &result)
{
    ElementPtr element = Element::createMap();

    element->set("state", Element::create(std::string(word_of(result.state))));
    element->set("repair", Element::create(result.options.repair));
    element->set("began", Element::create(text_of_time(result.began)));
    if (result.state != AuditResult::State::done) {
        return element;
    }
    element->set("ended", Element::create(text_of_time(result.ended)));
    element->set("leases", number(result.report.claims));
    element->set("leases-outside", number(result.report.outside));
    element->set("leases-in-conflict", number(result.report.conflicts));
    element->set("records", number(result.report.records));
    element->set("missing", number(result.report.missing));
    element->set("wrong", number(result.report.wrong));
    element->set("leftover", number(result.report.leftover));
    element->set("leftovers-searched", Element::create(result.report.leftovers_searched));
    element->set("mended", number(result.mended));
    element->set("findings", findings_element(*result.findings));
    return element;
}

std::string sentence(const AuditResult &result)
{
    switch (result.state) {
    case AuditResult::State::none:
        return "no audit was made since the start";
    case AuditResult::State::running:
        return "the audit is running";
    case AuditResult::State::failed:
        return result.problem;
    case AuditResult::State::done:
        break;
    }
    if (!result.problem.empty()) {
        return result.problem;
    }
    if (result.findings->empty()) {
        return "DNS says what the leases say";
    }
    return std::to_string(result.report.missing) + " missing, " +
           std::to_string(result.report.wrong) + " wrong, " +
           std::to_string(result.report.leftover) + " left over; " +
           std::to_string(result.mended) + " being mended";
}

int code_of(AuditResult::State state)
{
    switch (state) {
    case AuditResult::State::none:
        return isc::config::CONTROL_RESULT_EMPTY;
    case AuditResult::State::failed:
        return isc::config::CONTROL_RESULT_ERROR;
    case AuditResult::State::running:
    case AuditResult::State::done:
        break;
    }
    return isc::config::CONTROL_RESULT_SUCCESS;
}

} // namespace

ConstElementPtr dns_update_audit(const Service &service, const ConstElementPtr &arguments)
{
    accept_only(arguments, { "repair", "force" });

    const AuditOptions options = { flag_argument(arguments, "repair"),
                                   flag_argument(arguments, "force") };

    if (service.walk->service_is_off()) {
        throw CommandError("not now: the DHCP service is off, as in a high-availability "
                           "server that does not have the leases of its partner");
    }
    if (!service.audit->start(options, subnet_prefixes())) {
        throw CommandError("an audit is running already");
    }
    return createAnswer(isc::config::CONTROL_RESULT_SUCCESS,
                        "the audit has begun; dns-update-audit-get says what it finds");
}

ConstElementPtr dns_update_audit_get(const Service &service,
                                     const ConstElementPtr &arguments)
{
    accept_only(arguments, {});

    const AuditResult result = service.audit->result();

    return createAnswer(code_of(result.state), sentence(result), result_element(result));
}

} // namespace ddns_hook
