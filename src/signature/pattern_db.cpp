#include "sekisho/signature/pattern_db.h"

#include <hs/hs.h>

namespace sekisho::signature {
namespace {

/// Hyperscan takes lengths as unsigned int; callers hand over at most a window (stream/window.h).
constexpr std::size_t kScanMax = 0x7fffffff;

struct Callback {
    PatternDb::OnMatch on_match;
    void* context;
};

int forward(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) noexcept {
    const auto* callback = static_cast<const Callback*>(context);
    callback->on_match(callback->context, id, static_cast<std::size_t>(to));
    return 0;
}

unsigned flags_of(const Expression& expression) noexcept {
    return HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH | (expression.nocase ? HS_FLAG_CASELESS : 0u) |
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
    for (const Literal& literal : literals) {
        ids.push_back(static_cast<unsigned>(texts.size()));
        texts.push_back(literal.bytes.data());
        sizes.push_back(literal.bytes.size());
        flags.push_back(literal.nocase ? HS_FLAG_CASELESS : 0u);
    }
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

Result<std::unique_ptr<PatternDb>> PatternDb::compile(const std::vector<Expression>& expressions) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags, ids;
    for (const Expression& expression : expressions) {
        ids.push_back(static_cast<unsigned>(texts.size()));
        texts.push_back(expression.pattern.c_str());
        flags.push_back(flags_of(expression));
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

bool PatternDb::admits(const Expression& expression) {
    // Patterns with NUL cannot be handed over; long ones may take seconds to compile.
    constexpr std::size_t kPatternMax = 1000;
    if (expression.pattern.size() > kPatternMax || expression.pattern.find('\0') != std::string::npos) return false;
    hs_database* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const bool taken = hs_compile(expression.pattern.c_str(), flags_of(expression), HS_MODE_BLOCK, nullptr, &database,
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
