// Keywords of Suricata that this build has no parser or database for. They are named, so that the message says
// what is missing instead of calling the keyword unknown.
#include <algorithm>

#include "signature/keywords/keyword.h"

namespace sekisho::signature {
namespace {

struct Missing {
    std::string_view name;  ///< a whole name, or a family when it ends with '.' or '_'
    std::string_view what;
};

constinit const Missing kMissing[] = {
    {"ike.", "that IKE field"}, {"quic.", "that QUIC field"}, {"ftp.", "that FTP field"}, {"smtp.", "that SMTP field"},
    {"email.", "that field of mails"}, {"ldap.", "that LDAP field"}, {"sctp.", "that SCTP field"}, {"template", "the template parser"}, {"tftp.", "that TFTP field"},
    {"bittorrent_dht.", "the DHT parser"}, {"ether.", "the Ethernet field"}, {"dns.", "that DNS field"},
    {"flow.", "counters of flows in rules"}, {"lua", "Lua scripts"},
    {"luajit", "Lua scripts"},
    {"replace", "replacing payload"}, {"http.", "that HTTP field"}, {"tls.", "that TLS field"},
    {"luaxform", "Lua scripts"},
};

bool is_family(std::string_view name) { return name.ends_with('.') || name.ends_with('_'); }

}  // namespace

std::string_view missing_for(std::string_view name) {
    const auto* found = std::find_if(std::begin(kMissing), std::end(kMissing), [name](const Missing& missing) {
        return is_family(missing.name) ? name.starts_with(missing.name) : name == missing.name;
    });
    return found == std::end(kMissing) ? std::string_view{} : found->what;
}

}  // namespace sekisho::signature
