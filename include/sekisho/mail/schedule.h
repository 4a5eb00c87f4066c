// When periodic letters are due, by the clock on the wall, and when people want quiet. Pure: the moment comes in. What is
// kept is the due moment written of last, so a restart, a day without power or a turned clock neither loses nor repeats a
// letter: the newest due moment is compared with the kept one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sekisho/base/clock.h"
#include "sekisho/config/settings.h"

namespace sekisho::mail {

enum class Occasion : std::uint8_t { digest, sign_of_life, report };
constexpr Occasion kOccasions[] = {Occasion::digest, Occasion::sign_of_life, Occasion::report};

/// "digest", "sign-of-life", "report": their names on disk.
std::string_view to_string(Occasion occasion) noexcept;

/// What a letter tells about: [from, until).
struct Period {
    TimeNs from = 0, until = 0;
};

/// The newest due moment at or before now; nothing when the settings switch the occasion off.
std::optional<TimeNs> newest_due(Occasion occasion, const config::MailSettings& settings, TimeNs now) noexcept;

struct Fire {
    bool now = false;     ///< a letter is due
    TimeNs mark = 0;      ///< to be kept
};

/// @param kept  the mark of the last letter; nothing on the first day: then only a mark is set
/// A mark that lies further ahead than an occasion's distance was set by a wrong clock and is set anew.
Fire fire(Occasion occasion, const config::MailSettings& settings, std::optional<TimeNs> kept, TimeNs now) noexcept;

/// A digest tells what came since the last one (31 days at most), a sign of life of seven days, a report of the calendar
/// month before.
Period period_of(Occasion occasion, std::optional<TimeNs> kept, TimeNs due) noexcept;

/// A calendar month. Nothing unless `text` is "2026-10".
std::optional<Period> month(std::string_view text) noexcept;

/// The end of the quiet hours that `now` lies in; `now` outside of them.
TimeNs quiet_until(const config::MailSettings& settings, TimeNs now) noexcept;

}  // namespace sekisho::mail
