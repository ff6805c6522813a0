// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_AUDIT_H
#define DDNS_HOOK_AUDIT_H

#include "audit_records.h"
#include "lease_walk.h"

#include <ddns/ddns.h>

#include <asiolink/io_address.h>
#include <dhcpsrv/lease.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ddns_hook
{

using Findings = std::vector<Finding>;

struct AuditOptions {
    bool repair = false;
    bool force = false; ///< remove also more than a careful share
};

/// A copy of what an audit has come to.
struct AuditResult {
    enum class State { none, running, done, failed };

    State state = State::none;
    AuditOptions options;
    uint64_t began = 0; ///< Unix seconds
    uint64_t ended = 0;
    std::string problem; ///< why it failed, or what it refused to do
    ddns_audit_report report = {};
    std::shared_ptr<const Findings> findings = std::make_shared<const Findings>();
    size_t mended = 0; ///< findings that were told to DNS again or removed
};

/// Asks DNS itself what it says, and compares it with the leases.
///
/// The lease database is read first, so that a lease which another server has given
/// is known; then the zones are read on a thread of the audit's own.  What was found
/// is looked at again after a second reading of the leases: a record that was in DNS
/// by then belonged to a lease that is in the database by now, or to none.  A name with
/// the address of a lease that has this name is never left over: where the lease asks
/// for no record, its client may have made it itself (RFC 4702 section 3.3).
class Audit
{
  public:
    /// All are borrowed.
    Audit(const ddns_config *config, ddns_client *client, LeaseWalk *walk);

    /// Main thread.  One that is running ends soon, without a result.
    ~Audit();

    Audit(const Audit &) = delete;
    Audit &operator=(const Audit &) = delete;

    /// Main thread.  False when one is running already.
    bool start(const AuditOptions &options, const std::vector<ddns_prefix> &ours);

    /// Any thread.
    AuditResult result() const;

  private:
    using Name = std::pair<isc::asiolink::IOAddress, std::string>; ///< of an address

    static Name name_of(const Finding &finding);
    static bool stopped(void *audit);
    void throw_if_stopped() const;
    void note(const isc::dhcp::Lease &lease);
    void launch(void (Audit::*phase)());
    void run(void (Audit::*phase)());
    template <typename Body> void or_fail(Body body);
    void compare();
    void conclude();
    void finish(AuditResult::State state, const std::string &problem);
    void repair(AuditResult &result);
    bool still_so(const Finding &finding) const;

    const ddns_config *config_;
    ddns_client *client_;
    LeaseWalk *walk_;
    std::vector<ddns_prefix> ours_; ///< not changed while one is running
    std::set<Name> left_over_;      ///< what was found so; not changed by a reading
    std::set<Name> leased_;         ///< of these, what a lease has; of the last reading
    std::atomic<bool> stopping_ = false;
    mutable std::mutex lock_; ///< guards the next
    AuditResult result_;
    std::thread thread_; ///< the main thread's
};

} // namespace ddns_hook

#endif
