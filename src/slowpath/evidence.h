// Evidence of alerts: packets around the match as a capture with comments, the rule's text and version, the
// configuration's revision, the alert as told. Each file's digest goes into a chain, each link is signed with
// the box's key: a file that was changed, taken away or added later does not fit.
//
//   link n:  hash = SHA-256("sekisho evidence" LF n LF alert LF time LF file LF digest LF hash of n-1 LF)
//            signature = Ed25519(hash as 64 hex digits)
#pragma once

#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/crypto/signing_key.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/ring.h"
#include "sekisho/store/journal.h"
#include "slowpath/rule_texts.h"

namespace sekisho::slowpath {

/// The hash a link signs.
std::string link_hash(const store::EvidenceLink& link);

/// What a walk along the chain found.
struct ChainReport {
    std::uint64_t links = 0, good = 0;
    std::uint64_t retired = 0;             ///< files that retention removed; their links still hold
    std::vector<std::string> faults;       ///< the first hundred
    std::uint64_t faults_more = 0;
};

/// Checks order, hashes, signatures and the files that are there.
Result<ChainReport> verify_chain(store::Journal& journal, const std::string& folder, const crypto::VerifyingKey& key);

class EvidenceKeeper {
  public:
    /// @param config_file  whose revision is written down; may be empty
    /// @error io, invalid: the folder or the key cannot be used
    static Result<std::unique_ptr<EvidenceKeeper>> open(const config::Settings& settings, const std::string& config_file);

    /// Takes packets from the workers' evidence rings; looks for new rings when told to.
    void read(bool look);
    /// An alert was told: its evidence is written when the packets after the match have had time to come.
    void want(const event::Alert& alert);
    /// Writes what is due. Evidence that cannot be written is counted and told in the log; alerts go on.
    /// @param all  at the end: what is not due, too
    void write_due(store::Journal& journal, bool all);

    struct Counts {
        std::uint64_t packets = 0, lost = 0, written = 0, refused = 0, passed_over = 0;
    };
    Counts counts() const;

  private:
    struct Packet {
        TimeNs at = 0;
        std::uint64_t number = 0;
        std::uint32_t sid = 0, wire_size = 0;
        std::string octets;
    };
    struct Conversation {
        std::vector<Packet> packets;
        std::size_t octets = 0;
        std::list<std::uint64_t>::iterator age;
    };
    struct Wanted {
        event::Alert alert;
        std::chrono::steady_clock::time_point due;
    };
    EvidenceKeeper(const config::Settings& settings, std::string config_file, crypto::SigningKey key);
    void take(const event::Event& packet);
    Status write(store::Journal& journal, const event::Alert& alert);
    std::vector<std::string> papers(const event::Alert& alert);
    void retire();

    const std::string folder_, box_, run_folder_, config_file_;
    const std::uint64_t folder_max_;
    crypto::SigningKey key_;
    RuleTexts rules_;
    std::map<unsigned, event::RingReader> rings_;
    std::unordered_map<std::uint64_t, Conversation> conversations_;  ///< by flow id
    std::list<std::uint64_t> ages_;                                  ///< oldest first
    std::size_t octets_ = 0;
    std::deque<Wanted> wanted_;
    std::uint64_t folder_octets_ = 0;
    Counts counts_;
    event::Event event_;
};

}  // namespace sekisho::slowpath
