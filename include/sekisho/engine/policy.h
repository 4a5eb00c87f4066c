// Everything that a worker reads and an admin can change: compiled rules, URL filter, switches. Immutable and
// versioned; built aside by build_policy, swapped in between two bursts (base/snapshot.h). Control plane
// builds, workers read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/signature/parser.h"
#include "sekisho/urlfilter/block_page.h"
#include "sekisho/urlfilter/dns_answer.h"
#include "sekisho/urlfilter/filter.h"

namespace sekisho::signature {
class CompiledSet;
}

namespace sekisho::engine {

/// What scanning with this policy needs of memory, one per worker (policy_scratch.h).
struct WorkerScratch;

/// What the settings want of applications (application.h).
class ApplicationControl;

class Policy {
  public:
    ~Policy();
    Policy(Policy&&) noexcept;

    std::uint64_t version() const noexcept { return version_; }
    const signature::CompiledSet& rules() const noexcept { return *rules_; }
    const urlfilter::Filter* urls() const noexcept { return urls_.get(); }  ///< null: switched off
    /// Null: applications are not asked for.
    const ApplicationControl* applications() const noexcept { return applications_.get(); }
    WorkerScratch& scratch(unsigned worker) const noexcept { return *scratch_[worker]; }
    const std::string& contact() const noexcept { return contact_; }
    const std::string& box_name() const noexcept { return box_name_; }
    const urlfilter::DnsBlock& dns_block() const noexcept { return dns_block_; }
    const urlfilter::PageTemplate& page() const noexcept { return page_; }
    urlfilter::Action ech() const noexcept { return ech_; }
    urlfilter::Action warn_unseen() const noexcept { return warn_unseen_; }
    std::uint32_t warn_minutes() const noexcept { return warn_minutes_; }
    bool drop_on_overload() const noexcept { return drop_on_overload_; }

  private:
    friend struct PolicyBuilder;
    Policy();
    std::uint64_t version_ = 0;
    std::unique_ptr<const signature::CompiledSet> rules_;
    std::unique_ptr<const urlfilter::Filter> urls_;
    std::unique_ptr<const ApplicationControl> applications_;
    std::vector<std::unique_ptr<WorkerScratch>> scratch_;
    std::string contact_;
    std::string box_name_;
    urlfilter::DnsBlock dns_block_;
    urlfilter::PageTemplate page_;
    urlfilter::Action ech_{}, warn_unseen_{};
    std::uint32_t warn_minutes_ = 60;
    bool drop_on_overload_ = false;
};

/// What came of building a policy, for the admin.
struct PolicyReport {
    std::size_t rules_loaded = 0;
    std::size_t rules_failed = 0;
    std::size_t rules_disabled = 0;   ///< by overrides or in comments
    std::vector<std::string> errors;  ///< "file:line: cause", bounded to 1,000; the count above is exact
    std::size_t url_entries = 0;
    std::size_t url_rejected = 0;
    double seconds = 0;
};

struct PolicyInput {
    config::Settings settings;
    unsigned workers = 1;
    std::string rules_text;   ///< further rules, given inline (tests)
};

/// Reads rule files, overrides and URL lists as the settings name them and compiles. A bad rule or list line is
/// left out and reported; the whole fails only when nothing can be built (a named file cannot be read, out of
/// memory). @error io, not_found, limit   @thread control; seconds of work
Result<std::unique_ptr<const Policy>> build_policy(const PolicyInput& input, PolicyReport& report);

/// A policy that inspects nothing: what a box runs until its first policy is compiled.
std::unique_ptr<const Policy> empty_policy(unsigned workers);

}  // namespace sekisho::engine
