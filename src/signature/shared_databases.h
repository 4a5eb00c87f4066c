// Databases by their literals: groups of other rules with the same literals have one between them.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "sekisho/signature/pattern_db.h"

namespace sekisho::signature {

class SharedDatabases {
  public:
    using Database = Result<std::shared_ptr<const PatternDb>>;

    /// @thread any: who comes second waits for the first  @cost a compilation for each list of literals
    Database get(const std::vector<Literal>& literals) {
        std::promise<Database> promise;
        std::shared_future<Database> theirs;
        {
            std::lock_guard lock(mutex_);
            const auto [place, fresh] = made_.try_emplace(literals);
            if (fresh) place->second = promise.get_future().share();
            else theirs = place->second;
        }
        if (theirs.valid()) return theirs.get();
        Database made = PatternDb::compile(literals);
        promise.set_value(made);
        return made;
    }

  private:
    std::mutex mutex_;
    std::map<std::vector<Literal>, std::shared_future<Database>> made_;
};

}  // namespace sekisho::signature
