// From typed settings to YAML text, along the schema.
#pragma once

#include <string>
#include <string_view>

#include "config/schema.h"

namespace sekisho::config {

/// A value on one line: "5", "[a, b]", "{NAME: value}", "[{name: lan, device: x}]".
std::string inline_value(const Key& key, const Settings& settings, std::size_t item = 0);

enum class Comments { none, help };

/// All settings; with `help` each key is explained in the lines above it.
std::string write_settings(const Settings& settings, Comments comments);

/// One setting as lines of a file, "  workers: 4\n"; lists and maps get lines of their own.
std::string setting_lines(const Key& key, const Settings& settings, std::string_view indent);

}  // namespace sekisho::config
