// `rules import`: takes rules in Suricata's format from files, folders and archives, changes them as the enable, disable,
// drop and modify files say, and puts them in force as one file.
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <set>

#include "cli/commands/commands.h"
#include "cli/reload.h"
#include "cli/rule_files.h"
#include "cli/text_table.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/fetch/archive.h"
#include "sekisho/signature/rule_edits.h"

namespace sekisho::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEditFileMaxBytes = MiB(8);
constexpr std::size_t kMistakesShown = 10;
constexpr std::size_t kImportOctetsMax = MiB(512);  // of all files of one source, unpacked
constexpr std::uint32_t kImportFilesMax = 100'000;

struct EditWord {
    std::string_view word;
    signature::EditKind kind;
};
constexpr EditWord kEditWords[] = {{"enable", signature::EditKind::enable},
                                   {"disable", signature::EditKind::disable},
                                   {"drop", signature::EditKind::drop},
                                   {"modify", signature::EditKind::modify}};

/// What was asked for: sources, and the words with '='.
struct Asked {
    std::vector<std::string> sources;
    std::string name = "imported";
    signature::RuleEdits edits;
};

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
}

Result<Asked> read_words(const Words& words) {
    Asked asked;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        const std::string key = word.substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
        const auto* edit = std::find_if(std::begin(kEditWords), std::end(kEditWords),
                                        [&](const EditWord& one) { return one.word == key; });
        if (equals == std::string::npos || (key != "name" && edit == std::end(kEditWords))) {
            asked.sources.push_back(word);
        } else if (key == "name") {
            if (!is_name(value)) return fail(ErrorCode::invalid, "name=" + value + ": letters, digits, '-' and '_' only");
            asked.name = value;
        } else {
            const auto text = read_file(value, kEditFileMaxBytes);
            if (!text) return fail(text.error());
            if (auto added = asked.edits.add(edit->kind, *text, value); !added) return fail(added.error());
        }
    }
    if (asked.sources.empty()) return fail(ErrorCode::invalid, "which file, folder or archive?");
    return asked;
}

/// The rules of all sources, one of an id: the highest revision wins, of equals the last one.
struct Collected {
    std::vector<signature::RuleLine> rules;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> by_id;
    std::map<std::string, std::string> lists;  ///< other files by base name: datasets and digests that rules may load
    std::size_t files = 0, replaced = 0;

    static std::int64_t revision(const std::string& text) {
        const auto at = text.rfind("rev:");
        if (at == std::string::npos) return 0;
        return parse_int(trim(std::string_view(text).substr(at + 4, text.find(';', at) - at - 4)), 0, INT32_MAX).value_or(0);
    }

    void add(signature::RuleLine&& rule) {
        const auto [place, fresh] = by_id.try_emplace({rule.gid, rule.sid}, rules.size());
        if (fresh) return rules.push_back(std::move(rule));
        ++replaced;
        if (revision(rule.text) >= revision(rules[place->second].text)) rules[place->second] = std::move(rule);
    }

    void add_file(const std::string& name, const std::string& text) {
        ++files;
        std::string joined;  // a backslash at its end carries a line on
        for (const auto raw : split(text, '\n')) {
            const auto line = trim(raw);
            joined += joined.empty() ? std::string(line) : " " + std::string(line);
            if (joined.ends_with('\\')) {
                joined.pop_back();
                continue;
            }
            if (auto rule = signature::read_rule_line(joined, name)) add(std::move(*rule));
            joined.clear();
        }
    }
};

bool is_rules(std::string_view name) { return name.ends_with(".rules"); }

bool is_list(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto end = name.substr(dot);
    return end == ".lst" || end == ".list" || end == ".txt" || end == ".csv" || end == ".md5" || end == ".sha1" || end == ".sha256";
}

/// A folder of our own that is gone when its owner is.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "sekisho-import.XXXXXX").string();
        if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

/// Rules and lists of a folder, by name; links are not followed.
Status collect_folder(const std::string& folder, Collected& all) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; it != end && !error; it.increment(error)) {
        const std::string path = it->path().string();
        if (!it->is_symlink(error) && it->is_regular_file(error) && (is_rules(path) || is_list(path))) files.push_back(path);
        if (files.size() > kImportFilesMax)
            return fail(ErrorCode::limit, "more than " + std::to_string(kImportFilesMax) + " files", folder);
    }
    if (error) return fail(ErrorCode::io, error.message(), folder);
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
        auto text = read_file(file, kRuleFileMaxBytes);
        if (!text) return fail(text.error());
        if (is_rules(file)) all.add_file(file, *text);
        else all.lists[fs::path(file).filename().string()] = std::move(*text);
    }
    return {};
}

