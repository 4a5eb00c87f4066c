#include "sekisho/judge/messages.h"

#include "sekisho/base/file_text.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::judge {
namespace {

using config::YamlNode;

Result<event::BothTongues> tongues(const YamlNode& entry, std::string_view key) {
    const YamlNode* node = entry.find(key);
    const YamlNode* ja = node == nullptr ? nullptr : node->find("ja");
    const YamlNode* en = node == nullptr ? nullptr : node->find("en");
    if (ja == nullptr || en == nullptr || !ja->is_scalar() || !en->is_scalar())
        return fail(ErrorCode::invalid, "'" + std::string(key) + "' needs a text under ja and under en", entry.where());
    return event::BothTongues{ja->scalar(), en->scalar()};
}

/// One pass from left to right: what is filled in is never looked at again, so a host name made of braces
/// stays what it is.
std::string filled(const std::string& pattern, const event::Alert& alert) {
    const std::pair<std::string_view, std::string> words[] = {
        {"{host}", alert.host.to_string()},
        {"{target}", alert.target},
        {"{peer}", alert.peers.empty() ? std::string() : alert.peers.front().to_string()}};
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        bool found = false;
        for (const auto& [word, value] : words) {
            if (pattern.compare(at, word.size(), word) != 0) continue;
            out += value;
            at += word.size();
            found = true;
            break;
        }
        if (!found) out += pattern[at++];
    }
    return out;
}

}  // namespace

Result<Messages> Messages::parse(const std::string& text, const std::string& name) {
    const auto root = config::parse_yaml(text, name);
    if (!root) return fail(root.error());
    const YamlNode* version = root->find("version");
    const YamlNode* list = root->find("messages");
    if (version == nullptr || version->scalar() != "1") return fail(ErrorCode::invalid, "'version' must be 1", root->where());
    if (list == nullptr || !list->is_map()) return fail(ErrorCode::invalid, "'messages' is missing", root->where());
    Messages messages;
    for (const auto& [cls, entry] : list->entries()) {
        auto title = tongues(entry, "title");
        if (!title) return fail(title.error());
        auto advice = tongues(entry, "advice");
        if (!advice) return fail(advice.error());
        messages.entries_[cls] = {std::move(*title), std::move(*advice)};
    }
    if (!messages.entries_.contains("default")) return fail(ErrorCode::invalid, "the message 'default' is missing", list->where());
    return messages;
}

Result<Messages> Messages::load(const std::string& path) {
    const auto text = read_file(path, config::kYamlFileMaxBytes);
    if (!text) return fail(text.error());
    return parse(*text, path);
}

void Messages::tell(event::Alert& alert) const {
    auto found = entries_.find(alert.class_name);
    if (found == entries_.end()) found = entries_.find("default");
    if (found == entries_.end()) return;
    const Entry& entry = found->second;
    alert.title = {filled(entry.title.ja, alert), filled(entry.title.en, alert)};
    alert.advice = {filled(entry.advice.ja, alert), filled(entry.advice.en, alert)};
}

}  // namespace sekisho::judge
