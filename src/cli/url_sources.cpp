#include "cli/url_sources.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/crypto/digest.h"
#include "sekisho/fetch/archive.h"
#include "sekisho/fetch/download.h"

namespace sekisho::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFactsMaxBytes = 4096;
constexpr std::size_t kHeadBytes = 4096;  // of a list, to tell its format
constexpr std::size_t kNameMaxBytes = 64;

bool is_list_name(std::string_view file) { return file == "domains" || file == "urls" || file == "expressions"; }
std::string_view last_part(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

/// A name that can be a folder of ours.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kNameMaxBytes && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
           });
}

Result<std::string> sha256_of(const std::string& path) {
    crypto::Digest digest(crypto::DigestAlgorithm::sha256);
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::io, "cannot be read", path);
    std::vector<char> piece(KiB(256));
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())), file.gcount() > 0)
        digest.update(as_bytes(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount()))));
    const auto value = digest.finish();
    return hex(value.octets.data(), value.size);
}

std::string head_of(const std::string& path) {
    std::string head(kHeadBytes, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return head;
}

Result<urlfilter::ListFormat> format_of(const std::string& word, const std::string& path) {
    if (word == "auto" || word.empty()) return urlfilter::guess_format(path, head_of(path));
    if (word == "domains") return urlfilter::ListFormat::entries;
    if (word == "adblock") return urlfilter::ListFormat::adblock;
    if (word == "rpz") return urlfilter::ListFormat::rpz;
    if (word == "expressions") return urlfilter::ListFormat::expressions;
    return fail(ErrorCode::invalid, "'" + word + "' is no format; allowed: auto, domains, adblock, rpz, expressions");
}

/// Where the categories begin: archives mostly hold one folder that holds them all.
fs::path descend(fs::path folder) {
    for (int floor = 0; floor < 4; ++floor) {
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator(folder)) inside.push_back(entry.path());
        if (inside.size() != 1 || !fs::is_directory(inside.front())) return folder;
        const bool category = std::any_of(fs::directory_iterator(inside.front()), fs::directory_iterator(),
                                          [](const auto& entry) { return is_list_name(entry.path().filename().string()); });
        if (category) return folder;
        folder = inside.front();
    }
    return folder;
}

void copy_keeping_date(const fs::path& from, const fs::path& to) {
    fs::create_directories(to.parent_path());
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    fs::last_write_time(to, fs::last_write_time(from));
}

/// Copies the list files of a folder.
void copy_lists(const fs::path& from, const fs::path& to, bool all_files) {
    for (const auto& entry : fs::recursive_directory_iterator(from, fs::directory_options::skip_permission_denied))
        if (entry.is_regular_file() && (all_files || is_list_name(entry.path().filename().string())))
            copy_keeping_date(entry.path(), to / fs::relative(entry.path(), from));
}

}  // namespace

struct UrlSources::Facts {
    std::string category, format = "auto", etag;
    std::uint64_t entries = 0;
};

UrlSources::Facts UrlSources::read_facts(const std::string& name) const {
    Facts facts;
    const auto text = read_file(folder_ + "/" + name + "/facts", kFactsMaxBytes);
    if (!text) return facts;
    for (const auto line : split(*text, '\n')) {
        const auto blank = line.find(' ');
        if (blank == std::string_view::npos) continue;
        const auto key = line.substr(0, blank);
        const std::string value(line.substr(blank + 1));
        if (key == "category") facts.category = value;
        if (key == "format") facts.format = value;
        if (key == "etag") facts.etag = value;
        if (key == "entries") facts.entries = static_cast<std::uint64_t>(parse_int(value, 0, INT64_MAX).value_or(0));
    }
    return facts;
}

Status UrlSources::write_facts(const std::string& name, const Facts& facts) const {
    return write_file_atomic(folder_ + "/" + name + "/facts", "category " + facts.category + "\nformat " + facts.format + "\netag " +
                                                                  facts.etag + "\nentries " + std::to_string(facts.entries) + "\n");
}

/// Brings the source's files into the folder `into`.
Status UrlSources::fetch(const config::UrlSource& source, const std::string& into, Facts& facts, bool& unchanged) const {
    std::string file = source.from;
    const std::string downloaded = folder_ + "/" + source.name + "/download" + fs::path(source.from).extension().string();
    const bool remote = source.from.find("://") != std::string::npos;
    if (remote) {
        const auto got = fetch::download({source.from, facts.etag, MiB(settings_.download_max_mb), settings_.download_seconds, settings_.ca_file}, downloaded);
        if (!got) return fail(got.error());
        unchanged = got->unchanged;
        if (unchanged) return {};
        facts.etag = got->etag;
        file = downloaded;
    } else if (fs::is_directory(source.from)) {
        copy_lists(source.from, into, !source.category.empty());
        return {};
    } else if (!fs::exists(source.from)) {
        return fail(ErrorCode::not_found, "no such file or folder", source.from);
    }
    if (!source.sha256.empty()) {
        const auto digest = sha256_of(file);
        if (!digest) return fail(digest.error());
        if (*digest != to_lower(source.sha256)) return fail(ErrorCode::invalid, "its SHA-256 is " + *digest + ", not what url.sources says", source.from);
    }
    const bool one_category = !source.category.empty();
    const auto unpacked = fetch::unpack(file, into, {MiB(settings_.download_max_mb)},
                                        [&](std::string_view path) { return one_category || is_list_name(last_part(path)); });
    if (!unpacked) return fail(unpacked.error());
    if (!unpacked->archive) copy_keeping_date(file, fs::path(into) / fs::path(source.from).filename());
    if (remote) fs::remove(downloaded);
    return {};
}

