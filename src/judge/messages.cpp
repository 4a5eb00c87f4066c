#include "sekisho/judge/messages.h"

#include <algorithm>

#include "judge/fill_in.h"
#include "sekisho/base/file_text.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::judge {

using config::YamlNode;
using event::BothTongues;

namespace {

constexpr std::array<std::string_view, kFacts> kFactNames{
    "inbound", "outbound", "fetched", "lateral", "transit",     "class", "events", "blocked", "answered", "status",
    "refused", "called_back", "ended", "days",   "total", "hosts", "os", "via", "reported"};
constexpr std::array<std::string_view, static_cast<std::size_t>(event::Outcome::count_)> kOutcomeNames{
    "blocked", "attempted", "unknown", "succeeded"};
constexpr std::array<std::string_view, 4> kPartNames{"happened", "going_on", "do", "call"};
constexpr std::string_view kAlertWords[] = {"{host}", "{target}", "{peer}", "{os}", "{vendor}", "{via}", "{count}"};
constexpr std::string_view kFactWords[] = {"{n}", "{m}", "{text}", "{more}"};

std::string device(const event::Alert& alert) {
    const std::string address = alert.host.to_string();
    return alert.host_name.empty() ? address : alert.host_name + " (" + address + ")";
}

/// The other end by name and address, each once.
std::string called(const event::Alert& alert) {
    const std::string peer = alert.peers.empty() ? std::string() : alert.peers.front().to_string();
    return alert.target.empty() || alert.target == peer ? peer : alert.target + " " + peer;
}

}  // namespace

class MessagesReader {
  public:
    Result<Messages> read(const YamlNode& root) {
        const YamlNode* version = root.find("version");
        const YamlNode* list = root.find("messages");
        if (version == nullptr || version->scalar() != "1") return fail(ErrorCode::invalid, "'version' must be 1", root.where());
        if (list == nullptr || !list->is_map()) return fail(ErrorCode::invalid, "'messages' is missing", root.where());
        for (const auto& [cls, entry] : list->entries())
            if (auto done = read_entry(cls, entry); !done) return fail(done.error());
        if (!messages_.entries_.contains("default"))
            return fail(ErrorCode::invalid, "the message 'default' is missing", list->where());
        if (auto done = read_names(root, "going_on", kOutcomeNames, messages_.going_on_, kAlertWords); !done) return fail(done.error());
        if (auto done = read_names(root, "parts", kPartNames, messages_.labels_, {}); !done) return fail(done.error());
        if (auto done = read_names(root, "facts", kFactNames, messages_.facts_, kFactWords); !done) return fail(done.error());
        return std::move(messages_);
    }

  private:
    static Result<BothTongues> tongues(const YamlNode& entry, std::string_view key, std::span<const std::string_view> words) {
        const YamlNode* node = entry.find(key);
        const YamlNode* ja = node == nullptr ? nullptr : node->find("ja");
        const YamlNode* en = node == nullptr ? nullptr : node->find("en");
        if (ja == nullptr || en == nullptr || !ja->is_scalar() || !en->is_scalar())
            return fail(ErrorCode::invalid, "'" + std::string(key) + "' needs a text under ja and under en", entry.where());
        for (const YamlNode* text : {ja, en})
            if (const auto word = unknown_word(text->scalar(), words); !word.empty())
                return fail(ErrorCode::invalid, "nothing can be filled in for " + std::string(word), text->where());
        return BothTongues{ja->scalar(), en->scalar()};
    }

    Status read_entry(const std::string& cls, const YamlNode& entry) {
        Messages::Entry read;
        const std::pair<std::string_view, BothTongues*> texts[] = {
            {"title", &read.title}, {"advice", &read.advice}, {"happened", &read.happened}, {"call", &read.call}};
        for (const auto& [key, slot] : texts) {
            const bool required = slot == &read.title || slot == &read.advice;
            if (!required && entry.find(key) == nullptr) continue;
            auto text = tongues(entry, key, kAlertWords);
            if (!text) return fail(text.error());
            *slot = std::move(*text);
        }
        for (const auto& part : entry.entries())
            if (std::none_of(std::begin(texts), std::end(texts), [&](const auto& one) { return one.first == part.first; }))
                return fail(ErrorCode::invalid, "'" + part.first + "' is not a part of a message", part.second.where());
        messages_.entries_[cls] = std::move(read);
        return {};
    }

