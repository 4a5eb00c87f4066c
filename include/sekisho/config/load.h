// Settings from YAML text and back. Every mistake is told with file, line and key, and with what is
// allowed; the settings are taken whole or not at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::config {

/// Reads and checks a settings file; keys that are not written keep their defaults.
/// @error the first mistake, and how many more there are; not_found, io for the file itself
/// @thread any; blocks on the disk
Result<Settings> load_settings(const std::string& path);

/// The same from text. @param name  what errors call it
Result<Settings> parse_settings(const std::string& text, const std::string& name);

/// All mistakes in the text, in the order of its lines; empty when it is good.
std::vector<Error> check_settings(const std::string& text, const std::string& name);

/// Mistakes that only show when settings are seen together: dangling port names, keys without
/// certificates. For settings that were changed after they were read.
std::vector<Error> check_settings(const Settings& settings);

/// The whole of the settings as YAML text that parse_settings reads back to the same settings.
std::string to_yaml(const Settings& settings);

/// Sets one value by its path: "fastpath.workers", "fastpath.ports[0].device",
/// "rules.variables.HOME_NET".
/// @param value  YAML: a plain word or number, "[a, b]", "{name: lan, device: ...}"
/// @error invalid  no such setting, or a value it does not allow; `settings` is unchanged then
Status set_value(Settings& settings, std::string_view path, const std::string& value);

/// The value at a path, as YAML text. @error invalid: no such setting
Result<std::string> get_value(const Settings& settings, std::string_view path);

}  // namespace sekisho::config