Status collect_file(const std::string& source, Collected& all) {
    const TemporaryFolder unpacked;
    if (unpacked.path().empty()) return fail(ErrorCode::io, "no temporary folder can be made", source);
    const fetch::UnpackLimits limits{.max_octets = kImportOctetsMax, .max_entries = kImportFilesMax};
    const auto done = fetch::unpack(source, unpacked.path(), limits,
                                    [](std::string_view name) { return is_rules(name) || is_list(name); });
    if (!done) return fail(done.error());
    if (done->archive) return collect_folder(unpacked.path(), all);
    const auto text = read_file(source, kRuleFileMaxBytes);
    if (!text) return fail(text.error());
    all.add_file(source, *text);
    return {};
}

Status collect(const std::vector<std::string>& sources, Collected& all) {
    for (const std::string& source : sources) {
        const auto before = all.files;
        auto done = fs::is_directory(source) ? collect_folder(source, all) : collect_file(source, all);
        if (!done) return done;
        if (all.files == before) return fail(ErrorCode::invalid, "no file in it ends in .rules", source);
    }
    return {};
}

std::string text_of(const Collected& all) {
    std::string text = "# Written by `sekisho rules import`; the next import of this name writes it anew.\n";
    for (const signature::RuleLine& rule : all.rules) text.append(rule.enabled ? "" : "# ").append(rule.text).append("\n");
    return text;
}

/// Writes the lists that some rule names, beside the rules.
Result<std::size_t> write_lists(const Collected& all, const std::string& folder) {
    std::size_t written = 0;
    for (const auto& [name, text] : all.lists) {
        const bool named = std::any_of(all.rules.begin(), all.rules.end(), [&name = name](const auto& rule) {
            return rule.text.find(name) != std::string::npos;
        });
        if (!named) continue;
        if (auto done = write_file_atomic(folder + "/" + name, text, 0644); !done) return fail(done.error());
        ++written;
    }
    return written;
}

/// The file is one that the settings name, or would be read by nobody.
Status is_read(const config::Settings& settings, const std::string& path) {
    const auto files = rule_files(settings);
    if (std::find(files.begin(), files.end(), path) != files.end()) return {};
    return fail(ErrorCode::invalid, "rules.files does not name " + path + "; `sekisho config set rules.files '[..., " +
                                        fs::path(path).parent_path().string() + "/*.rules]'`, then commit");
}

}  // namespace

Exit import_rules(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    auto asked = read_words(args);
    if (!asked) return context.refuse(asked.error());
    if (settings->rules.local_file.empty())
        return context.refuse("rules.local_file is not set: imported rules are kept beside it");
    Collected all;
    if (auto done = collect(asked->sources, all); !done) return context.refuse(done.error());
    signature::EditCounts counts;
    for (signature::RuleLine& rule : all.rules)
        if (auto done = asked->edits.apply(rule, counts); !done) return context.refuse(done.error());
    const std::size_t woken = signature::enable_required_by_flowbits(all.rules);

    const std::string folder = fs::path(settings->rules.local_file).parent_path().string() + "/imported";
    const std::string path = folder + "/" + asked->name + ".rules";
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return context.refuse(folder + ": " + error.message());
    auto parse = parse_context(*settings);
    if (!parse) return context.refuse(parse.error());
    parse->rules_folder = folder;
    const auto lists = write_lists(all, folder);
    if (!lists) return context.refuse(lists.error());
    const std::string text = text_of(all);
    const auto report = signature::parse_rules(text, path, *parse);
    const bool known = fs::exists(path);
    if (!known)  // so that a pattern of rules.files can be held against it
        if (auto done = write_file_atomic(path, "", 0644); !done) return context.refuse(done.error());
    if (auto read = is_read(*settings, path); !read) {
        if (!known) fs::remove(path, error);
        return context.refuse(read.error());
    }
    if (auto done = change_file(context, *settings, path, text); !done) return context.refuse(done.error());
    if (context.json) return Exit::done;
    const auto enabled = std::count_if(all.rules.begin(), all.rules.end(), [](const auto& rule) { return rule.enabled; });
    context.out << "imported: " << all.rules.size() << " rules of " << all.files << " files as " << path << "\n  " << enabled
                << " switched on (" << counts.enabled << " by enable, " << woken << " because others need their flow bits), "
                << counts.disabled << " switched off by disable, " << counts.dropped << " made to drop, " << counts.modified
                << " modified, " << all.replaced << " of the same id, " << *lists << " lists\n  " << report.rules.size()
                << " understood, " << report.errors.size() << " not\n";
    for (std::size_t i = 0; i < std::min(report.errors.size(), kMistakesShown); ++i)
        context.out << "  " << printable(report.errors[i].message()) << "\n";
    if (report.errors.size() > kMistakesShown)
        context.out << "  ... and " << report.errors.size() - kMistakesShown << " more; `sekisho rules check " << path
                    << "` shows all\n";
    return Exit::done;
}

}  // namespace sekisho::cli
