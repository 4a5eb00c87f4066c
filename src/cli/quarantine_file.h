// The file of hosts that are cut off, as the CLI reads and writes it: the admin's commands and the SOC's orders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "sekisho/base/address.h"

namespace sekisho::cli {

constexpr std::size_t kQuarantineHostsMax = 1024;
constexpr std::size_t kQuarantineReasonMax = 200;

struct QuarantineLine {
    IpAddress host;
    std::int64_t until = 0;  ///< seconds since the epoch; 0: no end
    std::string reason;
};

std::int64_t now_seconds();

/// "30m", "8h", "2d" in seconds.
std::optional<std::int64_t> parse_duration(std::string_view text);

/// The hosts still cut off. Lines that do not read are kept out: the fast path would refuse the whole file.
Result<std::vector<QuarantineLine>> read_quarantine(const std::string& path);

/// Writes the file and lets the fast path take it; put back when it refuses.
Status save_quarantine(Context& context, const config::Settings& settings, const std::vector<QuarantineLine>& lines);

/// "until 2026-11-23T09:02:03 UTC", "until removed".
std::string time_text(std::int64_t until);

}  // namespace sekisho::cli
