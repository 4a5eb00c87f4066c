#include "app/smb/security.h"

#include <charconv>

#include "app/detail.h"
#include "app/krb5/message.h"
#include "app/smb/text.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::smb {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kNtlmssp = "NTLMSSP\0"sv;
constexpr std::string_view kKerberosOid = "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"sv;  // RFC 4121 section 4.1
constexpr std::string_view kApReqToken = "\x01\x00"sv;
constexpr std::uint32_t kChallenge = 2, kAuthenticate = 3;
constexpr std::uint32_t kUnicode = 0x1, kHasVersion = 0x02000000;
constexpr std::size_t kTextMax = 256;
constexpr std::uint16_t kTargetsMax = 16;

using Name = Text<kTextMax>;

/// A payload field: length, room, offset from the message's begin.
bool read_field(Bytes message, std::size_t at, bool unicode, Name& name) noexcept {
    ByteReader reader(message);
    reader.skip(at);
    const std::size_t length = reader.u16_le();
    reader.skip(2);
    const std::size_t offset = reader.u32_le();
    if (!reader.ok() || offset > message.size() || length > message.size() - offset) return false;
    name.read(message.subspan(offset, length), unicode);
    return true;
}

/// Major, minor and build number of the system, the revision of NTLMSSP at the end.
void put_version(TxId tx, Bytes message, std::size_t at, std::string_view key, FieldSink& out) noexcept {
    ByteReader reader(message);
    reader.skip(at);
    const unsigned major = reader.u8(), minor = reader.u8(), build = reader.u16_le();
    reader.skip(3);
    const unsigned revision = reader.u8();
    if (!reader.ok()) return;
    char text[64];
    char* end = text;
    const auto number = [&](std::string_view before, unsigned value) {
        for (const char c : before) *end++ = c;
        end = std::to_chars(end, text + sizeof text, value).ptr;
    };
    number("", major);
    number(".", minor);
    number(" build ", build);
    number(" rev ", revision);
    put_detail(out, tx, key, std::string_view(text, static_cast<std::size_t>(end - text)));
}

void on_authenticate(TxId tx, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    reader.skip(60);
    const std::uint32_t flags = reader.u32_le();
    if (!reader.ok()) return out.event(tx, AppEvent::smb_malformed_ntlmssp_request);
    const bool unicode = (flags & kUnicode) != 0;
    Name domain, user, host;
    const bool sound = read_field(message, 28, unicode, domain) && read_field(message, 36, unicode, user) &&
                       read_field(message, 44, unicode, host);
    if (!sound) out.event(tx, AppEvent::smb_malformed_ntlmssp_request);
    if (!domain.view().empty()) out.put(tx, Field::smb_ntlmssp_domain, domain.bytes());
    if (!user.view().empty()) out.put(tx, Field::smb_ntlmssp_user, user.bytes());
    put_detail(out, tx, "ntlmssp_domain", domain.view());
    put_detail(out, tx, "ntlmssp_user", user.view());
    put_detail(out, tx, "ntlmssp_host", host.view());
    if ((flags & kHasVersion) != 0) put_version(tx, message, 64, "ntlmssp_version", out);
}

// The server's names and version: which machine, which Windows.
void on_challenge(TxId tx, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    reader.skip(20);
    const std::uint32_t flags = reader.u32_le();
    reader.skip(16);
    const std::size_t length = reader.u16_le();
    reader.skip(2);
    const std::size_t offset = reader.u32_le();
    if (!reader.ok()) return out.event(tx, AppEvent::smb_malformed_ntlmssp_response);
    if ((flags & kHasVersion) != 0) put_version(tx, message, 48, "server_version", out);
    if (offset > message.size() || length > message.size() - offset) return;
    constexpr std::string_view kKeys[] = {"", "server_name", "server_domain", "server_dns_name", "server_dns_domain"};
    ByteReader targets(message.subspan(offset, length));
    for (std::uint16_t i = 0; i < kTargetsMax; ++i) {
        const std::uint16_t id = targets.u16_le();
        const Bytes value = targets.bytes(targets.u16_le());
        if (!targets.ok() || id == 0) return;
        if (id >= std::size(kKeys)) continue;
        Name name;
        name.put_utf16(value);
        put_detail(out, tx, kKeys[id], name.view());
    }
}

}  // namespace

void tell_security(TxId tx, Direction direction, Bytes blob, FieldSink& out) noexcept {
    const std::string_view text = as_text(blob);
    if (const auto at = text.find(kNtlmssp); at != std::string_view::npos) {
        const Bytes message = blob.subspan(at);
        ByteReader reader(message.subspan(kNtlmssp.size()));
        const std::uint32_t type = reader.u32_le();
        const bool to_server = direction == Direction::to_server;
        if (type == kAuthenticate && to_server) return on_authenticate(tx, message, out);
        if (type == kChallenge && !to_server) return on_challenge(tx, message, out);
        if (!reader.ok() || type == 0 || type > kAuthenticate)
            out.event(tx, to_server ? AppEvent::smb_malformed_ntlmssp_request : AppEvent::smb_malformed_ntlmssp_response);
        return;
    }
    for (auto at = text.find(kKerberosOid); at != std::string_view::npos; at = text.find(kKerberosOid, at + 1)) {
        const auto token = at + kKerberosOid.size();
        if (text.substr(token).starts_with(kApReqToken)) {
            krb5::tell_ticket(tx, blob.subspan(token + kApReqToken.size()), out);
            return;
        }
    }
}

}  // namespace sekisho::app::smb
