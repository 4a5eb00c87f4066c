#include "app/telnet/subnegotiation.h"

#include <string_view>

#include "app/detail.h"
#include "app/telnet/command.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::telnet {
namespace {

constexpr std::uint8_t kIs = 0, kInfo = 2;                              // what follows is told, not asked
enum Part : std::uint8_t { kVar = 0, kValue = 1, kEsc = 2, kUserVar = 3 };  // RFC 1572 section 2

/// The name or value that stands before the next mark. A mark behind ESC is part of it; ESC itself is left in, as names
/// that need it are none of ours.
Bytes take_text(Bytes& in) noexcept {
    std::size_t size = 0;
    while (size < in.size() && in[size] > kUserVar) ++size;
    while (size < in.size() && in[size] == kEsc) {
        size = size + 2 < in.size() ? size + 2 : in.size();
        while (size < in.size() && in[size] > kUserVar) ++size;
    }
    const Bytes text = in.first(size);
    in = in.subspan(size);
    return text;
}

void put_user(Bytes environment, TxId tx, FieldSink& out) noexcept {
    bool user = false;
    while (!environment.empty()) {
        const std::uint8_t mark = environment[0];
        environment = environment.subspan(1);
        const std::string_view text = as_text(take_text(environment));
        if (mark == kValue && user) return put_detail(out, tx, "user", text);
        user = mark != kValue && text == "USER";
    }
}

}  // namespace

void put_details(Bytes subnegotiation, TxId tx, FieldSink& out) noexcept {
    if (subnegotiation.size() < 2) return;
    const std::uint8_t option = subnegotiation[0], verb = subnegotiation[1];
    const Bytes content = subnegotiation.subspan(2);
    if (option == kTerminalType && verb == kIs) put_detail(out, tx, "terminal_type", as_text(content));
    if (option == kNewEnvironment && (verb == kIs || verb == kInfo)) put_user(content, tx, out);
}

}  // namespace sekisho::app::telnet
