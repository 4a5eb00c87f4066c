// PCRE2 with JIT behind our own types. Limits follow Suricata's defaults, so that the same expression gives up
// at the same place. Identical expressions of a rule set share one compiled pattern.
#include "sekisho/signature/regex.h"

#include <unordered_map>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "sekisho/base/guarded.h"

namespace sekisho::signature {
namespace {

constexpr std::uint32_t kMatchLimit = 3500;        ///< backtracking steps (Suricata's pcre.match-limit)
constexpr std::uint32_t kDepthLimit = 1500;        ///< nested backtracking (pcre.match-limit-recursion)
constexpr std::uint32_t kOpenMatchLimit = 350'000;  ///< letter O lifts the limit; there is still an end
constexpr std::uint32_t kCapturesMax = 16;         ///< pairs that a match may report; later groups are cut
constexpr std::size_t kJitStackMin = KiB(32);
constexpr std::size_t kJitStackMax = KiB(512);
constexpr std::size_t kHeapLimitKib = 2048;        ///< for the interpreter, where JIT refuses an expression
constexpr std::size_t kPatternMax = KiB(64);
constexpr std::uint32_t kNestMax = 100;            ///< parentheses: bounds the compiler's recursion

struct Letter {
    char letter;
    std::uint32_t option;
};
constexpr Letter kLetters[] = {
    {'i', PCRE2_CASELESS}, {'s', PCRE2_DOTALL},   {'m', PCRE2_MULTILINE}, {'x', PCRE2_EXTENDED},
    {'A', PCRE2_ANCHORED}, {'E', PCRE2_DOLLAR_ENDONLY}, {'G', PCRE2_UNGREEDY}, {'O', 0},
};

struct CodeDeleter {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct ContextDeleter {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

struct CompileContext {
    CompileContext() : context(pcre2_compile_context_create(nullptr)) {
        pcre2_set_max_pattern_length(context, kPatternMax);
        pcre2_set_parens_nest_limit(context, kNestMax);
    }
    ~CompileContext() { pcre2_compile_context_free(context); }
    CompileContext(const CompileContext&) = delete;
    CompileContext& operator=(const CompileContext&) = delete;
    pcre2_compile_context* context;
};

/// Compiled expressions by "letters/pattern"; forgotten when no rule holds them.
class Cache {
  public:
    std::shared_ptr<const Regex> find(const std::string& key) const {
        const auto found = entries_.find(key);
        return found == entries_.end() ? nullptr : found->second.lock();
    }
    void keep(std::string key, const std::shared_ptr<const Regex>& regex) {
        if (entries_.size() >= sweep_at_) {
            std::erase_if(entries_, [](const auto& entry) { return entry.second.expired(); });
            sweep_at_ = entries_.size() * 2 + 1024;
        }
        entries_[std::move(key)] = regex;
    }

  private:
    std::unordered_map<std::string, std::weak_ptr<const Regex>> entries_;
    std::size_t sweep_at_ = 1024;
};

Guarded<Cache>& cache() {
    static Guarded<Cache> shared;
    return shared;
}

}  // namespace

struct RegexScratch::Impl {
    pcre2_match_data* data = pcre2_match_data_create(kCapturesMax, nullptr);
    pcre2_jit_stack* stack = pcre2_jit_stack_create(kJitStackMin, kJitStackMax, nullptr);
    // One context for each set of limits: changing them during a search would cost more.
    pcre2_match_context* bounded = make_context(kMatchLimit, kDepthLimit);
    pcre2_match_context* open = make_context(kOpenMatchLimit, kOpenMatchLimit);

    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        pcre2_match_context_free(open);
        pcre2_match_context_free(bounded);
        pcre2_jit_stack_free(stack);
        pcre2_match_data_free(data);
    }

