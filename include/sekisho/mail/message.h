// A mail message as it goes over the wire (RFC 5322, MIME: RFC 2045 to 2047). Pure: settings and texts in, octets out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"

namespace sekisho::mail {

struct Attachment {
    std::string name;     ///< file name: ASCII letters, digits, "-", "_", "."
    std::string content;  ///< HTML in UTF-8
};

struct Message {
    std::string from, to;       ///< addresses without names: "info@example.jp"
    std::string subject;        ///< any text; what could steer a reader's program is made visible
    std::string text, html;     ///< the same in two forms, UTF-8
    std::vector<Attachment> attachments;
    TimeNs date = 0;
    std::string id;             ///< left of the Message-ID's "@": letters, digits, "."
    bool urgent = false;
};

/// Lines end in CRLF and hold at most 78 octets, all of them ASCII; bodies are base64.
/// No text of the message can begin a header line, an address or a part of its own.
/// @error invalid  an address, id or file name that is none
Result<std::string> compose(const Message& message);

/// The value of a header line: as it stands where it is short ASCII, else encoded-words (RFC 2047) on folded lines.
std::string header_text(std::string_view text);

/// "Fri, 27 Nov 2026 22:00:00 +0900" (RFC 5322 section 3.3), in the process's time zone.
std::string header_date(TimeNs moment);

}  // namespace sekisho::mail
