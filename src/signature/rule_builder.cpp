#include "signature/rule_builder.h"

#include <algorithm>

#include "sekisho/base/text.h"
#include "signature/field_protocol.h"
#include "signature/number.h"
#include "signature/validate.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kVariablesMax = 32;  ///< byte_extract and byte_math of one rule

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

bool moves_cursor(const Test& test) {
    return std::holds_alternative<Content>(test) || std::holds_alternative<Pcre>(test) ||
           std::holds_alternative<ByteTest>(test) || std::holds_alternative<ByteJump>(test) ||
           std::holds_alternative<ByteExtract>(test) || std::holds_alternative<ByteMath>(test) ||
           std::holds_alternative<IsDataAt>(test);
}

}  // namespace

std::vector<Test>& RuleBuilder::tests(const Cursor& cursor) noexcept {
    return cursor.kind == Cursor::Kind::base64 ? decode_->tests : rule_.buffers[cursor.group].tests;
}

std::size_t RuleBuilder::find_or_add(app::Field field) {
    for (std::size_t i = 0; i < rule_.buffers.size(); ++i) {
        const BufferTests& known = rule_.buffers[i];
        if (known.field == field && known.transforms.empty() && known.side == side_of(field)) return i;
    }
    return add_fresh(field);
}

std::size_t RuleBuilder::add_fresh(app::Field field) {
    rule_.buffers.push_back({field, {}, {}, Absence::fails, side_of(field)});
    return rule_.buffers.size() - 1;
}

FlowDirection RuleBuilder::side_of(app::Field field) const noexcept {
    if (!rule_.header.exchange || side_ != FlowDirection::any) return side_;
    return app::info(field).direction == app::FieldDirection::to_client ? FlowDirection::to_client : FlowDirection::to_server;
}

void RuleBuilder::put(const Cursor& cursor, Test test) {
    if (std::holds_alternative<Content>(test)) last_content_ = cursor;
    if (moves_cursor(test)) last_match_ = cursor;
    tests(cursor).push_back(std::move(test));
    fresh_ = false;
}

void RuleBuilder::add(Test test) { put(target(), std::move(test)); }

void RuleBuilder::add_near_last_match(Test test, bool relative) {
    const bool follow = !sticky() && relative && last_match_.kind != Cursor::Kind::none;
    put(follow ? last_match_ : target(), std::move(test));
}

Status RuleBuilder::add_to(app::Field field, Test test, bool exclusive) {
    const bool same = active_.kind == Cursor::Kind::group && rule_.buffers[active_.group].field == field;
    if (same) {
        put(active_, std::move(test));
        return {};
    }
    if (exclusive && sticky())
        return fail(ErrorCode::invalid, "it means " + std::string(app::info(field).name) +
                                            ", but another sticky buffer is active; put pkt_data before it");
    put({Cursor::Kind::group, find_or_add(field)}, std::move(test));
    return {};
}

Status RuleBuilder::add_group(BufferTests tests) {
    tests.side = side_of(tests.field);
    rule_.buffers.push_back(std::move(tests));
    return {};
}

void RuleBuilder::add_decode(Base64Decode decode) {
    const bool relative = decode.relative;
    decode_ = std::make_shared<Base64Decode>(std::move(decode));
    add_near_last_match(std::shared_ptr<const Base64Decode>(decode_), relative);
}

app::Field RuleBuilder::active_field() const noexcept {
    return active_.kind == Cursor::Kind::group ? rule_.buffers[active_.group].field : app::Field::payload;
}

Status RuleBuilder::select(app::Field field) {
    if (auto closed = select_payload(); !closed) return closed;
    const bool always_new = app::repeats(app::info(field).kind);
    active_ = {Cursor::Kind::group, always_new ? add_fresh(field) : find_or_add(field)};
    fresh_ = true;
    return {};
}

Status RuleBuilder::select_payload() {
    if (fresh_) return fail(ErrorCode::invalid, "the buffer before it is not tested by anything");
    active_ = {};
    return {};
}

Status RuleBuilder::select_base64() {
    if (!decode_) return fail(ErrorCode::invalid, "no base64_decode before it");
    if (auto closed = select_payload(); !closed) return closed;
    active_ = {Cursor::Kind::base64, 0};
    fresh_ = true;
    return {};
}

Status RuleBuilder::add_transform(Transform transform) {
    constexpr std::size_t kTransformsMax = 16;
    const bool plain = active_.kind == Cursor::Kind::group && rule_.buffers[active_.group].transforms.empty();
    if (active_.kind != Cursor::Kind::group || (!fresh_ && !plain))
        return fail(ErrorCode::invalid, "a transform must directly follow a sticky buffer or another transform");
    // The plain buffer may have tests already: the transformed one is a group of its own.
    fresh_ = true;
    BufferTests& group = rule_.buffers[active_.group];
    if (!group.tests.empty()) {
        rule_.buffers.push_back({app::Field(group.field), {}, {}, Absence::fails, FlowDirection(group.side)});
        active_.group = rule_.buffers.size() - 1;
    }
    auto& transforms = rule_.buffers[active_.group].transforms;
    if (transforms.size() == kTransformsMax) return fail(ErrorCode::invalid, "too many transforms on one buffer");
    transforms.push_back(std::move(transform));
    return {};
}

