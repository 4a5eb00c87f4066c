#include "sekisho/engine/verdict.h"

#include <array>

namespace sekisho::engine {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Verdict::count_)> kVerdicts{"pass", "drop", "reset",
                                                                                            "answer", "hold"};
constexpr std::array<std::string_view, static_cast<std::size_t>(Cause::count_)> kCauses{
    "none",         "rule",            "url",         "flow_settled", "stream_conflict",
    "stream_out_of_place", "stream_no_room", "bad_checksum", "ambiguous", "flow_table_full", "memory_full",
    "malformed",    "application",     "pass_rule", "quarantine",
    "app_error",    "no_handshake"};

}  // namespace

std::string_view to_string(Verdict verdict) noexcept { return kVerdicts[static_cast<std::size_t>(verdict)]; }
std::string_view to_string(Cause cause) noexcept { return kCauses[static_cast<std::size_t>(cause)]; }

}  // namespace sekisho::engine
