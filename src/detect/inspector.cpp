#include "sekisho/detect/inspector.h"

#include <algorithm>

#include "asn1.h"
#include "byte_value.h"
#include "entropy.h"
#include "find_bytes.h"
#include "sekisho/base/base64.h"
#include "sekisho/signature/compare.h"
#include "sekisho/signature/dataset.h"
#include "sekisho/signature/transform.h"

namespace sekisho::detect {
namespace {

using namespace signature;

constexpr std::int64_t kEntropyEnough = 8192;  // octets of a body that grows whose entropy may be told before its end
constexpr unsigned kEvaluationsMax = 3000;  // tests run for one buffer of one rule (Suricata's default limit)

bool is_relative(const Test& test) noexcept {
    struct Visitor {
        bool operator()(const Content& t) const noexcept { return t.relative(); }
        bool operator()(const Pcre& t) const noexcept { return t.relative; }
        bool operator()(const IsDataAt& t) const noexcept { return t.relative; }
        bool operator()(const ByteTest& t) const noexcept { return t.fetch.relative; }
        bool operator()(const ByteJump& t) const noexcept { return t.fetch.relative; }
        bool operator()(const ByteExtract& t) const noexcept { return t.fetch.relative; }
        bool operator()(const ByteMath& t) const noexcept { return t.fetch.relative; }
        bool operator()(const BufferSize&) const noexcept { return false; }
        bool operator()(const DatasetTest&) const noexcept { return false; }
        bool operator()(const Entropy&) const noexcept { return false; }
        bool operator()(const Asn1Walk& t) const noexcept { return t.relative; }
        bool operator()(const std::shared_ptr<const Base64Decode>& t) const noexcept { return t->relative; }
    };
    return std::visit(Visitor{}, test);
}

}  // namespace

/// One evaluation: walks the list of tests with the position behind the last match.
struct Inspector::Run {
    Inspector& owner;
    Bytes bytes;
    std::uint64_t base;
    bool complete;
    Anchor anchor{};
    bool little_endian = false;
    unsigned budget = kEvaluationsMax;
    bool end_counts = false;
    bool could_grow = false;  ///< a failed test had run into the end of what is known
    bool must_wait = false;   ///< a negated content is absent so far

    using Tests = std::span<const Test>;

    std::int64_t value_of(const Operand& operand) const noexcept {
        return operand.is_variable ? static_cast<std::int64_t>(owner.variables_[operand.variable % kVariables])
                                   : operand.value;
    }
    std::int64_t size() const noexcept { return static_cast<std::int64_t>(bytes.size()); }
    /// An offset from the buffer's first octet, in the bytes that are still here.
    std::int64_t from_start(std::int64_t offset) const noexcept { return offset - static_cast<std::int64_t>(base); }

    /// Tests from `rest` on, given the position behind the last match.
    bool all(Tests rest, std::int64_t at) noexcept {
        while (!rest.empty()) {
            if (budget == 0) {
                ++owner.limits_reached_;
                return false;
            }
            --budget;
            const Test& test = rest.front();
            rest = rest.subspan(1);
            if (const auto* content = std::get_if<Content>(&test)) {
                const bool next_relative = !rest.empty() && is_relative(rest.front());
                if (content->negated) {
                    if (!absent(*content, at)) return false;
                    continue;
                }
                if (next_relative) return any_occurrence(*content, rest, at);
                if (!first_occurrence(*content, at)) return false;
            } else if (const auto* pcre = std::get_if<Pcre>(&test)) {
                const bool next_relative = !rest.empty() && is_relative(rest.front());
                if (next_relative && !pcre->negated) return any_regex_match(*pcre, rest, at);
                if (!regex(*pcre, at)) return false;
            } else if (!simple(test, at)) {
                return false;
            }
        }
        return true;
    }

    /// The span [low, high) of `bytes` in which the content has to stand.
    struct Range {
        std::int64_t low, high;
        bool open;  ///< high is the end of what is known, not a bound of the rule
    };
    Range range_of(const Content& content, std::int64_t at) const noexcept {
        Range range = written_range(content, at);
        if (&content == anchor.content) range.low = std::max(range.low, from_start(static_cast<std::int64_t>(anchor.at)));
        return range;
    }
    Range written_range(const Content& content, std::int64_t at) const noexcept {
        Range range{0, size(), true};
        const auto bound = [&range](std::int64_t high) {
            if (high <= range.high) range = {range.low, high, false};
        };
        if (content.relative()) {
            range.low = at;
            std::int64_t distance = 0;
            if (content.distance) {
                distance = value_of(*content.distance);
                range.low = std::max<std::int64_t>(0, at + distance);
            }
            if (content.within) bound(at + value_of(*content.within) + distance);
            if (content.depth) bound(at + value_of(*content.depth));
            if (content.offset) range.low = std::max(range.low, from_start(value_of(*content.offset)));
            return range;
        }
        if (content.offset) range.low = std::max<std::int64_t>(0, from_start(value_of(*content.offset)));
        if (content.startswith) bound(from_start(static_cast<std::int64_t>(content.bytes.size())));
        if (content.depth)
            bound(from_start((content.offset ? value_of(*content.offset) : 0) + value_of(*content.depth)));
        return range;
    }

