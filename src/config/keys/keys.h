// The table of settings, a file for each group of sections; schema.cpp lays them end to end.
#pragma once

#include <span>

#include "config/schema.h"

namespace sekisho::config {

[[nodiscard]] std::span<const Key> house_keys() noexcept;
[[nodiscard]] std::span<const Key> url_keys() noexcept;
[[nodiscard]] std::span<const Key> slowpath_keys() noexcept;
[[nodiscard]] std::span<const Key> logs_keys() noexcept;
[[nodiscard]] std::span<const Key> orders_keys() noexcept;
[[nodiscard]] std::span<const Key> mail_keys() noexcept;

}  // namespace sekisho::config
