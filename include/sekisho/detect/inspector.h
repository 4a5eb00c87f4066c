// Verifies the tests of one buffer: contents with their places, pcre, byte arithmetic. Works on a view, keeps a
// few words of state, never allocates. The order of search and back-tracking is that of Suricata's content
// inspection: only a test that is relative to a content makes that content look for its next occurrence.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/detect/rule_state.h"
#include "sekisho/signature/regex.h"
#include "sekisho/signature/rule.h"

namespace sekisho::detect {

/// The bytes of a buffer as far as they are known.
struct BufferView {
    Bytes bytes;
    std::uint64_t base = 0;   ///< octets of the buffer that stood before `bytes` and are gone
    bool complete = true;     ///< nothing more will come
    bool absence_final = true;  ///< a content that is not there now counts as absent (negated contents)
    bool end_counts = false;    ///< the last octet known counts as the buffer's last (endswith in a stream)
    bool little_endian = false; ///< byte order of numbers that a rule reads with `dce`
};

enum class Match : std::uint8_t {
    no,
    yes,
    later,  ///< not yet; more bytes could change that
};

/// What the prefilter knows of one content: it stands at this offset of the buffer or later, and places before were
/// tried when they came.
struct Anchor {
    const signature::Content* content = nullptr;
    std::uint64_t at = 0;
};

class Inspector {
  public:
    Inspector();
    Inspector(const Inspector&) = delete;
    Inspector& operator=(const Inspector&) = delete;

    /// Forgets the variables of the last rule. Call before the first buffer of each rule.
    void begin_rule() noexcept {
        variables_.fill(0);
        changes_.clear();
    }
    /// What rules have learned, asked by dataset tests; null: nothing. It outlives the inspector.
    void set_learned(const LearnedValues* learned) noexcept { learned_ = learned; }
    /// What the rule changes in datasets if it matches as a whole; valid until the next begin_rule.
    const FixedVector<LearnedValues::Change, 4>& changes() const noexcept { return changes_; }

    /// All tests of one buffer. Variables set here are seen by later buffers of the rule.
    Match match(const std::vector<signature::Test>& tests, BufferView view, Anchor anchor = {}) noexcept;
    /// The same after the buffer's transforms.
    Match match(const signature::BufferTests& buffer, BufferView view, Anchor anchor = {}) noexcept;

    /// Evaluations given up because a pattern back-tracked too much; counts as no match.
    std::uint64_t limits_reached() const noexcept { return limits_reached_; }

  private:
    struct Run;
    static constexpr std::size_t kVariables = 32;         // as many as the parser admits in a rule
    static constexpr std::size_t kTransformSpace = KiB(64);
    static constexpr std::size_t kBase64Space = KiB(32);

    std::array<std::uint64_t, kVariables> variables_{};
    signature::RegexScratch regex_;
    std::unique_ptr<std::uint8_t[]> transform_space_;
    std::unique_ptr<std::uint8_t[]> base64_space_;
    std::uint64_t limits_reached_ = 0;
    const LearnedValues* learned_ = nullptr;
    FixedVector<LearnedValues::Change, 4> changes_;
};

}  // namespace sekisho::detect
