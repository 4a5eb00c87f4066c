#include "stream/overlap.h"

namespace sekisho::stream {
namespace {

/// It wins when it ends ...
enum class Ends : std::uint8_t { never, behind, at_least_there, anywhere };

struct Rule {
    // ... behind the earlier one's end and so on, if it begins
    Ends before;    ///< before the earlier one
    Ends together;  ///< where that begins
    Ends within;    ///< behind that
};

constexpr Rule rule_of(HostSystem system) noexcept {
    switch (system) {
        case HostSystem::last: return {Ends::anywhere, Ends::anywhere, Ends::anywhere};
        case HostSystem::bsd:
        case HostSystem::hpux10:
        case HostSystem::irix:
        case HostSystem::macos:
        case HostSystem::windows:
        case HostSystem::windows_2003: return {Ends::anywhere, Ends::never, Ends::never};
        case HostSystem::linux_: return {Ends::anywhere, Ends::behind, Ends::never};
        case HostSystem::old_linux: return {Ends::anywhere, Ends::at_least_there, Ends::never};
        case HostSystem::solaris:
        case HostSystem::hpux11: return {Ends::at_least_there, Ends::at_least_there, Ends::behind};
        case HostSystem::first:
        case HostSystem::bsd_right:   // a kind of fragments only
        case HostSystem::old_solaris:
        case HostSystem::vista:
        case HostSystem::count_: break;
    }
    return {Ends::never, Ends::never, Ends::never};
}

}  // namespace

bool later_segment_wins(HostSystem system, const Stretch& later, const Stretch& earlier) noexcept {
    const Rule rule = rule_of(system);
    switch (later.begin < earlier.begin ? rule.before : later.begin == earlier.begin ? rule.together : rule.within) {
        case Ends::never: return false;
        case Ends::behind: return later.end > earlier.end;
        case Ends::at_least_there: return later.end >= earlier.end;
        case Ends::anywhere: return true;
    }
    return false;
}

}  // namespace sekisho::stream
