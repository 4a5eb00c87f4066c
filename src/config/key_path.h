// Paths as the admin writes them: "fastpath.ports[0].name", "rules.variables.HOME_NET".
#pragma once

#include <string>
#include <string_view>

#include "config/schema.h"
#include "sekisho/base/result.h"

namespace sekisho::config {

struct KeyPath {
    const Key* key = nullptr;
    std::size_t item = 0;  ///< for keys with "[]"
    std::string entry;     ///< name in a map (variables, categories); empty: the whole value
};

/// @error invalid: no such setting, or an item that `settings` does not have
Result<KeyPath> find_path(std::string_view path, const Settings& settings);

}  // namespace sekisho::config