Result<std::vector<urlfilter::ListSource>> UrlSources::lists_in(const std::string& folder, const Facts& facts) const {
    const fs::path root = descend(folder);
    if (facts.category.empty()) {
        auto lists = urlfilter::find_lists(root.string());
        if (!lists) return lists;
        if (lists->empty()) return fail(ErrorCode::invalid, "no lists in it (a folder per category with 'domains', 'urls' or 'expressions'); a single list needs a category", folder);
        return lists;
    }
    std::vector<urlfilter::ListSource> lists;
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const auto format = format_of(facts.format, file.string());
        if (!format) return fail(format.error());
        const auto date = std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::file_clock::to_sys(fs::last_write_time(file)).time_since_epoch());
        lists.push_back({fs::relative(file, root).string(), facts.category, file.string(), {}, *format, static_cast<std::uint32_t>(std::max<std::int64_t>(date.count(), 0))});
    }
    if (lists.empty()) return fail(ErrorCode::invalid, "no file in it", folder);
    return lists;
}

SourceOutcome UrlSources::update(const config::UrlSource& source) const {
    SourceOutcome outcome;
    outcome.name = source.name;
    const auto keep = [&](const Error& error) {
        outcome.trouble = error.message();
        return outcome;
    };
    if (!is_name(source.name)) return keep({ErrorCode::invalid, "is no name for a list; letters, digits, '-', '_' and '.' are fine", source.name});
    try {
        const fs::path home = fs::path(folder_) / source.name;
        const fs::path fresh = home / "new";
        Facts facts = read_facts(source.name);
        outcome.before = outcome.entries = facts.entries;
        const bool have_good = fs::is_directory(home / "good");
        if (!have_good) facts.etag.clear();
        fs::remove_all(fresh);
        fs::create_directories(fresh / source.name);
        if (auto fetched = fetch(source, (fresh / source.name).string(), facts, outcome.unchanged); !fetched) return keep(fetched.error());
        if (outcome.unchanged) return outcome;
        facts.category = source.category;
        facts.format = source.format;
        const auto lists = lists_in((fresh / source.name).string(), facts);
        if (!lists) return keep(lists.error());
        urlfilter::BuildReport report;
        const auto built = urlfilter::Database::build(*lists, report);
        if (!built) return keep(built.error());
        outcome.rejected = report.rejected_total;
        if (report.entries == 0) return keep({ErrorCode::invalid, "holds no entry", source.from});
        const std::uint64_t least = outcome.before * (100 - std::min(settings_.shrink_max_percent, 100u)) / 100;
        if (have_good && report.entries < least)
            return keep({ErrorCode::limit, "has shrunk from " + std::to_string(outcome.before) + " to " + std::to_string(report.entries) +
                                               " entries (url.shrink_max_percent)", source.from});
        facts.entries = report.entries;
        fs::remove_all(home / "old");
        if (have_good) fs::rename(home / "good", home / "old");
        fs::rename(fresh, home / "good");
        fs::remove_all(home / "old");
        if (auto written = write_facts(source.name, facts); !written) return keep(written.error());
        outcome.entries = facts.entries;
        outcome.taken = true;
        return outcome;
    } catch (const fs::filesystem_error& error) {
        return keep({ErrorCode::io, error.code().message(), error.path1().string()});
    }
}

Result<bool> UrlSources::forget(const std::string& name) const {
    std::error_code failed;
    if (!is_name(name) || !fs::is_directory(folder_ + "/" + name, failed)) return false;
    fs::remove_all(folder_ + "/" + name, failed);
    if (failed) return fail(ErrorCode::io, failed.message(), folder_ + "/" + name);
    return true;
}

std::vector<std::string> UrlSources::names() const {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored))
        if (fs::is_directory(entry.path() / "good", ignored)) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::vector<urlfilter::ListSource>> UrlSources::good_lists() const {
    std::vector<urlfilter::ListSource> all;
    try {
        for (const std::string& name : names()) {
            auto lists = lists_in((fs::path(folder_) / name / "good" / name).string(), read_facts(name));
            if (!lists) return lists;
            for (auto& list : *lists) {
                // Whatever an archive calls its own folder, people know the list by our name.
                const auto slash = list.name.find('/');
                if (read_facts(name).category.empty() && slash != std::string::npos) list.name = name + list.name.substr(slash);
                else list.name = name + "/" + list.name;
                all.push_back(std::move(list));
            }
        }
    } catch (const fs::filesystem_error& error) {
        return fail(ErrorCode::io, error.code().message(), error.path1().string());
    }
    return all;
}

Result<urlfilter::BuildReport> UrlSources::compile(const std::function<void(const urlfilter::RejectedLine&)>& each_rejected) const {
    const auto lists = good_lists();
    if (!lists) return fail(lists.error());
    urlfilter::BuildReport report;
    report.on_rejected = each_rejected;
    const auto database = urlfilter::Database::build(*lists, report);
    if (!database) return fail(database.error());
    // Written beside the one in use, read back to the last octet, then put in its place: the fast path maps the file
    // and must never see it change.
    const std::string fresh = settings_.database + ".new";
    if (auto written = database->write(fresh); !written) return fail(written.error());
    const auto opened = urlfilter::Database::open(fresh);
    if (!opened) return fail(opened.error());
    if (auto sound = opened->verify(); !sound) return fail(sound.error());
    std::error_code failed;
    fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read | fs::perms::others_read, failed);
    fs::rename(fresh, settings_.database, failed);
    if (failed) return fail(ErrorCode::io, failed.message(), settings_.database);
    return report;
}

}  // namespace sekisho::cli
