// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_AUDIT_H
#define DDNS_HOOK_AUDIT_H

#include "audit_records.h"
#include "lease_walk.h"

#include <ddns/ddns.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ddns_hook
{

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
    std::vector<Finding> findings;
    size_t mended = 0; ///< findings that were told to DNS again or removed
};

/// Asks DNS itself what it says, and compares it with the leases.
///
/// The lease database is read first, so that a lease which another server has given
/// is known; then the zones are read on a thread of the audit's own.  What was found
/// is looked at again after a second reading of the leases: a record that was in DNS
/// by then belonged to a lease that is in the database by now, or to none.
class Audit
{
  public:
    /// All are borrowed.
    Audit(const ddns_config *config, ddns_client *client, LeaseWalk *walk);

    /// Main thread.  Waits for a zone that is being read.
    ~Audit();

    Audit(const Audit &) = delete;
    Audit &operator=(const Audit &) = delete;

    /// Main thread.  False when one is running already.
    bool start(const AuditOptions &options, const std::vector<ddns_prefix> &ours);

    /// Any thread.
    AuditResult result() const;

  private:
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
    mutable std::mutex lock_;       ///< guards the next
    AuditResult result_;
    std::thread thread_; ///< the main thread's
};

} // namespace ddns_hook

#endif
