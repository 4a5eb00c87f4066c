// `mail test`: whether mail arrives, in the mail server's own words.
#include <atomic>
#include <ostream>
#include <random>

#include "cli/commands/commands.h"
#include "cli/text_table.h"
#include "sekisho/base/clock.h"
#include "sekisho/mail/letters.h"
#include "sekisho/mail/message.h"
#include "sekisho/mail/smtp.h"

namespace sekisho::cli {

Exit test_mail(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    const config::MailSettings& server = settings->mail;
    if (server.host.empty()) return context.refuse("the settings name no mail server: mail.host is empty");
    const mail::Letter letter = mail::test_letter({settings->box_name, server.language});
    const std::atomic<bool> never{false};
    bool one_failed = false, one_tried = false;
    for (const config::MailRecipient& recipient : server.recipients) {
        if (!args.empty() && recipient.address != args[0]) continue;
        one_tried = true;
        const TimeNs now = SystemClock().now();
        const auto message = mail::compose({.from = server.from, .to = recipient.address, .subject = letter.subject, .text = letter.text,
                                            .html = letter.html, .attachments = {}, .date = now,
                                            .id = std::to_string(now) + "." + std::to_string(std::random_device{}()),
                                            .urgent = false});
        if (!message) return context.refuse(message.error());
        const mail::Delivery delivery = mail::deliver(server, settings->box_name, recipient.address, *message, never);
        const bool done = delivery.result == mail::Delivery::Result::done;
        one_failed = one_failed || !done;
        (done ? context.out : context.err) << printable(recipient.address + (done ? ": taken: " : ": NOT taken: ") + delivery.words) << "\n";
    }
    if (!one_tried) return context.refuse("'" + args[0] + "' is no address of mail.recipients");
    return one_failed ? Exit::failed : Exit::done;
}

}  // namespace sekisho::cli
