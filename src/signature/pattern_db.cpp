#include "sekisho/signature/pattern_db.h"

#include <hs/hs.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

/// Hyperscan takes lengths as unsigned int; callers hand over at most a window (stream/window.h).
constexpr std::size_t kScanMax = 0x7fffffff;

// Beside the literal matcher Hyperscan builds a DFA of all literals for buffers of at most 70 octets, and throws it away
// when it turns out too large: for 1,500 literals a quarter of a second and 150 MB for nothing. It does not try when a
// trie of literals, of those that tell case or of those that do not, has more than 10,000 nodes (SmallWriteBuild in
// Hyperscan 5.4). Groups that are large, but not so large, get filler up to there: literals of noise that no traffic holds.
// Each octet of a literal costs the compiler about 6 microseconds, so that there is only as much of it as is missing.
constexpr std::size_t kFillerFrom = 200;  // literals; below, the DFA is built quickly and serves short fields
constexpr std::size_t kTrieNodes = 10'000;
constexpr std::size_t kTrieLiteralMax = 70;  // octets; longer ones are in no trie
constexpr std::size_t kFillerOctets = 64;    // of a literal; a few at its front may be another's as well
constexpr std::size_t kFillerNewNodes = 60;

bool is_letter(char c) noexcept { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

std::size_t trie_nodes(std::vector<std::string>& literals) {
    std::sort(literals.begin(), literals.end());
    std::size_t nodes = 0;
    std::string_view previous;
    for (const std::string& literal : literals) {
        const auto shared = std::mismatch(literal.begin(), literal.end(), previous.begin(), previous.end()).first - literal.begin();
        nodes += literal.size() - static_cast<std::size_t>(shared);
        previous = literal;
    }
    return nodes;
}

/// What is to be added so that Hyperscan does not try a DFA.
std::vector<Literal> filler(const std::vector<Literal>& literals) {
    std::vector<std::string> tries[2];
    for (const Literal& literal : literals) {
        if (literal.bytes.size() > kTrieLiteralMax) continue;
        const bool nocase = literal.nocase && std::any_of(literal.bytes.begin(), literal.bytes.end(), is_letter);
        tries[nocase].push_back(nocase ? to_lower(literal.bytes) : literal.bytes);
    }
    const std::size_t nodes[] = {trie_nodes(tries[0]), trie_nodes(tries[1])};
    const bool nocase = nodes[1] > nodes[0];
    std::vector<Literal> made;
    std::uint32_t noise = 12345;
    for (std::size_t reached = nodes[nocase]; reached <= kTrieNodes; reached += kFillerNewNodes) {
        Literal& literal = made.emplace_back(Literal{{}, nocase});
        for (std::size_t i = 0; i < kFillerOctets; ++i) {
            noise = noise * 1664525 + 1013904223;  // Knuth's quick generator: any noise will do
            literal.bytes.push_back(static_cast<char>(noise >> 24));
        }
    }
    return made;
}

struct Callback {
    PatternDb::OnMatch on_match;
    void* context;
};

constexpr unsigned kFillerId = ~0u;

int forward(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) noexcept {
    if (id == kFillerId) return 0;
    const auto* callback = static_cast<const Callback*>(context);
    callback->on_match(callback->context, id, static_cast<std::size_t>(to));
    return 0;
}

unsigned flags_of(const Expression& expression, Precision precision) noexcept {
    return (precision == Precision::superset ? HS_FLAG_PREFILTER : 0u) | HS_FLAG_SINGLEMATCH | (expression.nocase ? HS_FLAG_CASELESS : 0u) |
           (expression.dotall ? HS_FLAG_DOTALL : 0u) | (expression.multiline ? HS_FLAG_MULTILINE : 0u);
}

}  // namespace

PatternScratch::~PatternScratch() { hs_free_scratch(scratch_); }

Status PatternScratch::add(const PatternDb& db) {
    if (hs_alloc_scratch(db.database_, &scratch_) != HS_SUCCESS)
        return fail(ErrorCode::limit, "no memory for Hyperscan scratch space");
    return {};
}

Result<std::unique_ptr<PatternDb>> PatternDb::compile(const std::vector<Literal>& literals) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    std::vector<std::size_t> sizes;
    const auto add = [&](const Literal& literal, unsigned id) {
        ids.push_back(id);
        texts.push_back(literal.bytes.data());
        sizes.push_back(literal.bytes.size());
        flags.push_back(literal.nocase ? HS_FLAG_CASELESS : 0u);
    };
    for (const Literal& literal : literals) add(literal, static_cast<unsigned>(texts.size()));
    const std::vector<Literal> noise = literals.size() >= kFillerFrom ? filler(literals) : std::vector<Literal>{};
    for (const Literal& literal : noise) add(literal, kFillerId);
    std::unique_ptr<PatternDb> db(new PatternDb);
    hs_compile_error_t* error = nullptr;
    if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(),
                             static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &db->database_,
                             &error) != HS_SUCCESS) {
        const std::string words = error != nullptr ? error->message : "unknown";
        hs_free_compile_error(error);
        return fail(ErrorCode::internal, "Hyperscan cannot compile " + std::to_string(literals.size()) +
                                             " literals: " + words);
    }
    hs_database_size(db->database_, &db->memory_bytes_);
    return db;
}

Result<std::unique_ptr<PatternDb>> PatternDb::compile(const std::vector<Expression>& expressions, Precision precision) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags, ids;
    for (const Expression& expression : expressions) {
        ids.push_back(static_cast<unsigned>(texts.size()));
        texts.push_back(expression.pattern.c_str());
        flags.push_back(flags_of(expression, precision));
    }
    std::unique_ptr<PatternDb> db(new PatternDb);
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                         nullptr, &db->database_, &error) != HS_SUCCESS) {
        const std::string words = error != nullptr ? error->message : "unknown";
        hs_free_compile_error(error);
        return fail(ErrorCode::internal, "Hyperscan cannot compile " + std::to_string(expressions.size()) +
                                             " patterns: " + words);
    }
    hs_database_size(db->database_, &db->memory_bytes_);
    return db;
}

bool PatternDb::admits(const Expression& expression, Precision precision) {
    // Patterns with NUL cannot be handed over; long ones may take seconds to compile.
    constexpr std::size_t kPatternMax = 1000;
    if (expression.pattern.size() > kPatternMax || expression.pattern.find('\0') != std::string::npos) return false;
    hs_database* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const bool taken = hs_compile(expression.pattern.c_str(), flags_of(expression, precision), HS_MODE_BLOCK, nullptr, &database,
                                  &error) == HS_SUCCESS;
    hs_free_compile_error(error);
    hs_free_database(database);
    return taken;
}

PatternDb::~PatternDb() { hs_free_database(database_); }

void PatternDb::scan(Bytes bytes, PatternScratch& scratch, OnMatch on_match, void* context) const noexcept {
    if (bytes.empty() || bytes.size() > kScanMax) return;
    Callback callback{on_match, context};
    hs_scan(database_, as_text(bytes).data(), static_cast<unsigned>(bytes.size()), 0, scratch.scratch_, forward,
            &callback);
}

}  // namespace sekisho::signature
