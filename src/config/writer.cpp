#include "config/writer.h"

#include "config/words.h"
#include "config/yaml_line.h"
#include "sekisho/config/load.h"

namespace sekisho::config {
namespace {

constexpr std::size_t kCommentColumns = 96;

std::string item_text(const std::string& text) { return yaml_text(text); }
std::string item_text(unsigned number) { return std::to_string(number); }

template <class T>
std::string inline_list(const std::vector<T>& list) {
    std::string text = "[";
    for (const auto& item : list) text.append(text.size() > 1 ? ", " : "").append(item_text(item));
    return text + "]";
}

std::string entry_text(const std::string& value) { return yaml_text(value); }
std::string entry_text(UrlAction value) { return std::string(word_of(value)); }
std::string entry_text(ApplicationAction value) { return std::string(word_of(value)); }

template <class V>
std::string inline_map(const std::map<std::string, V>& map) {
    std::string text = "{";
    for (const auto& [name, value] : map)
        text.append(text.size() > 1 ? ", " : "")
            .append(yaml_text(name))
            .append(": ")
            .append(entry_text(value));
    return text + "}";
}

/// The keys of a list's groups: "fastpath.ports" gives "fastpath.ports[].name" and so on.
std::vector<const Key*> group_keys(const Key& list) {
    std::vector<const Key*> keys;
    const std::string prefix = std::string(list.path) + "[].";
    for (const Key& key : all_keys())
        if (key.path.starts_with(prefix)) keys.push_back(&key);
    return keys;
}

std::string_view last_word(std::string_view path) {
    return path.substr(path.find_last_of('.') + 1);
}

struct Inline {
    const Key& key;
    Settings& settings;

    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    template <std::unsigned_integral Number>
    std::string operator()(const Number* value) const {
        return std::to_string(*value);
    }
    std::string operator()(const std::string* value) const { return yaml_text(*value); }
    template <class E>
    requires std::is_enum_v<E> std::string operator()(const E* value) const {
        return std::string(word_of(*value));
    }
    template <class T>
    std::string operator()(const std::vector<T>* list) const {
        return inline_list(*list);
    }
    template <class V>
    std::string operator()(const std::map<std::string, V>* map) const {
        return inline_map(*map);
    }
    std::string operator()(const Items& items) const {
        std::string text = "[";
        for (std::size_t i = 0; i < items.size(items.list); ++i) {
            text += i > 0 ? ", {" : "{";
            const auto keys = group_keys(key);
            for (const Key* part : keys)
                text.append(part == keys.front() ? "" : ", ")
                    .append(last_word(part->path))
                    .append(": ")
                    .append(std::visit(Inline{*part, settings}, part->slot(settings, i)));
            text += "}";
        }
        return text + "]";
    }
};

/// Lines of "# text", broken between words.
void put_comment(std::string& out, std::string_view indent, std::string_view text) {
    while (!text.empty()) {
        std::size_t length = text.size();
        if (length > kCommentColumns) {
            const auto blank = text.rfind(' ', kCommentColumns);
            if (blank != std::string_view::npos && blank > 0) length = blank;
        }
        out.append(indent).append("# ").append(text.substr(0, length)).append("\n");
        text.remove_prefix(std::min(text.size(), length + 1));
    }
}

class Writer {
  public:
    Writer(const Settings& settings, Comments comments)
        : settings_(settings), comments_(comments) {}

    std::string write() {
        for (const Key& key : all_keys())
            if (key.path.find('.') == std::string_view::npos) put(key, "");
        for (const Section& section : all_sections()) {
            out_ += "\n";
            if (comments_ == Comments::help) put_comment(out_, "", section.help);
            out_.append(section.path).append(":\n");
            for (const Key& key : all_keys())
                if (key.path.starts_with(section.path) && key.path[section.path.size()] == '.' &&
                    key.path.find("[]") == std::string_view::npos)
                    put(key, "  ");
        }
        return std::move(out_);
    }
    std::string write_one(const Key& key, std::string_view indent) {
        put(key, indent);
        return std::move(out_);
    }

  private:
    void put(const Key& key, std::string_view indent);
    void put_group_help(const Key& key, std::string_view indent);
    bool put_block(const Key& key, const Slot& slot, std::string_view indent);