    /// Offset of the content in `range`, or -1.
    std::int64_t find(const Content& content, const Range& range) noexcept {
        const auto length = static_cast<std::int64_t>(content.bytes.size());
        if (range.low < 0 || range.high - range.low < length || range.high > size()) {
            if (range.open) could_grow = could_grow || may_come(content, range);
            return -1;
        }
        if (content.startswith && base != 0 && !content.relative()) return -1;
        if (content.endswith) {
            if ((!complete && !end_counts) || range.high != size()) {
                could_grow = could_grow || !complete;
                return -1;
            }
            const auto tail = static_cast<std::size_t>(size() - length);
            return equal_bytes(bytes.subspan(tail), content.bytes, content.nocase) ? size() - length : -1;
        }
        const auto low = static_cast<std::size_t>(range.low);
        const auto hay = bytes.subspan(low, static_cast<std::size_t>(range.high) - low);
        const std::size_t found = find_bytes(hay, content.bytes, content.nocase);
        if (found != kNotFound) return range.low + static_cast<std::int64_t>(found);
        if (range.open) could_grow = could_grow || may_come(content, range);
        return -1;
    }

    /// Whether a content that is not in the range is worth waiting for. What the prefilter looks for it will tell of
    /// again: of that only an occurrence that has begun and runs out of the view counts.
    bool may_come(const Content& content, const Range& range) const noexcept {
        if (&content != anchor.content) return true;
        const std::string_view text = content.bytes;
        const auto known = static_cast<std::size_t>(std::clamp<std::int64_t>(size() - range.low, 0, size()));
        for (std::size_t begun = std::min(known, text.size() - 1); begun > 0; --begun)
            if (equal_bytes(bytes.last(begun), text.substr(0, begun), content.nocase)) return true;
        return false;
    }

    bool absent(const Content& content, std::int64_t at) noexcept {
        const Range range = range_of(content, at);
        const bool grow = could_grow;
        const bool none = find(content, range) < 0;
        could_grow = grow;
        if (none && range.open && !complete) must_wait = true;
        return none;
    }

    bool first_occurrence(const Content& content, std::int64_t& at) noexcept {
        const std::int64_t found = find(content, range_of(content, at));
        if (found < 0) return false;
        at = found + static_cast<std::int64_t>(content.bytes.size());
        return true;
    }

    /// Each occurrence in turn until what follows holds, too.
    bool any_occurrence(const Content& content, Tests rest, std::int64_t at) noexcept {
        Range range = range_of(content, at);
        while (budget > 0) {
            const std::int64_t found = find(content, range);
            if (found < 0) return false;
            if (all(rest, found + static_cast<std::int64_t>(content.bytes.size()))) return true;
            if (content.endswith || budget == 0) return false;
            range.low = found + 1;
            --budget;
        }
        return false;
    }

    bool regex(const Pcre& pcre, std::int64_t& at) noexcept {
        RegexMatch match;
        const auto from = pcre.relative ? at : 0;
        if (from > size()) return pcre.negated;
        // A relative pattern sees the buffer from its start point on: ^ means that point.
        const auto start = static_cast<std::size_t>(std::max<std::int64_t>(from, 0));
        const bool found = pcre.regex->search(bytes.subspan(start), 0, owner.regex_, match);
        if (!found && !pcre.negated) could_grow = could_grow || match.may_come;
        if (found == pcre.negated) return false;
        if (found) at = static_cast<std::int64_t>(start + match.end);
        return true;
    }

    bool any_regex_match(const Pcre& pcre, Tests rest, std::int64_t at) noexcept {
        auto start = static_cast<std::size_t>(std::clamp<std::int64_t>(pcre.relative ? at : 0, 0, size()));
        std::size_t from = 0;
        while (budget > 0 && start + from <= bytes.size()) {
            RegexMatch match;
            if (!pcre.regex->search(bytes.subspan(start), from, owner.regex_, match)) {
                could_grow = could_grow || match.may_come;
                return false;
            }
            if (all(rest, static_cast<std::int64_t>(start + match.end))) return true;
            if (budget == 0) return false;
            --budget;
            from = match.begin + 1;
        }
        return false;
    }

