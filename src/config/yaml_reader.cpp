// yaml-cpp's tree, copied into ours with lines and limits. Aliases are copied each time they are used, so
// the node count is what bounds a document made of nested aliases.
#include "sekisho/config/yaml_reader.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"

namespace sekisho::config {

class YamlTreeBuilder {
  public:
    explicit YamlTreeBuilder(const std::string& name) : name_(name) {}

    Result<YamlNode> build(const YAML::Node& from, std::size_t depth = 0) {
        YamlNode node;
        node.file_ = name_;
        node.line_ = static_cast<std::uint32_t>(std::max(from.Mark().line, 0) + 1);
        if (depth > kYamlMaxDepth) return fail(ErrorCode::limit, "is nested too deep", node.where());
        if (++nodes_ > kYamlMaxNodes) return fail(ErrorCode::limit, "holds too many values", node.where());
        if (from.IsScalar()) {
            node.kind_ = YamlNode::Kind::scalar;
            node.scalar_ = from.Scalar();
        } else if (from.IsSequence()) {
            return list(from, std::move(node), depth);
        } else if (from.IsMap()) {
            return map(from, std::move(node), depth);
        }
        return node;
    }

  private:
    Result<YamlNode> list(const YAML::Node& from, YamlNode node, std::size_t depth) {
        node.kind_ = YamlNode::Kind::list;
        for (const auto& child : from) {
            auto built = build(child, depth + 1);
            if (!built) return built;
            node.items_.push_back(std::move(*built));
        }
        return node;
    }
    Result<YamlNode> map(const YAML::Node& from, YamlNode node, std::size_t depth) {
        node.kind_ = YamlNode::Kind::map;
        std::set<std::string> keys;
        for (const auto& child : from) {
            const std::string where = name_ + ":" + std::to_string(std::max(child.first.Mark().line, 0) + 1);
            if (!child.first.IsScalar()) return fail(ErrorCode::invalid, "a key must be a plain word", where);
            const std::string key = child.first.Scalar();
            if (!keys.insert(key).second) return fail(ErrorCode::invalid, "'" + key + "' stands here twice", where);
            auto built = build(child.second, depth + 1);
            if (!built) return built;
            node.entries_.emplace_back(key, std::move(*built));
        }
        return node;
    }

    const std::string& name_;
    std::size_t nodes_ = 0;
};

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [key](const Entry& entry) { return entry.first == key; });
    return found == entries_.end() ? nullptr : &found->second;
}

Result<std::string> YamlNode::as_text() const {
    if (!is_scalar()) return fail(ErrorCode::invalid, "a text is expected here", where());
    return scalar_;
}

Result<bool> YamlNode::as_bool() const {
    if (is_scalar()) {
        for (const std::string_view yes : {"true", "yes", "on"})
            if (equals_nocase(scalar_, yes)) return true;
        for (const std::string_view no : {"false", "no", "off"})
            if (equals_nocase(scalar_, no)) return false;
    }
    return fail(ErrorCode::invalid, "'" + scalar_ + "' is neither true nor false", where());
}

Result<std::int64_t> YamlNode::as_int(std::int64_t min, std::int64_t max) const {
    const auto value = is_scalar() ? parse_int(scalar_, min, max) : std::nullopt;
    if (!value)
        return fail(ErrorCode::invalid,
                    "'" + scalar_ + "' is not a number from " + std::to_string(min) + " to " + std::to_string(max),
                    where());
    return *value;
}

Result<std::vector<std::string>> YamlNode::as_texts() const {
    if (is_scalar()) return std::vector<std::string>{scalar_};
    if (!is_list()) return fail(ErrorCode::invalid, "a list of texts is expected here", where());
    std::vector<std::string> texts;
    for (const YamlNode& item : items_) {
        auto text = item.as_text();
        if (!text) return fail(text.error());
        texts.push_back(std::move(*text));
    }
    return texts;
}

Result<YamlNode> parse_yaml(const std::string& text, const std::string& name) {
    if (text.size() > kYamlFileMaxBytes) return fail(ErrorCode::limit, "is too large", name);
    try {
        return YamlTreeBuilder(name).build(YAML::Load(text));
    } catch (const YAML::Exception& error) {
        return fail(ErrorCode::invalid, error.msg, name + ":" + std::to_string(std::max(error.mark.line, 0) + 1));
    } catch (const std::exception& error) {
        return fail(ErrorCode::invalid, error.what(), name);
    }
}

Result<YamlNode> parse_yaml_file(const std::string& path) {
    const auto text = read_file(path, kYamlFileMaxBytes);
    if (!text) return fail(text.error());
    return parse_yaml(*text, path);
}

}  // namespace sekisho::config
