#include <ostream>

#include "cli/command.h"
#include "cli/text_table.h"
#include "sekisho/config/load.h"

namespace sekisho::cli {

const config::Settings* Context::settings() {
    if (settings_) return &*settings_;
    auto loaded = config::load_settings(config_file);
    if (!loaded) {
        refuse(loaded.error());
        if (loaded.error().code == ErrorCode::not_found)
            err << "name the settings file with --config FILE\n";
        return nullptr;
    }
    settings_ = std::move(*loaded);
    return &*settings_;
}

Exit Context::refuse(const Error& error) { return refuse(error.message()); }

Exit Context::refuse(const std::string& words) {
    err << "sekisho: " << printable(words) << "\n";
    return Exit::failed;
}

}  // namespace sekisho::cli
