// The figures that digests, signs of life and reports are made of. Pure: alerts in, sums out.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sekisho/event/alert.h"
#include "sekisho/mail/schedule.h"

namespace sekisho::mail {

/// By severity: low, medium, high.
using BySeverity = std::array<std::uint64_t, 3>;

struct DayFigures {
    std::string date;       ///< "2026-11-27", local
    BySeverity alerts{};
};

struct ClassFigures {
    std::uint64_t alerts = 0, events = 0, stopped = 0;
};

struct DeviceFigures {
    std::string address, name, system, vendor;
    BySeverity alerts{};
    TimeNs last_ns = 0;
};

struct UrlFigures {
    std::uint64_t stopped = 0, passed = 0;
};

/// One target of the SOC, as it stands when the letter is written.
struct SocFigures {
    std::string name, state, last_error;
    std::uint64_t waiting = 0;
};

struct Figures {
    std::string box, version;
    Period period;
    BySeverity alerts{};
    std::array<std::uint64_t, 4> outcomes{};             ///< alerts, by event::Outcome
    std::uint64_t events = 0, stopped = 0;               ///< of those alerts
    std::vector<DayFigures> days;                        ///< each day of the period, at most kDaysMax
    std::map<std::string, ClassFigures> classes;
    std::map<std::string, DeviceFigures> devices;        ///< by address, at most kDevicesMax
    std::uint64_t devices_more = 0;                      ///< alerts of devices beyond those
    std::vector<event::Alert> told;                      ///< the worst and newest, at most kToldMax
    std::map<std::string, UrlFigures> urls;              ///< by category
    std::vector<SocFigures> soc;
    std::uint64_t soc_lost = 0;                          ///< alerts that the SOC's queue had no room for, ever
    std::uint64_t events_lost = 0;                       ///< since the slow path began

    std::uint64_t all_alerts() const noexcept { return alerts[0] + alerts[1] + alerts[2]; }
    /// Devices whose operating system got its last fixes before the end of the period.
    std::vector<const DeviceFigures*> unsupported() const;
};

constexpr std::size_t kDaysMax = 62;
constexpr std::size_t kDevicesMax = 2000;
constexpr std::size_t kToldMax = 30;

/// Sums of a period without any alert yet.
Figures begin_figures(std::string box, std::string version, Period period);
/// Counts an alert that was seen in the period; others are left out. Each alert once, in any order.
void count(Figures& figures, const event::Alert& alert);

}  // namespace sekisho::mail
