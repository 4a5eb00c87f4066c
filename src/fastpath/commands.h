// The words that the fast path's control socket understands, and what each answers. One table.
#pragma once

#include <functional>

#include "fastpath/status.h"
#include "sekisho/control/message.h"

namespace sekisho::fastpath {

class Commands {
  public:
    using Policies = Snapshot<engine::Policy>;
    using Quarantines = Snapshot<engine::Quarantine>;

    /// @param keeper  null: forward only, where commands on policies are refused     @param stop  ends the daemon
    Commands(Sight sight, Policies& policies, PolicyKeeper* keeper, Quarantines& quarantines, std::function<void()> stop);

    /// @thread the control socket's handler thread, one request at a time
    control::Reply answer(const control::Request& request);

    /// Reads the file of hosts that are cut off and puts it in force; a file with a mistake changes nothing.
    /// @return how many hosts stand in it
    Result<std::size_t> load_quarantine();

  private:
    friend struct CommandTable;
    using Args = std::vector<std::string>;

    control::Reply status(const Args& args);
    control::Reply counters(const Args& args);
    control::Reply reload(const Args& args);
    control::Reply rules(const Args& args);
    control::Reply rule(const Args& args);
    control::Reply url_test(const Args& args);
    control::Reply url_categories(const Args& args);
    control::Reply quarantine(const Args& args);
    control::Reply stop(const Args& args);
    control::Reply help(const Args& args);

    /// Runs `use(policy)` on the policy in force; it is not freed meanwhile.
    template <class Use>
    control::Reply with_policy(Use&& use);

    Sight sight_;
    Policies::Reader& reader_;
    PolicyKeeper* keeper_;
    Quarantines& quarantines_;
    std::function<void()> stop_;
};

}  // namespace sekisho::fastpath
