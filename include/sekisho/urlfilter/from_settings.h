// The box's settings in the filter's own terms.
#pragma once

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/urlfilter/filter.h"

namespace sekisho::urlfilter {

/// @error invalid, naming the setting
Result<UrlFilterConfig> filter_config(const config::UrlSettings& settings);

constexpr Action to_action(config::UrlAction action) noexcept { return static_cast<Action>(action); }
static_assert(static_cast<int>(config::UrlAction::allow) == static_cast<int>(Action::allow) &&
              static_cast<int>(config::UrlAction::alert) == static_cast<int>(Action::alert) &&
              static_cast<int>(config::UrlAction::warn) == static_cast<int>(Action::warn) &&
              static_cast<int>(config::UrlAction::block) == static_cast<int>(Action::block));

}  // namespace sekisho::urlfilter
