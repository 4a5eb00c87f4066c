// The JSON view of an event: one line that uses the names of Suricata's EVE (7.0, "EVE JSON format" of its
// user guide) where one exists, so that tools made for EVE read it. What EVE has no name for (url) has ours.
#pragma once

#include <string>
#include <string_view>

#include "sekisho/event/event.h"

namespace sekisho::event {

struct JsonOptions {
    std::string_view pcap_filename;  ///< EVE's pcap_filename; empty: left out
    std::string_view port_name;      ///< EVE's in_iface; empty: left out
};

/// Appends the event as one JSON object without a line end. Addresses and ports are the packet's for alert,
/// anomaly and drop, the flow's (client to server) for all others. Bytes that are not UTF-8 become \xNN.
/// @param event  sound()
/// @cost         about a microsecond; allocates only when `out` has to grow
void append_json(std::string& out, const Event& event, const JsonOptions& options = {});

/// The same as a string of its own.
std::string to_json(const Event& event, const JsonOptions& options = {});

}  // namespace sekisho::event