    Settings settings_;
    Comments comments_;
    std::string out_;
};

void Writer::put(const Key& key, std::string_view indent) {
    const Slot slot = key.slot(settings_, 0);
    if (comments_ == Comments::help) {
        out_ += "\n";
        put_comment(out_, indent, key.help);
        Settings defaults;
        const std::string normal = inline_value(key, defaults);
        std::string facts = "Allowed: " + allowed_values(key) +
                            (key.unit.empty() ? "" : " (" + std::string(key.unit) + ")") +
                            ". Default: " + normal + ".";
        put_comment(out_, indent, facts);
        if (!key.example.empty())
            out_.append(indent).append("# Example: ").append(key.example).append("\n");
        if (std::holds_alternative<Items>(slot)) put_group_help(key, indent);
    }
    out_.append(indent).append(last_word(key.path)).append(":");
    if (!put_block(key, slot, indent))
        out_.append(" ").append(inline_value(key, settings_)).append("\n");
}

void Writer::put_group_help(const Key& key, std::string_view indent) {
    for (const Key* part : group_keys(key)) {
        std::string line = "- " + std::string(last_word(part->path));
        line.append(": ")
            .append(part->help)
            .append(" Allowed: ")
            .append(allowed_values(*part))
            .append(".");
        put_comment(out_, indent, line);
    }
}

/// Long values get lines of their own. False: it fits on the key's line.
bool Writer::put_block(const Key& key, const Slot& slot, std::string_view indent) {
    const std::string inner = std::string(indent) + "  ";
    if (const auto* list = std::get_if<std::vector<std::string>*>(&slot);
        list && !(*list)->empty()) {
        out_ += "\n";
        for (const auto& text : **list)
            out_.append(inner).append("- ").append(yaml_text(text)).append("\n");
        return true;
    }
    const auto put_entries = [&](const auto& map) {
        if (map.empty()) return false;
        out_ += "\n";
        for (const auto& [name, value] : map)
            out_.append(inner)
                .append(yaml_text(name))
                .append(": ")
                .append(entry_text(value))
                .append("\n");
        return true;
    };
    if (const auto* texts = std::get_if<std::map<std::string, std::string>*>(&slot))
        return put_entries(**texts);
    if (const auto* actions = std::get_if<std::map<std::string, UrlAction>*>(&slot))
        return put_entries(**actions);
    if (const auto* actions = std::get_if<std::map<std::string, ApplicationAction>*>(&slot))
        return put_entries(**actions);
    const auto* items = std::get_if<Items>(&slot);
    if (!items || items->size(items->list) == 0) return false;
    out_ += "\n";
    for (std::size_t i = 0; i < items->size(items->list); ++i)
        for (const Key* part : group_keys(key))
            out_.append(inner)
                .append(part == group_keys(key).front() ? "- " : "  ")
                .append(last_word(part->path))
                .append(": ")
                .append(inline_value(*part, settings_, i))
                .append("\n");
    return true;
}

}  // namespace

std::string inline_value(const Key& key, const Settings& settings, std::size_t item) {
    Settings copy = settings;
    if (key.path.find("[]") != std::string_view::npos &&
        item == 0) {  // the default of a group's part
        const auto one_at_least = [](auto& list) {
            if (list.empty()) list.resize(1);
        };
        one_at_least(copy.fastpath.ports);
        one_at_least(copy.fastpath.pairs);
        one_at_least(copy.slowpath.soc);
        one_at_least(copy.logs.senders);
        one_at_least(copy.mail.recipients);
        one_at_least(copy.url.sources);
        one_at_least(copy.url.groups);
        one_at_least(copy.url.rules);
    }
    return std::visit(Inline{key, copy}, key.slot(copy, item));
}

std::string write_settings(const Settings& settings, Comments comments) {
    return Writer(settings, comments).write();
}

std::string setting_lines(const Key& key, const Settings& settings, std::string_view indent) {
    return Writer(settings, Comments::none).write_one(key, indent);
}

std::string to_yaml(const Settings& settings) { return write_settings(settings, Comments::none); }

}  // namespace sekisho::config
