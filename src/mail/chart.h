// Charts as SVG inside HTML: no script, nothing from elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sekisho/mail/figures.h"

namespace sekisho::mail {

/// Alerts of each day as stacked bars.
/// @param label  read to those who do not see it
std::string day_chart(const std::vector<DayFigures>& days, const std::string& label);

struct Bar {
    std::string name;
    std::uint64_t value = 0;
    std::string note;   ///< behind the bar; empty: the value
};
/// Lying bars, one a line.
std::string bar_chart(const std::vector<Bar>& bars, const std::string& label);

}  // namespace sekisho::mail
