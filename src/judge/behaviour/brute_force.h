// Guessed passwords: many short conversations of one machine with one login service, each about the same size,
// and perhaps one that is different. The shape is that of SSHCure (Hofstede and others, "SSH Compromise
// Detection using NetFlow/IPFIX", 2014): brute force is flat; a login that worked is longer or larger. HTTP is
// read from its records: 401 answers, and posts to a login page.
#pragma once

#include "judge/behaviour/behaviour.h"
#include "judge/recent_table.h"

namespace sekisho::judge {

class BruteForceDetector {
  public:
    BruteForceDetector();
    void see(const FlowView& flow, Sightings& out);
    void see_http(const event::Event& request, Sightings& out);

  private:
    struct Tries {
        TimeNs since = 0;
        std::uint32_t count = 0;
        std::uint64_t octets = 0;     ///< from the server, in all tries
        std::uint32_t status = 0;     ///< HTTP: what failed tries are answered with
        TimeNs told_at = 0;
        bool succeeded = false;
    };
    Tries& window(std::uint64_t key, TimeNs now) noexcept;
    void count(Tries& tries, const event::Event& e, Sightings& out);

    RecentTable<Tries> tries_;
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
