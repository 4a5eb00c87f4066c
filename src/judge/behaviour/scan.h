// Scans, sweeps and worms: one machine that tries many doors, most of which do not open.
//   scan    15 ports of one machine within five minutes
//   sweep   25 machines at one port within five minutes
//   worm    a sweep by a machine of ours at a port that worms spread by
// Only attempts without data in return count, but for calls from inside to strangers at file sharing and
// telnet, which have no business there. The numbers are the defaults of Zeek's scan policy (its documentation:
// port_scan_threshold 15, addr_scan_threshold 25, intervals 5 min); the worm ports are those of worms in
// MITRE ATT&CK's lateral movement entries (T1021, T1210) and of Mirai's kind.
#pragma once

#include "judge/behaviour/behaviour.h"
#include "judge/behaviour/distinct.h"
#include "judge/recent_table.h"

namespace sekisho::judge {

class ScanDetector {
  public:
    ScanDetector();
    void see(const FlowView& flow, Sightings& out);

  private:
    struct Tries {
        TimeNs since = 0;
        Distinct things;
        bool told = false;  ///< in this window
    };
    Tries& window(RecentTable<Tries>& table, std::uint64_t key, TimeNs now) noexcept;

    RecentTable<Tries> ports_;  ///< by machine and machine tried
    RecentTable<Tries> hosts_;  ///< by machine and port
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
