// Lists in folders: <list>/<category>/{domains,urls,expressions}.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>

#include "sekisho/urlfilter/list.h"

namespace sekisho::urlfilter {
namespace {

namespace fs = std::filesystem;

std::uint32_t date_of(const fs::path& path) {
    const auto time = std::chrono::file_clock::to_sys(fs::last_write_time(path));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX));
}

void find_below(const fs::path& folder, const std::string& list, const std::string& category, int floors,
                std::vector<ListSource>& found) {
    constexpr std::array<std::pair<const char*, ListFormat>, 3> kFiles{
        {{"domains", ListFormat::entries}, {"urls", ListFormat::entries}, {"expressions", ListFormat::expressions}}};
    if (!category.empty()) {
        for (const auto& [file, format] : kFiles) {
            const fs::path path = folder / file;
            if (fs::is_regular_file(path))
                found.push_back({list + "/" + category + "/" + file, category, path.string(), {}, format, date_of(path)});
        }
    }
    if (floors == 0) return;
    std::vector<fs::path> below;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.is_directory() && !entry.path().filename().string().starts_with('.'))
            below.push_back(entry.path());
    std::sort(below.begin(), below.end());
    for (const auto& path : below) {
        const std::string name = path.filename().string();
        find_below(path, list, category.empty() ? name : category + "/" + name, floors - 1, found);
    }
}

}  // namespace

Result<std::vector<ListSource>> find_lists(const std::string& folder) {
    constexpr int kFloors = 4;
    try {
        fs::path root(folder);
        if (!root.has_filename()) root = root.parent_path();  // "lists/ut1/" is the list ut1
        if (!fs::is_directory(root))
            return fail(ErrorCode::not_found, "no such folder of category lists", folder);
        std::vector<ListSource> found;
        find_below(root, root.filename().string(), {}, kFloors, found);
        return found;
    } catch (const fs::filesystem_error& error) {
        return fail(ErrorCode::io, error.code().message(), error.path1().string());
    }
}

}  // namespace sekisho::urlfilter
