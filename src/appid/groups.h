// Groups of applications: by nDPI's numbers, else by its category.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::appid {

/// Index into groups(); kNoGroup when none has it.
std::size_t find_group(std::uint16_t application, int category) noexcept;

}  // namespace sekisho::appid
