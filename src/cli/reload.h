// Changing a file of the admin's and letting the fast path take it: all or nothing.
#pragma once

#include <functional>
#include <string>

#include "cli/daemon.h"

namespace sekisho::cli {

/// Asks the fast path to read rules and URL lists again, and tells the outcome. A fast path that is
/// not running is no failure: it reads the files when it starts, and the admin is told so.
/// @return what was refused, if anything
Status reload_fastpath(Context& context, const config::Settings& settings);

/// Replaces `path` by `text`, reloads, then asks `applied`. When any of it fails the file is put
/// back (or removed, if it was not there) and, where it had been taken, reloaded.
/// @param applied  what must be true of the running box afterwards; may be empty
Status change_file(Context& context, const config::Settings& settings, const std::string& path,
                   const std::string& text, const std::function<Status()>& applied = {});

}  // namespace sekisho::cli