Status RuleBuilder::set_absence(Absence absence) {
    if (!fresh_ || active_.kind != Cursor::Kind::group || !rule_.buffers[active_.group].tests.empty() ||
        !rule_.buffers[active_.group].transforms.empty())
        return fail(ErrorCode::invalid, "it must directly follow a sticky buffer that is tested by nothing before it");
    rule_.buffers[active_.group].absence = absence;
    fresh_ = absence == Absence::suffices;  // what else would do comes yet
    return {};
}

// An earlier group with the same field and transforms takes the tests of the last one.
void RuleBuilder::merge_transformed_group() {
    auto& groups = rule_.buffers;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (app::repeats(app::info(groups[i].field).kind) || groups[i].transforms.empty()) continue;
        for (std::size_t j = i + 1; j < groups.size(); ++j) {
            if (groups[j].field != groups[i].field || groups[j].side != groups[i].side || !(groups[j].transforms == groups[i].transforms)) continue;
            std::move(groups[j].tests.begin(), groups[j].tests.end(), std::back_inserter(groups[i].tests));
            groups[j].tests.clear();
        }
    }
}

Content* RuleBuilder::last_content() noexcept {
    const Cursor& where = sticky() ? active_ : last_content_;
    if (where.kind == Cursor::Kind::none || (sticky() && fresh_)) return nullptr;
    auto& candidates = tests(where);
    for (auto test = candidates.rbegin(); test != candidates.rend(); ++test)
        if (auto* content = std::get_if<Content>(&*test)) return content;
    return nullptr;
}

Status RuleBuilder::move_last_content(app::Field field) {
    if (sticky())
        return fail(ErrorCode::invalid, "a modifier cannot follow while a sticky buffer is active; put pkt_data before "
                                        "the content");
    const std::size_t payload = find_or_add(app::Field::payload);
    auto& from = rule_.buffers[payload].tests;
    const auto found = std::find_if(from.rbegin(), from.rend(),
                                    [](const Test& test) { return std::holds_alternative<Content>(test); });
    if (found == from.rend()) return fail(ErrorCode::invalid, "no content before it");
    if (std::get<Content>(*found).rawbytes)
        return fail(ErrorCode::invalid, "rawbytes means the payload; it does not go together with a buffer");
    Test moved = std::move(*found);
    from.erase(std::next(found).base());
    put({Cursor::Kind::group, find_or_add(field)}, std::move(moved));
    return {};
}

Result<Operand> RuleBuilder::operand(std::string_view text, std::int64_t min, std::int64_t max) const {
    const auto name = std::find(variables_.begin(), variables_.end(), text);
    if (name != variables_.end())
        return Operand{true, static_cast<std::uint8_t>(name - variables_.begin()), 0};
    const bool word = !text.empty() && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z');
    if (word)
        return fail(ErrorCode::invalid, quoted(text) + " is neither a number nor set by a byte_extract or byte_math before");
    const auto value = parse_number(text, min, max);
    if (!value) return fail(value.error());
    return Operand{false, 0, *value};
}

Result<std::uint8_t> RuleBuilder::define_variable(std::string_view name) {
    const bool good = !name.empty() && ((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z') &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                          return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '.' || c == '-';
                      });
    if (!good) return fail(ErrorCode::invalid, quoted(name) + " is not a variable name (letters, digits, '_')");
    const auto known = std::find(variables_.begin(), variables_.end(), name);
    if (known != variables_.end()) return static_cast<std::uint8_t>(known - variables_.begin());
    if (variables_.size() == kVariablesMax)
        return fail(ErrorCode::invalid, "more than " + std::to_string(kVariablesMax) + " variables");
    variables_.emplace_back(name);
    rule_.variables = static_cast<std::uint8_t>(variables_.size());
    return static_cast<std::uint8_t>(variables_.size() - 1);
}

Status RuleBuilder::require_protocol(app::Protocol protocol, std::string_view keyword) {
    // What the header names may carry several, as DNS over HTTP/2 does.
    const app::Protocol known = rule_.header.protocol != app::Protocol::unknown ? rule_.header.protocol : protocol_;
    if (known == app::Protocol::unknown || protocols_agree(known, protocol)) {
        protocol_ = protocol;
        return {};
    }
    return fail(ErrorCode::invalid, quoted(keyword) + " looks at " + std::string(app::to_string(protocol)) +
                                        ", but the rule is about " + std::string(app::to_string(known)));
}

Status RuleBuilder::finish() {
    if (fresh_) return fail(ErrorCode::invalid, "the last sticky buffer is not tested by anything");
    merge_transformed_group();
    auto& groups = rule_.buffers;
    std::erase_if(groups, [](const BufferTests& group) { return group.tests.empty() && group.absence != Absence::wanted; });
    std::stable_partition(groups.begin(), groups.end(),
                          [](const BufferTests& group) { return group.field == app::Field::payload; });
    groups.shrink_to_fit();
    // A rule about TCP that asks for what one protocol has is a rule about that protocol.
    if (rule_.header.protocol == app::Protocol::unknown && rule_.app_protocols.empty()) rule_.header.protocol = protocol_;
    for (FileTest& test : rule_.file_tests)
        if (rule_.header.exchange && test.side == FlowDirection::any) test.side = FlowDirection::to_server;
    return validate(rule_);
}

}  // namespace sekisho::signature