    bool simple(const Test& test, std::int64_t& at) noexcept {
        if (const auto* t = std::get_if<IsDataAt>(&test)) return is_data_at(*t, at);
        if (const auto* t = std::get_if<ByteTest>(&test)) return byte_test(*t, at);
        if (const auto* t = std::get_if<ByteJump>(&test)) return byte_jump(*t, at);
        if (const auto* t = std::get_if<ByteExtract>(&test)) return byte_extract(*t, at);
        if (const auto* t = std::get_if<ByteMath>(&test)) return byte_math(*t, at);
        if (const auto* t = std::get_if<BufferSize>(&test)) return buffer_size(*t);
        if (const auto* t = std::get_if<DatasetTest>(&test)) return dataset(*t);
        if (const auto* t = std::get_if<Asn1Walk>(&test)) return asn1(*t, at);
        if (const auto* t = std::get_if<Entropy>(&test)) return entropy(*t);
        return base64(**std::get_if<std::shared_ptr<const Base64Decode>>(&test), at);
    }

    bool is_data_at(const IsDataAt& test, std::int64_t at) noexcept {
        // From the start it is an index, behind a match it counts: 1 asks for one octet more (Suricata).
        const bool there = test.relative ? value_of(test.at) + at <= size() : value_of(test.at) + from_start(0) < size();
        if (!there && !complete) could_grow = true;
        return there != test.negated;
    }

    std::optional<FetchedValue> fetch(const ByteFetch& spec, std::int64_t at) noexcept {
        const std::int64_t place = value_of(spec.offset) + (spec.relative ? at : from_start(0));
        const auto count = static_cast<std::uint64_t>(value_of(spec.count));
        auto fetched = fetch_value(spec, bytes, place, count, little_endian);
        if (!fetched && place >= 0 && !complete) could_grow = true;
        return fetched;
    }

    bool byte_test(const ByteTest& test, std::int64_t at) noexcept {
        const auto fetched = fetch(test.fetch, at);
        if (!fetched) return false;
        const auto value = static_cast<std::uint64_t>(value_of(test.value));
        return compare_numbers(test.op, fetched->value, value, 0) != test.negated;
    }

    bool byte_jump(const ByteJump& jump, std::int64_t& at) noexcept {
        std::uint64_t value = 0;
        std::int64_t from = 0;
        if (value_of(jump.fetch.count) == 0) {
            from = value_of(jump.fetch.offset) + (jump.fetch.relative ? at : from_start(0));
        } else {
            const auto fetched = fetch(jump.fetch, at);
            if (!fetched) return false;
            value = fetched->value;
            from = static_cast<std::int64_t>(fetched->end);
        }
        value *= jump.multiplier;
        if (jump.align && value % 4 != 0) value += 4 - value % 4;
        std::int64_t target = static_cast<std::int64_t>(value) + value_of(jump.post_offset);
        if (jump.from_beginning) target = from_start(target);
        else if (jump.from_end) target += size();
        else target += from;
        // A jump back beyond the buffer's first octet ends there (Suricata).
        if (target < 0 && base == 0) target = 0;
        if (target < 0 || target > size()) {
            if (!complete) could_grow = true;
            return false;
        }
        at = target;
        return true;
    }

    bool byte_extract(const ByteExtract& extract, std::int64_t& at) noexcept {
        const auto fetched = fetch(extract.fetch, at);
        if (!fetched) return false;
        std::uint64_t value = fetched->value * extract.multiplier;
        if (extract.align != 0 && value % extract.align != 0) value += extract.align - value % extract.align;
        owner.variables_[extract.variable % kVariables] = value;
        at = static_cast<std::int64_t>(fetched->end);
        return true;
    }

    bool byte_math(const ByteMath& math, std::int64_t& at) noexcept {
        const auto fetched = fetch(math.fetch, at);
        if (!fetched) return false;
        const auto right = static_cast<std::uint64_t>(value_of(math.right));
        std::uint64_t value = fetched->value;
        switch (math.op) {
            case ByteMath::Op::add: value += right; break;
            case ByteMath::Op::subtract: value -= right; break;
            case ByteMath::Op::multiply: value *= right; break;
            case ByteMath::Op::divide:
                if (right == 0) return false;
                value /= right;
                break;
            case ByteMath::Op::shift_left: value = right < 64 ? value << right : 0; break;
            case ByteMath::Op::shift_right: value = right < 64 ? value >> right : 0; break;
        }
        owner.variables_[math.variable % kVariables] = value;
        at = static_cast<std::int64_t>(fetched->end);
        return true;
    }