    /// A section may be left out; when it is there, it must be whole.
    template <std::size_t N>
    static Status read_names(const YamlNode& root, std::string_view section, const std::array<std::string_view, N>& names,
                             std::array<BothTongues, N>& slots, std::span<const std::string_view> words) {
        const YamlNode* node = root.find(section);
        if (node == nullptr) return {};
        for (std::size_t i = 0; i < N; ++i) {
            auto text = tongues(*node, names[i], words);
            if (!text) return fail(text.error());
            slots[i] = std::move(*text);
        }
        for (const auto& [key, value] : node->entries())
            if (std::find(names.begin(), names.end(), key) == names.end())
                return fail(ErrorCode::invalid, "'" + key + "' is not known under '" + std::string(section) + "'", value.where());
        return {};
    }

    Messages messages_;
};

Result<Messages> Messages::parse(const std::string& text, const std::string& name) {
    const auto root = config::parse_yaml(text, name);
    if (!root) return fail(root.error());
    return MessagesReader().read(*root);
}

Result<Messages> Messages::load(const std::string& path) {
    const auto text = read_file(path, config::kYamlFileMaxBytes);
    if (!text) return fail(text.error());
    return parse(*text, path);
}

const Messages::Entry* Messages::entry_of(const std::string& class_name) const {
    auto found = entries_.find(class_name);
    if (found == entries_.end()) found = entries_.find("default");
    return found == entries_.end() ? nullptr : &found->second;
}

void Messages::tell(event::Alert& alert) const {
    const Entry* entry = entry_of(alert.class_name);
    if (entry == nullptr) return;
    const Filling words[] = {{"{host}", device(alert)},
                             {"{target}", alert.target},
                             {"{peer}", alert.peers.empty() ? std::string() : alert.peers.front().to_string()},
                             {"{os}", alert.host_os},
                             {"{vendor}", alert.host_vendor},
                             {"{via}", alert.via ? alert.via->to_string() : std::string()},
                             {"{count}", std::to_string(alert.count)},
                             {"{target} {peer}", called(alert)}};
    const auto in = [&](const BothTongues& text, std::string BothTongues::*tongue) { return fill_in(text.*tongue, words); };
    alert.title = {in(entry->title, &BothTongues::ja), in(entry->title, &BothTongues::en)};
    alert.advice = {in(entry->advice, &BothTongues::ja), in(entry->advice, &BothTongues::en)};
    const Entry& common = *entry_of("default");
    const BothTongues& call = entry->call.en.empty() ? common.call : entry->call;
    const BothTongues& going_on = going_on_[static_cast<std::size_t>(alert.outcome)];
    for (const auto tongue : {&BothTongues::ja, &BothTongues::en}) {
        std::string text;
        const BothTongues* const parts[] = {&entry->happened, &going_on, &entry->advice, &call};
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            const std::string part = in(*parts[i], tongue);
            if (part.empty()) continue;
            if (!text.empty()) text += '\n';
            text += labels_[i].*tongue + part;
        }
        alert.guide.*tongue = std::move(text);
    }
}

void Messages::add(BothTongues& to, Fact fact, const FactValues& values) const {
    const Filling words[] = {{"{n}", std::to_string(values.n)},
                             {"{m}", std::to_string(values.m)},
                             {"{text}", std::string(values.text)},
                             {"{more}", std::string(values.more)}};
    const BothTongues& pattern = facts_[static_cast<std::size_t>(fact)];
    to.ja += (to.ja.empty() ? "" : "、") + fill_in(pattern.ja, words);
    to.en += (to.en.empty() ? "" : ", ") + fill_in(pattern.en, words);
}

}  // namespace sekisho::judge
