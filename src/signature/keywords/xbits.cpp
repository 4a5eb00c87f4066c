// xbits:operation,name,track ip_src|ip_dst|ip_pair|tx[,expire N] and hostbits:operation,name[,src|dst|both]: bits
// of a host or a pair of hosts.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/keywords/state_words.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::uint32_t kExpireDefaultSeconds = 30;  // xbits without expire
constexpr std::uint32_t kHostExpireSeconds = 300;    // hostbits have no expire of their own

std::optional<BitOp::Scope> scope_of(std::string_view word) {
    if (word == "ip_src") return BitOp::Scope::ip_src;
    if (word == "ip_dst") return BitOp::Scope::ip_dst;
    if (word == "ip_pair") return BitOp::Scope::ip_pair;
    if (word == "tx") return BitOp::Scope::tx;
    return std::nullopt;
}

}  // namespace

Status parse_xbits(RuleBuilder& builder, const Use& use) {
    if (use.value == "noalert") return parse_noalert(builder, use);
    const auto words = words_of(use.value);
    if (words.size() < 3) return wrong("the form is 'operation,name,track ip_src|ip_dst|ip_pair[,expire N]'");
    const auto op = bit_operation(words[0]);
    if (!op) return wrong("'" + std::string(words[0]) + "' is not set, unset, toggle, isset or isnotset");
    if (!good_state_name(words[1])) return wrong("'" + std::string(words[1]) + "' is not a name for a bit");
    BitOp bit;
    bit.op = *op;
    bit.names.push_back(name_id(words[1]));
    bit.expire_seconds = kExpireDefaultSeconds;
    bool tracked = false;
    for (std::size_t i = 2; i < words.size(); ++i) {
        std::string_view value;
        if (word_value(words[i], "track", value)) {
            const auto scope = scope_of(value);
            if (!scope) return wrong("'" + std::string(value) + "' is not ip_src, ip_dst, ip_pair or tx");
            bit.scope = *scope;
            tracked = true;
        } else if (word_value(words[i], "expire", value)) {
            const auto seconds = parse_number(value, 1, 0xffffffff);
            if (!seconds) return fail(seconds.error());
            bit.expire_seconds = static_cast<std::uint32_t>(*seconds);
        } else {
            return wrong("unknown word '" + std::string(words[i]) + "'");
        }
    }
    if (!tracked) return wrong("'track ip_src', 'track ip_dst' or 'track ip_pair' is missing");
    builder.rule().bits.push_back(std::move(bit));
    return {};
}

Status parse_hostbits(RuleBuilder& builder, const Use& use) {
    if (use.value == "noalert") return parse_noalert(builder, use);
    const auto words = words_of(use.value);
    if (words.size() < 2 || words.size() > 3) return wrong("the form is 'operation,name[,src|dst|both]'");
    const auto op = bit_operation(words[0]);
    if (!op) return wrong("'" + std::string(words[0]) + "' is not set, unset, toggle, isset or isnotset");
    if (!good_state_name(words[1])) return wrong("'" + std::string(words[1]) + "' is not a name for a bit");
    BitOp bit;
    bit.op = *op;
    bit.names.push_back(name_id(words[1]));
    bit.expire_seconds = kHostExpireSeconds;
    const auto side = words.size() == 3 ? words[2] : std::string_view("src");
    if (side != "src" && side != "dst" && side != "both") return wrong("'" + std::string(side) + "' is not src, dst or both");
    bit.scope = side == "dst" ? BitOp::Scope::ip_dst : BitOp::Scope::ip_src;
    builder.rule().bits.push_back(bit);
    if (side != "both") return {};
    bit.scope = BitOp::Scope::ip_dst;
    builder.rule().bits.push_back(std::move(bit));
    return {};
}

}  // namespace sekisho::signature
