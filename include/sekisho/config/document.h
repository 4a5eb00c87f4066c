// What the schema says to people: the reference of settings, the commented example file, the names
// to complete.
#pragma once

#include <string>
#include <vector>

#include "sekisho/config/settings.h"

namespace sekisho::config {

struct KeyFacts {
    std::string path;           ///< "fastpath.ports[].name": "[]" stands for a number
    std::string allowed;        ///< "a number from 1 to 64"
    std::string unit;           ///< "MiB"; may be empty
    std::string default_value;  ///< YAML
    std::string help;
};

/// Every setting, in the order of the file.
std::vector<KeyFacts> key_facts();

/// docs/configuration.md
std::string settings_reference();

/// What a new box starts with: Settings{} plus the places where the packages put their files.
Settings shipped_settings();

/// firmware/sekisho.yaml: the shipped settings, each key explained.
std::string example_file();

/// Paths of the settings in which the two differ, groups and maps as a whole.
std::vector<std::string> changed_keys(const Settings& before, const Settings& after);

}  // namespace sekisho::config
