// From a YAML tree to typed settings, along the schema.
#pragma once

#include "config/report.h"
#include "config/schema.h"
#include "sekisho/config/settings.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::config {

/// Reads the whole tree; what is wrong goes into the report and keeps its default.
void read_settings(const YamlNode& root, Settings& settings, Report& report);

/// Reads one value. @param shown  its path as the admin knows it, with numbers in "[]"
void read_value(const Key& key, const YamlNode& node, const std::string& shown, std::size_t item,
                Settings& settings, Report& report);

}  // namespace sekisho::config
