// Many literals against a run of bytes in one pass. The only door to Hyperscan.
//
// Literals are at most kLiteralMax octets: then Hyperscan's literal engine (FDR / Teddy) confirms each match by
// itself and calls back without running a program. Longer contents are represented by their rarest window
// (literal_choice.h) and compared whole by the caller.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

struct hs_database;
struct hs_scratch;

namespace sekisho::signature {

constexpr std::size_t kLiteralMax = 8;
/// Octets before fresh data that a scan must see again so that no literal is lost at the border.
constexpr std::size_t kCarry = kLiteralMax - 1;

struct Literal {
    std::string bytes;  ///< 1..kLiteralMax octets
    bool nocase = false;
    auto operator<=>(const Literal&) const = default;
};

/// A PCRE pattern without its slashes.
struct Expression {
    std::string pattern;
    bool nocase = false, dotall = false, multiline = false;
};

/// What a match of an expression says.
enum class Precision : std::uint8_t {
    superset,  ///< each id is called at least wherever its pattern matches, perhaps elsewhere, too: to be verified
    exact,     ///< called if and only if the pattern matches; fewer constructs are taken
};

class PatternDb;

/// Hyperscan's working memory, good for every database that was added. One per worker; made on the control
/// plane, never while scanning.
class PatternScratch {
  public:
    PatternScratch() = default;
    ~PatternScratch();
    PatternScratch(const PatternScratch&) = delete;
    PatternScratch& operator=(const PatternScratch&) = delete;
    /// @error limit: out of memory
    Status add(const PatternDb& db);

  private:
    friend class PatternDb;
    hs_scratch* scratch_ = nullptr;
};

class PatternDb {
  public:
    /// @param literals  ids in callbacks are indices into this list
    /// @error internal: Hyperscan's words   @cost milliseconds to seconds
    static Result<std::unique_ptr<PatternDb>> compile(const std::vector<Literal>& literals);
    /// The same for patterns (superset: Hyperscan's prefilter mode). Each id is called once a scan.
    static Result<std::unique_ptr<PatternDb>> compile(const std::vector<Expression>& expressions,
                                                      Precision precision = Precision::superset);
    /// Whether Hyperscan takes this pattern at all.
    static bool admits(const Expression& expression, Precision precision = Precision::superset);
    ~PatternDb();
    PatternDb(const PatternDb&) = delete;
    PatternDb& operator=(const PatternDb&) = delete;

    /// Calls on_match(context, id, end) for each literal that ends at offset `end` of `bytes`, in order of
    /// `end`. No allocation.
    using OnMatch = void (*)(void* context, std::uint32_t id, std::size_t end) noexcept;
    void scan(Bytes bytes, PatternScratch& scratch, OnMatch on_match, void* context) const noexcept;

    std::size_t memory_bytes() const noexcept { return memory_bytes_; }

  private:
    PatternDb() = default;
    friend class PatternScratch;
    hs_database* database_ = nullptr;
    std::size_t memory_bytes_ = 0;
};

}  // namespace sekisho::signature
