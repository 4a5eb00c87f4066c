#include "sekisho/urlfilter/filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "urlfilter/filter_parts.h"

namespace sekisho::urlfilter {

std::string_view to_string(Action action) noexcept {
    constexpr std::array<std::string_view, 4> kNames{"allow", "alert", "warn", "block"};
    return kNames[static_cast<std::size_t>(action)];
}

Filter::Filter() = default;
Filter::~Filter() = default;

/// One look-up in the making.
struct Filter::Judging {
    const Filter& filter;
    const Query& query;
    const HostName& name;
    ClientGroups::Set groups = 0;
    std::int64_t local_s = 0;
    Decision decision;
};

/// An admin entry that has ended is passed over.
bool Filter::admin_entry_holds(const void* context, const Match& match) noexcept {
    const auto& judging = *static_cast<const Judging*>(context);
    const Layer& admin = judging.filter.layers_.front();
    for (const std::uint32_t line : admin.database.lines(match)) {
        const auto end = std::lower_bound(admin.ends.begin(), admin.ends.end(), line,
                                          [](const Layer::End& one, std::uint32_t wanted) { return one.line < wanted; });
        if (end == admin.ends.end() || end->line != line || judging.query.now_s < end->until_s) return true;
    }
    return false;
}

Decision Filter::decide(const Query& query) const noexcept {
    const HostName name(query.host);
    if (name.form() == HostName::Form::empty) return {};
    Judging judging{*this, query, name, 0, 0, {}};
    if (!rules_.empty()) {
        judging.groups = groups_.groups_of(query.client);
        judging.local_s = clock_.local(query.now_s);
    }
    for (std::uint8_t layer = 0; layer < layers_.size(); ++layer) {
        const Database& database = layers_[layer].database;
        const Match match = layer == 0 ? database.lookup(name, query.path, &admin_entry_holds, &judging)
                                       : database.lookup(name, query.path);
        for (const std::uint32_t line : database.lines(match))
            consider(judging, {layer, line}, match.path_bytes, name.text().substr(name.text().size() - match.host_bytes));
        if (layer == 0 && judging.decision.listed()) return judging.decision;  // the admin has said it
    }
    scan_expressions(judging);
    if (!judging.decision.listed() && rules_for_unlisted_) {
        judging.decision.action = action_of(judging, Decision::kUnlisted, judging.decision.rule);
        if (judging.decision.rule != 0) judging.decision.category = Decision::kUnlisted;
    }
    return judging.decision;
}

/// The strictest action among all lines counts; the first such line, of the more specific entry, is named.
void Filter::consider(Judging& judging, LineRef ref, std::uint16_t path_bytes, std::string_view host) const noexcept {
    const std::uint16_t category = category_of(ref.layer, ref.line);
    std::uint16_t rule = 0;
    const Action action = ref.layer == 0 ? actions_[category] : action_of(judging, category, rule);
    Decision& decision = judging.decision;
    if (decision.listed() && action <= decision.action) return;
    decision.action = action;
    decision.category = category;
    decision.rule = rule;
    decision.layer = ref.layer;
    decision.line = ref.line;
    decision.path_bytes = path_bytes;
    decision.host = judging.query.host.substr(judging.name.raw_offset() + judging.name.text().size() - host.size(), host.size());
}

namespace {

struct Scan {
    const void* filter;
    void* judging;
    void (*use)(const void* filter, void* judging, std::uint32_t id) noexcept;
};

}  // namespace

/// Patterns see "host/path" as lists spell it: lower case, without scheme and port.
void Filter::scan_expressions(Judging& judging) const noexcept {
    if (!patterns_ || judging.query.scratch == nullptr) return;
    std::array<char, kHostMaxBytes + kPathMaxBytes> text;
    const std::string_view host = judging.name.text();
    std::copy(host.begin(), host.end(), text.begin());
    std::size_t size = host.size();
    if (!judging.query.path.empty()) {
        const PathName path(judging.query.path);
        std::copy(path.text().begin(), path.text().end(), text.begin() + static_cast<std::ptrdiff_t>(size));
        size += path.text().size();
    }
    Scan scan{this, &judging, [](const void* filter, void* context, std::uint32_t id) noexcept {
                  const auto& self = *static_cast<const Filter*>(filter);
                  auto& at = *static_cast<Judging*>(context);
                  self.consider(at, self.pattern_lines_[id], 0, at.name.text());
              }};
    patterns_->scan(as_bytes(std::string_view(text.data(), size)), *judging.query.scratch,
                    [](void* context, std::uint32_t id, std::size_t) noexcept {
                        const auto& one = *static_cast<const Scan*>(context);
                        one.use(one.filter, one.judging, id);
                    },
                    &scan);
}

Action Filter::action_of(const Judging& judging, std::uint16_t category, std::uint16_t& rule) const noexcept {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        const CompiledRule& one = rules_[i];
        if (one.groups != 0 && (one.groups & judging.groups) == 0) continue;
        if (!one.categories[category] || (one.until_s != 0 && judging.query.now_s >= one.until_s)) continue;
        if (!one.schedule.covers(judging.local_s)) continue;
        rule = static_cast<std::uint16_t>(i + 1);
        return one.action;
    }
    return category_action(category);
}

