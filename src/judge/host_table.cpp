#include "sekisho/judge/host_table.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::judge {

using config::YamlNode;

namespace {

constexpr std::size_t kSystemsMax = 1000, kVendorsMax = 10'000;
constexpr std::string_view kSignKinds[] = {"dhcp", "netbios", "smb", "ntlm", "tcp"};

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A sign begins as the mark does, and a number is not cut: "ntlm 5.1" is no beginning of "ntlm 5.10".
bool begins(std::string_view sign, std::string_view mark) noexcept {
    if (!sign.starts_with(mark)) return false;
    return sign.size() == mark.size() || !digit(sign[mark.size()]) || !digit(mark.back());
}

/// "2014-04-08" as the end of that day (UTC).
std::optional<TimeNs> end_of_day(std::string_view date) noexcept {
    const auto parts = split(date, '-');
    if (parts.size() != 3) return std::nullopt;
    const auto y = parse_int(parts[0], 1980, 2200);
    const auto m = parse_int(parts[1].starts_with("0") ? parts[1].substr(1) : parts[1], 1, 12);
    const auto d = parse_int(parts[2].starts_with("0") ? parts[2].substr(1) : parts[2], 1, 31);
    if (!y || !m || !d) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(*y)), std::chrono::month(static_cast<unsigned>(*m)),
                                          std::chrono::day(static_cast<unsigned>(*d))};
    if (!day.ok()) return std::nullopt;
    const auto end = std::chrono::sys_days(day) + std::chrono::days(1);
    return static_cast<TimeNs>(std::chrono::duration_cast<std::chrono::nanoseconds>(end.time_since_epoch()).count());
}

}  // namespace

class HostTableReader {
  public:
    Result<HostTable> read(const YamlNode& root) {
        const YamlNode* version = root.find("version");
        if (version == nullptr || version->scalar() != "1") return fail(ErrorCode::invalid, "'version' must be 1", root.where());
        for (const auto& [key, value] : root.entries()) {
            Status done;
            if (key == "systems") done = read_systems(value);
            else if (key == "vendors") done = read_vendors(value);
            else if (key != "version") done = fail(ErrorCode::invalid, "'" + key + "' is not a word of the host table", value.where());
            if (!done) return fail(done.error());
        }
        return std::move(table_);
    }

  private:
    Status read_systems(const YamlNode& list) {
        if (!list.is_list() || list.items().size() > kSystemsMax)
            return fail(ErrorCode::invalid, "'systems' must list at most 1000 systems", list.where());
        for (const YamlNode& item : list.items()) {
            HostTable::System system;
            for (const auto& [key, value] : item.entries()) {
                if (key == "name") system.name = value.scalar();
                else if (key == "support_ended") {
                    const auto end = end_of_day(value.scalar());
                    if (!end) return fail(ErrorCode::invalid, "'" + value.scalar() + "' is no date (YYYY-MM-DD)", value.where());
                    system.support_ended = *end;
                    system.ended_on = value.scalar();
                } else if (key == "signs" || key == "user_agents") {
                    if (auto done = read_marks(value, key == "signs"); !done) return done;
                } else {
                    return fail(ErrorCode::invalid, "'" + key + "' is not a word of a system", value.where());
                }
            }
            if (system.name.empty()) return fail(ErrorCode::invalid, "a system needs a name", item.where());
            table_.systems_.push_back(std::move(system));
        }
        return {};
    }

    Status read_marks(const YamlNode& node, bool signs) {
        const auto texts = node.as_texts();
        if (!texts) return fail(texts.error());
        for (const std::string& text : *texts) {
            const std::string kind = text.substr(0, text.find(' '));
            const bool known = std::find(std::begin(kSignKinds), std::end(kSignKinds), kind) != std::end(kSignKinds);
            if (text.empty() || (signs && (!known || text.size() <= kind.size() + 1)))
                return fail(ErrorCode::invalid, "'" + text + "' is no sign: dhcp, netbios, smb, ntlm or tcp, and a text", node.where());
            (signs ? table_.signs_ : table_.user_agents_).push_back({text, static_cast<std::uint16_t>(table_.systems_.size())});
        }
        return {};
    }

    Status read_vendors(const YamlNode& map) {
        if (!map.is_map() || map.entries().size() > kVendorsMax)
            return fail(ErrorCode::invalid, "'vendors' must hold at most 10000 lines PREFIX: NAME", map.where());
        for (const auto& [prefix, value] : map.entries()) {
            const auto parts = split(prefix, ':');
            std::uint32_t number = 0;
            bool good = parts.size() == 3;
            for (std::size_t i = 0; good && i < 3; ++i) {
                const auto octet = parse_int("0x" + std::string(parts[i]), 0, 255);
                good = octet.has_value() && parts[i].size() == 2;
                if (good) number = number << 8 | static_cast<std::uint32_t>(*octet);
            }
            if (!good) return fail(ErrorCode::invalid, "'" + prefix + "' is not the beginning of a MAC address (00:11:22)", value.where());
            table_.vendors_[number] = value.scalar();
        }
        return {};
    }

    HostTable table_;
};

Result<HostTable> HostTable::parse(const std::string& text, const std::string& name) {
    const auto root = config::parse_yaml(text, name);
    if (!root) return fail(root.error());
    return HostTableReader().read(*root);
}

Result<HostTable> HostTable::load(const std::string& path) {
    const auto text = read_file(path, config::kYamlFileMaxBytes);
    if (!text) return fail(text.error());
    return parse(*text, path);
}

std::optional<std::uint16_t> HostTable::by_sign(std::string_view kind, std::string_view text) const noexcept {
    for (const Mark& mark : signs_) {
        const std::string_view whole = mark.text;
        if (whole.starts_with(kind) && whole.size() > kind.size() && whole[kind.size()] == ' ' && begins(text, whole.substr(kind.size() + 1)))
            return mark.system;
    }
    return std::nullopt;
}

std::optional<std::uint16_t> HostTable::by_user_agent(std::string_view user_agent) const noexcept {
    for (const Mark& mark : user_agents_)
        for (auto at = user_agent.find(mark.text); at != std::string_view::npos; at = user_agent.find(mark.text, at + 1))
            if (begins(user_agent.substr(at), mark.text)) return mark.system;
    return std::nullopt;
}

std::string_view HostTable::vendor(const MacAddress& mac) const noexcept {
    const auto& o = mac.octets;
    const auto found = vendors_.find(static_cast<std::uint32_t>(o[0]) << 16 | static_cast<std::uint32_t>(o[1]) << 8 | o[2]);
    return found == vendors_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace sekisho::judge
