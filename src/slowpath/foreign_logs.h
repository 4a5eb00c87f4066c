// Logs of other makers beside the rings: the listener, when settings ask for one, and what it counts.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/event/event.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/foreign/listener.h"

namespace sekisho::slowpath {

class ForeignLogs {
  public:
    /// @error as foreign::Listener::open and Makers::load
    static Result<ForeignLogs> open(const config::LogSettings& settings);

    /// Hands on up to `most` events.  @return how many  @thread the daemon's loop
    std::size_t read(std::size_t most, const std::function<void(const event::Event&)>& take);
    /// Nothing when nobody listens.
    std::optional<foreign::ListenerCounts> counts() const;

  private:
    std::unique_ptr<foreign::Listener> listener_;
};

/// "logs": {...} of the status.
void put_logs(event::JsonWriter& json, const foreign::ListenerCounts& counts);

}  // namespace sekisho::slowpath
