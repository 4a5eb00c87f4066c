// Dialects: an alert in, one syslog message out. Pure and total: any bytes in the alert give a valid message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sekisho/config/settings.h"
#include "sekisho/event/alert.h"

namespace sekisho::soc {

/// RFC 5424 section 6.1: receivers should take 2048 octets; what is longer may be cut or dropped on the way.
constexpr std::size_t kMessageMaxOctets = 2048;

/// A format leaves this much of it for the mark of a resend.
constexpr std::size_t kResentMarkOctets = 32;
constexpr std::size_t kFormatMaxOctets = kMessageMaxOctets - kResentMarkOctets;

/// What a message says besides the alert.
struct Envelope {
    std::string_view box;       ///< HOSTNAME
    std::uint64_t number = 0;   ///< of the message, per box, rising by one: a gap at the SOC is a loss
    std::uint32_t process = 0;  ///< PROCID
};

using Format = std::string (*)(const event::Alert& alert, const Envelope& envelope);

struct Dialect {
    std::string_view name;      ///< as in the settings
    config::SyslogFormat id;
    Format format;
};

/// All dialects; the index of one is its column in the queue.
std::span<const Dialect> dialects() noexcept;
std::size_t dialect_index(config::SyslogFormat id) noexcept;

/// Marks a message of any dialect as one that may have been sent before: the number is the same, the mark is
/// resent="1" (RFC 5424), cn2=1 cn2Label=resent (CEF) or "resent":true (JSON). At most kResentMarkOctets longer.
/// A text that is none of ours comes back as it is.
std::string mark_resent(std::string message);

}  // namespace sekisho::soc
