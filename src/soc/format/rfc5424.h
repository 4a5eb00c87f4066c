// RFC 5424, and the pieces that the other dialects (which travel in its frame) share.
#pragma once

#include <string>
#include <string_view>

#include "sekisho/soc/format.h"

namespace sekisho::soc {

std::string format_rfc5424(const event::Alert& alert, const Envelope& envelope);
std::string format_cef(const event::Alert& alert, const Envelope& envelope);
std::string format_json(const event::Alert& alert, const Envelope& envelope);

/// "<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID " with a blank at the end.
std::string syslog_header(const event::Alert& alert, const Envelope& envelope);

/// The text as UTF-8 without control characters: bytes that are neither become '?'.
std::string printable(std::string_view text);

/// At most `octets` of the text, ending at a character's border.
std::string_view cut_utf8(std::string_view text, std::size_t octets) noexcept;

}  // namespace sekisho::soc