    bool dataset(const DatasetTest& test) noexcept {
        using Op = DatasetTest::Op;
        if (!complete) could_grow = true;
        if (test.op == Op::reputation) {
            const auto reputation = test.set->reputation(bytes);
            return reputation && compare_numbers(test.compare, *reputation, test.reputation, 0);
        }
        bool known = test.subdomains ? test.set->contains_domain(bytes) : test.set->contains(bytes);
        if (test.set->changes && owner.learned_ != nullptr) known = owner.learned_->find(test.name, bytes).value_or(known);
        if (test.op == Op::isset || test.op == Op::isnotset) return known == (test.op == Op::isset);
        // What the set is to become is done when the whole rule has matched.
        const bool wanted = test.op == Op::set;
        return complete && known != wanted && owner.changes_.push_back(LearnedValues::change(test.name, bytes, wanted));
    }

    bool asn1(const Asn1Walk& walk, std::int64_t at) noexcept {
        const std::int64_t place = walk.offset + (walk.relative ? at : from_start(0));
        if (!complete) could_grow = true;
        return place >= 0 && place < size() && has_asn1_fault(bytes.subspan(static_cast<std::size_t>(place)), walk);
    }

    /// Of a long buffer the part that is in view counts, as far as the rule does not say which octets it means.
    bool entropy(const Entropy& test) noexcept {
        if (!complete) could_grow = true;
        const std::int64_t place = from_start(test.offset);
        const std::int64_t begin = test.octets == 0 ? std::max<std::int64_t>(place, 0) : place;
        if (begin < 0 || begin > size() || test.octets > size() - begin) return false;
        if (test.octets == 0 && !complete && !end_counts && size() - begin < kEntropyEnough) return false;
        const Bytes from = bytes.subspan(static_cast<std::size_t>(begin));
        return entropy_holds(test, entropy_of(test.octets == 0 ? from : from.first(test.octets)));
    }

    bool buffer_size(const BufferSize& test) noexcept {
        if (!complete) {
            could_grow = true;
            return false;
        }
        return compare_numbers(test.op, base + bytes.size(), test.low, test.high);
    }

    bool base64(const Base64Decode& decode, std::int64_t at) noexcept {
        const std::int64_t place = decode.offset + (decode.relative ? at : from_start(0));
        if (place < 0 || place >= size()) {
            could_grow = could_grow || !complete;
            return false;
        }
        Bytes text = bytes.subspan(static_cast<std::size_t>(place));
        if (decode.bytes != 0) text = text.first(std::min<std::size_t>(decode.bytes, text.size()));
        const std::size_t used = decode_base64(text, {owner.base64_space_.get(), kBase64Space}).written;
        if (used == 0) return false;
        if (decode.tests.empty()) return true;
        Run inner{owner, {owner.base64_space_.get(), used}, 0, complete, {}, little_endian, budget};
        const bool matched = inner.all(decode.tests, 0);
        budget = inner.budget;
        could_grow = could_grow || inner.could_grow;
        return matched;
    }
};

Inspector::Inspector()
    : transform_space_(new std::uint8_t[kTransformSpace]), base64_space_(new std::uint8_t[kBase64Space]) {}

Match Inspector::match(const std::vector<Test>& tests, BufferView view, Anchor anchor) noexcept {
    Run run{*this, view.bytes, view.base, view.complete, anchor, view.little_endian};
    run.end_counts = view.end_counts;
    const std::size_t changes = changes_.size();
    const bool matched = run.all(tests, 0);
    while (!matched && changes_.size() > changes) changes_.erase_unordered(changes_.size() - 1);
    if (matched) return run.must_wait && !view.absence_final ? Match::later : Match::yes;
    return run.could_grow && !view.complete ? Match::later : Match::no;
}

Match Inspector::match(const BufferTests& buffer, BufferView view, Anchor anchor) noexcept {
    if (buffer.transforms.empty()) return match(buffer.tests, view, anchor);
    const Bytes changed =
        apply_transforms(buffer.transforms, view.bytes, {transform_space_.get(), kTransformSpace}, regex_);
    return match(buffer.tests, {changed, 0, view.complete, view.absence_final, view.end_counts, view.little_endian});
}

}  // namespace sekisho::detect