std::uint16_t Filter::category_of(std::uint8_t layer, std::uint32_t line) const noexcept {
    const Layer& one = layers_[layer];
    const std::uint16_t own = one.database.origin(line).category;
    return own < one.categories.size() ? one.categories[own] : Decision::kNoCategory;
}

std::string_view Filter::category_name(std::uint16_t category) const noexcept {
    return category < names_.size() ? std::string_view(names_[category]) : std::string_view{};
}

Action Filter::category_action(std::uint16_t category) const noexcept {
    return category < actions_.size() ? actions_[category] : Action::allow;
}

std::string_view Filter::rule_name(std::uint16_t rule) const noexcept {
    return rule == 0 || rule > rules_.size() ? std::string_view{} : std::string_view(rules_[rule - 1].name);
}

std::string_view Filter::rule_reason(std::uint16_t rule) const noexcept {
    return rule == 0 || rule > rules_.size() ? std::string_view{} : std::string_view(rules_[rule - 1].reason);
}

std::string_view Filter::origin_text(const Decision& decision, std::span<char, kOriginTextMax> out) const noexcept {
    if (!decision.listed() || decision.layer >= layers_.size()) return {};
    const Origin origin = layers_[decision.layer].database.origin(decision.line);
    constexpr std::size_t kNumberRoom = 11;  // ":" and ten digits
    const std::size_t size = std::min(origin.source.size(), out.size() - kNumberRoom);
    std::copy_n(origin.source.data(), size, out.data());
    out[size] = ':';
    const auto end = std::to_chars(out.data() + size + 1, out.data() + out.size(), origin.line).ptr;
    return {out.data(), static_cast<std::size_t>(end - out.data())};
}

std::string Filter::origin_text(const Decision& decision) const {
    std::array<char, kOriginTextMax> out;
    return std::string(origin_text(decision, out));
}

std::vector<OriginInfo> Filter::all_origins(const Query& query) const {
    const HostName name(query.host);
    Judging judging{*this, query, name, groups_.groups_of(query.client), clock_.local(query.now_s), {}};
    std::vector<OriginInfo> told;
    const auto tell = [&](LineRef ref) {
        const Origin origin = layers_[ref.layer].database.origin(ref.line);
        const std::uint16_t category = category_of(ref.layer, ref.line);
        std::uint16_t rule = 0;
        const Action action = ref.layer == 0 ? actions_[category] : action_of(judging, category, rule);
        told.push_back({std::string(category_name(category)), std::string(origin.source), origin.line, origin.date_s, action,
                        std::string(rule_name(rule))});
    };
    for (std::uint8_t layer = 0; layer < layers_.size(); ++layer) {
        const Database& database = layers_[layer].database;
        const Match match = layer == 0 ? database.lookup(name, query.path, &admin_entry_holds, &judging)
                                       : database.lookup(name, query.path);
        for (const std::uint32_t line : database.lines(match)) tell({layer, line});
    }
    // Of the expressions the one that decided; the others cannot be stricter.
    scan_expressions(judging);
    if (judging.decision.listed()) tell({judging.decision.layer, judging.decision.line});
    return told;
}

std::vector<CategoryInfo> Filter::categories() const {
    std::vector<CategoryInfo> all(names_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = {names_[i], actions_[i], 0, 0};
    for (const Layer& layer : layers_)
        layer.database.for_each_source([&](const Origin& first, std::uint32_t lines) {
            CategoryInfo& info = all[layer.categories[first.category]];
            info.lines += lines;
            info.date_s = std::max(info.date_s, first.date_s);
        });
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kFirstListed));
    std::sort(all.begin(), all.end(), [](const CategoryInfo& a, const CategoryInfo& b) { return a.name < b.name; });
    return all;
}

std::uint64_t Filter::entries() const noexcept {
    std::uint64_t sum = 0;
    for (const Layer& layer : layers_) sum += layer.database.entries();
    return sum;
}

std::size_t Filter::memory_bytes() const noexcept {
    std::size_t sum = patterns_ ? patterns_->memory_bytes() : 0;
    for (const Layer& layer : layers_) sum += layer.database.image_bytes();
    return sum;
}

}  // namespace sekisho::urlfilter
