// One message to one recipient over SMTP (RFC 5321, 3207, 8314, 4954): TLS as the settings demand and never less, the
// certificate verified, every step within a deadline.
#pragma once

#include <atomic>
#include <string>

#include "sekisho/config/settings.h"

namespace sekisho::mail {

/// What became of a delivery.
struct Delivery {
    enum class Result {
        done,       ///< the server took the message: `words` is its answer
        refused,    ///< the server speaks with us, but does not take this letter (now): others may pass
        trouble,    ///< no server, no trust, no authentication: nothing would pass
    };
    Result result = Result::trouble;
    std::string words;  ///< one line for people: the server's last answer, or what went wrong
};

/// Blocks, for two minutes at the most. Reads the password's file each time.
/// @param message  as compose() makes it
/// @param box      what we call ourselves (EHLO)
/// @param stop     ends the delivery within a second when it becomes true
/// @thread any; several at a time
Delivery deliver(const config::MailSettings& server, const std::string& box, const std::string& to, const std::string& message,
                 const std::atomic<bool>& stop);

}  // namespace sekisho::mail