    pcre2_match_context* make_context(std::uint32_t steps, std::uint32_t depth) const {
        pcre2_match_context* context = pcre2_match_context_create(nullptr);
        pcre2_set_match_limit(context, steps);
        pcre2_set_depth_limit(context, depth);
        pcre2_set_heap_limit(context, kHeapLimitKib);
        pcre2_jit_stack_assign(context, nullptr, stack);
        return context;
    }
};

RegexScratch::RegexScratch() : impl_(std::make_unique<Impl>()) {}
RegexScratch::~RegexScratch() = default;

struct Regex::Impl {
    std::unique_ptr<pcre2_code, CodeDeleter> code;
    bool jit = false;
    bool open_limits = false;
    std::uint32_t partial = 0;  ///< PCRE2_PARTIAL_SOFT: it can tell whether more octets may complete a match
};

Regex::Regex() : impl_(std::make_unique<Impl>()) {}
Regex::~Regex() = default;

Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern, std::string_view options, bool goes_on) {
    std::uint32_t bits = 0;
    bool open_limits = false;
    for (const char c : options) {
        const Letter* known = nullptr;
        for (const Letter& letter : kLetters)
            if (letter.letter == c) known = &letter;
        if (!known) return fail(ErrorCode::invalid, std::string("unknown option letter '") + c + "'");
        bits |= known->option;
        open_limits = open_limits || c == 'O';
    }
    std::string key = std::to_string(bits) + (open_limits ? "O" : "") + (goes_on ? "P/" : "/");
    key.append(pattern);
    if (auto known = cache().with([&](const Cache& entries) { return entries.find(key); })) return known;

    static const CompileContext compile_context;
    int error = 0;
    PCRE2_SIZE at = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), bits, &error, &at,
                                     compile_context.context);
    if (!code) {
        PCRE2_UCHAR words[160];
        pcre2_get_error_message(error, words, sizeof words);
        return fail(ErrorCode::invalid, std::string(reinterpret_cast<const char*>(words)) + " (at octet " +
                                            std::to_string(at) + " of the expression)");
    }
    std::shared_ptr<Regex> regex(new Regex);
    regex->impl_->code.reset(code);
    regex->impl_->open_limits = open_limits;
    // A pattern that must begin at the start point is decided as soon as it neither matches nor runs out of octets.
    std::uint32_t all_options = 0;
    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &all_options);
    const bool partial = goes_on && (all_options & PCRE2_ANCHORED) != 0;
    regex->impl_->partial = partial ? PCRE2_PARTIAL_SOFT : 0u;
    regex->impl_->jit = pcre2_jit_compile(code, partial ? PCRE2_JIT_PARTIAL_SOFT : PCRE2_JIT_COMPLETE) == 0;
    std::shared_ptr<const Regex> shared = std::move(regex);
    cache().with([&](Cache& entries) { entries.keep(std::move(key), shared); });
    return shared;
}

Result<std::string> replace_all(std::string_view pattern, std::string_view replacement, std::string_view text) {
    const auto words_of = [](int error) {
        PCRE2_UCHAR words[160];
        pcre2_get_error_message(error, words, sizeof words);
        return std::string(reinterpret_cast<const char*>(words));
    };
    // PCRE2 writes groups as ${1}; a dollar is only itself.
    std::string written;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const char c = replacement[i];
        const bool group = c == '\\' && i + 1 < replacement.size() && replacement[i + 1] >= '1' && replacement[i + 1] <= '9';
        if (group) written.append("${").append(1, replacement[++i]).append("}");
        else if (c == '$') written += "$$";
        else written += c;
    }
    int error = 0;
    PCRE2_SIZE at = 0;
    const std::unique_ptr<pcre2_code, CodeDeleter> code(pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), 0, &error, &at, nullptr));
    if (!code) return fail(ErrorCode::invalid, words_of(error) + " (at octet " + std::to_string(at) + " of the expression)");
    std::string out(text.size() + written.size() + 64, '\0');
    for (;;) {
        PCRE2_SIZE size = out.size();
        const int count = pcre2_substitute(
            code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
            PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH, nullptr, nullptr,
            reinterpret_cast<PCRE2_SPTR>(written.data()), written.size(), reinterpret_cast<PCRE2_UCHAR*>(out.data()), &size);
        if (count == PCRE2_ERROR_NOMEMORY && size > out.size()) {
            out.resize(size);
            continue;
        }
        if (count < 0) return fail(ErrorCode::invalid, words_of(count));
        out.resize(size);
        return out;
    }
}

bool Regex::search(Bytes bytes, std::size_t from, RegexScratch& scratch, RegexMatch& match) const noexcept {
    match.may_come = true;
    if (from > bytes.size()) return false;
    RegexScratch::Impl& memory = *scratch.impl_;
    if (!memory.data) return false;
    pcre2_match_context* context = impl_->open_limits ? memory.open : memory.bounded;
    static constexpr PCRE2_UCHAR kNothing = 0;  // PCRE2 refuses a null subject
    const PCRE2_SPTR subject = bytes.empty() ? &kNothing : bytes.data();
    const int count = impl_->jit
                          ? pcre2_jit_match(impl_->code.get(), subject, bytes.size(), from, impl_->partial, memory.data, context)
                          : pcre2_match(impl_->code.get(), subject, bytes.size(), from, impl_->partial, memory.data, context);
    if (count == PCRE2_ERROR_NOMATCH && impl_->partial != 0 && from < bytes.size()) match.may_come = false;
    if (count < 0) return false;
    const PCRE2_SIZE* pairs = pcre2_get_ovector_pointer(memory.data);
    match = {};
    match.begin = pairs[0];
    match.end = pairs[1] < pairs[0] ? pairs[0] : pairs[1];  // \K may put the begin behind the end
    if ((count == 0 || count > 1) && pairs[2] != PCRE2_UNSET) {
        match.group_begin = pairs[2];
        match.group_end = pairs[3];
        match.has_group = true;
    }
    return true;
}

}  // namespace sekisho::signature
