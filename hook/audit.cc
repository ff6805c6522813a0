// SPDX-License-Identifier: MPL-2.0
#include "audit.h"

#include "log.h"
#include "words.h"

#include <csignal>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <utility>

using isc::dhcp::Lease;

namespace ddns_hook
{

namespace
{

/// More than this share of the leases is not removed without being told to: rather
/// than so many records being left over, something else is wrong.
constexpr size_t careful_percent = 10;
constexpr size_t careful_minimum = 10;

uint64_t now()
{
    return static_cast<uint64_t>(time(nullptr));
}

void throw_unless_ok(ddns_error error)
{
    if (error != DDNS_OK) {
        throw std::runtime_error(ddns_strerror(error));
    }
}

/// What the client knows about the address of a finding by now.
struct Knowledge {
    bool settled = true;
    std::string fqdn; ///< wanted or told; empty for none
    std::string ptr;
};

/// As the audit spells it: absolute and in lower case.
std::string spelt(const char *name)
{
    return name == nullptr ? "" : spellings(name).back();
}

/// Called on the client's thread while ours waits.
extern "C" void note_knowledge(void *user, const ddns_lease_info *info)
{
    auto &known = *static_cast<Knowledge *>(user);

    try {
        const bool forward = (info->wanted & DDNS_FORWARD) != 0;
        const bool reverse = (info->wanted & DDNS_REVERSE) != 0;

        known.settled = info->state == DDNS_LEASE_SETTLED ||
                        info->state == DDNS_LEASE_SUPERSEDED ||
                        info->state == DDNS_LEASE_CONFLICT;
        known.fqdn = spelt(forward ? info->fqdn : info->told_fqdn);
        known.ptr = spelt(reverse ? info->fqdn : info->told_ptr);
    } catch (...) {
        known.settled = false; // it is not known: leave it alone
    }
}

bool too_many(const AuditResult &result)
{
    return result.report.leftover > careful_minimum &&
           result.report.leftover * 100 > result.report.claims * careful_percent;
}

void count(ddns_audit_report &report, const Findings &findings)
{
    report.missing = report.wrong = report.leftover = report.not_ours = 0;
    for (const Finding &finding : findings) {
        switch (finding.kind) {
        case DDNS_FINDING_MISSING:
            report.missing++;
            break;
        case DDNS_FINDING_WRONG:
            report.wrong++;
            report.not_ours += finding.conflict ? 1 : 0;
            break;
        case DDNS_FINDING_LEFTOVER:
            report.leftover++;
            break;
        }
    }
}

/// The calling thread, and those that it makes, take no signal while this lives.
class NoSignals
{
  public:
    NoSignals()
    {
        sigset_t all;

        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~NoSignals()
    {
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoSignals(const NoSignals &) = delete;
    NoSignals &operator=(const NoSignals &) = delete;

  private:
    sigset_t before_ = {};
};

} // namespace

Audit::Audit(const ddns_config *config, ddns_client *client, LeaseWalk *walk)
    : config_(config), client_(client), walk_(walk)
{
}

Audit::~Audit()
{
    stopping_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}

bool Audit::start(const AuditOptions &options, const std::vector<ddns_prefix> &ours)
{
    {
        const std::lock_guard<std::mutex> guard(lock_);

        if (result_.state == AuditResult::State::running) {
            return false;
        }
        result_ = AuditResult();
        result_.state = AuditResult::State::running;
        result_.options = options;
        result_.began = now();
    }
    ours_ = ours;
    walk_->request({ all_addresses(), false, [this] { launch(&Audit::compare); } });
    return true;
}

/// Asked on a thread of the audit's.
bool Audit::stopped(void *audit)
{
    return static_cast<const Audit *>(audit)->stopping_;
}

void Audit::throw_if_stopped() const
{
    if (stopping_) {
        throw std::runtime_error(ddns_strerror(DDNS_E_STOPPING));
    }
}

Audit::Name Audit::name_of(const Finding &finding)
{
    return { io_address_of(finding.address),
             finding.direction == DDNS_FORWARD ? finding.owner : finding.target };
}

AuditResult Audit::result() const
{
    const std::lock_guard<std::mutex> guard(lock_);

    return result_;
}

/// What goes wrong in @p body is the audit's result.
template <typename Body> void Audit::or_fail(Body body)
{
    try {
        body();
    } catch (const std::exception &ex) {
        finish(AuditResult::State::failed, ex.what());
    }
}

/// Main thread.  The signals are the server's, so our thread takes none.
void Audit::launch(void (Audit::*phase)())
{
    const NoSignals inherited;

    if (thread_.joinable()) {
        thread_.join(); // it has asked for this phase as its last act
    }
    or_fail([&] { thread_ = std::thread(&Audit::run, this, phase); });
}

void Audit::run(void (Audit::*phase)())
{
    or_fail([&] { (this->*phase)(); });
}

void Audit::finish(AuditResult::State state, const std::string &problem)
{
    const std::lock_guard<std::mutex> guard(lock_);

    result_.state = state;
    result_.problem = problem;
    result_.ended = now();
    if (state == AuditResult::State::failed) {
        LOG_ERROR(logger, DNS_UPDATE_AUDIT_FAILED).arg(printable(problem));
        return;
    }
    LOG_INFO(logger, DNS_UPDATE_AUDIT_DONE)
        .arg(result_.report.missing)
        .arg(result_.report.wrong)
        .arg(result_.report.leftover)
        .arg(result_.report.claims)
        .arg(result_.mended);
}

/// Our thread: read the zones.
void Audit::compare()
{
    Copies<Claim> claims;
    Copies<Finding> findings;
    ddns_audit_report report = {};
    ddns_errbuf why = {};

    throw_unless_ok(ddns_client_claims(client_, copy_claim, &claims));

    const std::vector<ddns_claim> views = view_of(claims.list);
    const ddns_audit_input input = { views.data(), views.size(), ours_.data(),
                                     ours_.size(), stopped,      this };
    const ddns_error error =
        ddns_audit(config_, &input, copy_finding, &findings, &report, &why);

    if (error != DDNS_OK) {
        throw std::runtime_error(why.text[0] != '\0' ? why.text : ddns_strerror(error));
    }
    if (!claims.complete || !findings.complete) {
        throw std::bad_alloc();
    }
    left_over_.clear();
    leased_.clear();
    for (const Finding &finding : findings.list) {
        if (finding.kind == DDNS_FINDING_LEFTOVER) {
            left_over_.insert(name_of(finding));
        }
    }
    {
        const std::lock_guard<std::mutex> guard(lock_);

        result_.findings = std::make_shared<const Findings>(std::move(findings.list));
        result_.report = report;
    }
    walk_->request({ all_addresses(), false, [this] { launch(&Audit::conclude); },
                     [this](const Lease &lease) { note(lease); } });
}

/// Main thread, for each lease of the second reading.
void Audit::note(const Lease &lease)
{
    if (left_over_.empty() || lease.hostname_.empty()) {
        return;
    }

    const Name name = { lease.addr_, spelt(lease.hostname_.c_str()) };

    if (left_over_.count(name) != 0) {
        leased_.insert(name);
    }
}

/// Is it what the leases, as they are now, would not have?
bool Audit::still_so(const Finding &finding) const
{
    Knowledge known;

    throw_unless_ok(ddns_client_lease(client_, &finding.address, note_knowledge, &known));
    if (!known.settled) {
        return false; // its change is on its way
    }
    if (finding.kind == DDNS_FINDING_LEFTOVER) {
        return leased_.count(name_of(finding)) == 0 &&
               (finding.direction == DDNS_FORWARD ? finding.owner != known.fqdn
                                                  : finding.target != known.ptr);
    }
    return finding.direction == DDNS_FORWARD ? finding.owner == known.fqdn
                                             : finding.target == known.ptr;
}

void Audit::repair(AuditResult &result)
{
    const bool removes = result.options.force || !too_many(result);

    for (const Finding &finding : *result.findings) {
        throw_if_stopped();
        if (finding.conflict || (finding.kind == DDNS_FINDING_LEFTOVER && !removes)) {
            continue;
        }

        const ddns_finding view = view_of(finding);

        throw_unless_ok(ddns_client_repair(client_, &view));
        result.mended++;
    }
    if (!removes) {
        result.problem = std::to_string(result.report.leftover) +
                         " records are left over, more than " +
                         std::to_string(careful_percent) +
                         " % of the leases: they are removed only with \"force\": true";
    }
}

/// Our thread: look again at what was found, and mend it.
void Audit::conclude()
{
    AuditResult result = this->result();
    Findings confirmed;

    for (const Finding &finding : *result.findings) {
        throw_if_stopped();
        if (still_so(finding)) {
            confirmed.push_back(finding);
        }
    }
    count(result.report, confirmed);
    result.findings = std::make_shared<const Findings>(std::move(confirmed));
    if (result.options.repair) {
        repair(result);
    }
    {
        const std::lock_guard<std::mutex> guard(lock_);

        result_ = result;
    }
    finish(AuditResult::State::done, result.problem);
}

} // namespace ddns_hook
