// What a text may look like: the words that tell the admin, and the test.
#pragma once

#include <string_view>

namespace sekisho::config {

struct Shape {
    std::string_view allowed;  ///< "an IP address", ends the sentence "allowed: ..."
    bool (*fits)(std::string_view) noexcept;
};

constexpr std::size_t kTextMaxBytes = 4096;

extern const Shape kText;          ///< anything printable
extern const Shape kName;          ///< letters, digits, '_', '-', '.'
extern const Shape kNameOrNone;
extern const Shape kVariableName;  ///< letters, digits, '_'
extern const Shape kPath;
extern const Shape kPathOrNone;
extern const Shape kNetwork;
extern const Shape kHostSystem;    ///< a kind of host and a network
extern const Shape kAddress;
extern const Shape kAddressOrNone;
extern const Shape kEndpointOrNone;
extern const Shape kHost;  ///< a name or an address
extern const Shape kHostOrNone;
extern const Shape kMailAddress;
extern const Shape kMailAddressOrNone;
extern const Shape kTimeOfDayOrNone;  ///< "22:00"
extern const Shape kLogLevel;
extern const Shape kDevice;

}  // namespace sekisho::config
