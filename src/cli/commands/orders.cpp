// `quarantine apply`: obeys an order of the SOC. `soc-order`: makes one, at the SOC. See order/order.h, order/gate.h.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "cli/commands/commands.h"
#include "cli/quarantine_file.h"
#include "cli/text_table.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/order/gate.h"
#include "sekisho/order/order.h"

namespace sekisho::cli {
namespace {

using order::Order;

/// A file, or what comes in: `ssh box sekisho quarantine apply - < order`. Never more than an order can have.
Result<std::string> read_text(const std::string& name) {
    if (name != "-") return read_file(name, order::kOrderMaxOctets);
    std::string text(order::kOrderMaxOctets + 1, '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::cin.gcount()));
    return text;
}

std::string words_of(const Order& o) {
    return "SOC order " + std::to_string(o.sequence) + ": " + (o.action == Order::Action::add ? "cut off " : "let go on ") + o.host.to_string() +
           (o.action == Order::Action::add ? " for " + std::to_string(o.seconds) + " s" : std::string()) + ", issued " +
           format_time(static_cast<TimeNs>(o.issued) * kSecondNs, true).substr(0, 19) + " UTC, reason: " + o.reason;
}

bool is_socs(const QuarantineLine& line) { return line.reason.starts_with(order::kSocMark); }

/// Everything that may speak against it, and only then its number is written down.
Status admit(const Order& o, const config::Settings& settings, const std::vector<QuarantineLine>& lines) {
    std::vector<order::Held> held;
    for (const auto& line : lines) held.push_back({line.host, is_socs(line)});
    const auto last = order::last_sequence(settings.orders.state_file);
    if (!last) return fail(last.error());
    if (auto allowed = order::allow(o, settings, held, *last, now_seconds()); !allowed) return allowed;
    return order::remember(settings.orders.state_file, o.sequence);
}

}  // namespace

Exit apply_order(Context& context, const Words& args) {
    const auto* settings = context.settings();
    if (!settings) return Exit::failed;
    if (settings->orders.key_file.empty()) return context.refuse("orders of the SOC are switched off: orders.key_file names no key");
    const auto key = crypto::VerifyingKey::load(settings->orders.key_file);
    if (!key) return context.refuse(key.error());
    const auto text = read_text(args[0]);
    if (!text) return context.refuse(text.error());
    const auto read = order::read_order(*text, *key);
    if (!read) return context.refuse(read.error());
    const Order& o = *read;
    context.note = words_of(o);
    const auto turn = order::Turn::take(settings->orders.state_file);
    if (!turn) return context.refuse(turn.error());
    auto lines = read_quarantine(settings->fastpath.quarantine_file);
    if (!lines) return context.refuse(lines.error());
    if (auto admitted = admit(o, *settings, *lines); !admitted) return context.refuse(admitted.error());
    std::erase_if(*lines, [&](const QuarantineLine& line) { return line.host == o.host; });
    if (o.action == Order::Action::add) {
        if (lines->size() >= kQuarantineHostsMax) return context.refuse("1024 hosts are cut off already; remove some first");
        lines->push_back({o.host, now_seconds() + o.seconds, std::string(order::kSocMark) + o.reason});
    }
    if (auto saved = save_quarantine(context, *settings, *lines); !saved) return context.refuse(saved.error());
    context.out << printable(context.note) << "\n";
    if (o.action == Order::Action::add)
        context.out << o.host.to_string() << " is cut off " << time_text(lines->back().until) << "; undo: sekisho quarantine remove "
                    << o.host.to_string() << "\n";
    else context.out << o.host.to_string() << " is free again\n";
    return Exit::done;
}

Exit make_order_key(Context& context, const Words& args) {
    if (const auto there = read_file(args[0], 1U << 20); there || there.error().code != ErrorCode::not_found)
        return context.refuse("'" + args[0] + "' is there already; a key is not written over");
    if (const auto made = crypto::SigningKey::open(args[0]); !made) return context.refuse(made.error());
    context.out << "the key is " << args[0] << ": keep it at the SOC. " << args[0] << ".pub goes to the boxes (orders.key_file)\n";
    return Exit::done;
}

Exit make_order(Context& context, const Words&) {
    for (const char* name : {"--key", "--box", "--host", "--action", "--reason"})
        if (context.option(name).empty()) {
            context.err << "sekisho: " << name << " is needed\n";
            return Exit::usage;
        }
    const std::string path = context.option("--key");
    if (const auto there = read_file(path, 1U << 20); !there) return context.refuse(there.error());  // open() would make one
    const auto key = crypto::SigningKey::open(path);
    if (!key) return context.refuse(key.error());
    const auto now = SystemClock().now();
    const std::string action = context.option("--action"), sequence = context.option("--sequence"), lasting = context.option("--for");
    if (action != "add" && action != "remove") return context.refuse("behind --action stands add or remove");
    Order o;
    o.box = context.option("--box");
    o.sequence = now / 1'000'000;  // milliseconds: grows by itself, without a list of orders
    if (!sequence.empty()) o.sequence = static_cast<std::uint64_t>(parse_int(sequence, 1, std::int64_t{1} << 62).value_or(0));
    o.issued = static_cast<std::int64_t>(now / kSecondNs);
    o.action = action == "add" ? Order::Action::add : Order::Action::remove;
    const auto host = IpAddress::parse(context.option("--host"));
    if (!host) return context.refuse("'" + context.option("--host") + "' is no IP address");
    o.host = *host;
    const auto seconds = lasting.empty() ? std::optional<std::int64_t>(0) : parse_duration(lasting);
    if (!seconds) return context.refuse("behind --for stands a time such as 30m, 8h or 2d, at most 366d");
    o.seconds = *seconds;
    o.reason = context.option("--reason");
    const auto text = order::write_order(o, *key);
    if (!text) return context.refuse(text.error());
    context.out << *text;
    return Exit::done;
}

}  // namespace sekisho::cli
