#include "sekisho/base/byte_reader.h"
#include "sekisho/sign/sign.h"

namespace sekisho::sign {
namespace {

constexpr std::string_view kNtlm("NTLMSSP\0", 8);
constexpr std::string_view kSmb1SessionSetup("\xffSMBs", 5);
constexpr std::uint32_t kVersionPresent = 0x02000000;  // NTLMSSP_NEGOTIATE_VERSION ([MS-NLMP] 2.2.2.5)

/// UTF-16 little-endian, as far as it is ASCII.
void add_utf16(ShortText& to, Bytes text) noexcept {
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) to.add(text[i + 1] == 0 ? static_cast<char>(text[i]) : '?');
}

std::uint32_t u32_at(Bytes bytes, std::size_t at) noexcept {
    ByteReader in(bytes);
    in.skip(at);
    return in.u32_le();
}

/// Offsets of flags and VERSION by message type: NEGOTIATE, CHALLENGE, AUTHENTICATE ([MS-NLMP] 2.2.1).
struct Layout {
    std::size_t flags, version;
};
constexpr Layout kLayouts[] = {{12, 32}, {20, 48}, {60, 64}};
constexpr std::size_t kWorkstation = 44;  // fields of AUTHENTICATE: length, room, offset

bool read_ntlm(Bytes message, Sign& sign) noexcept {
    const std::uint32_t type = u32_at(message, 8);
    if (type < 1 || type > 3) return false;
    sign.kind = Kind::ntlm;
    const Layout& layout = kLayouts[type - 1];
    ByteReader in(message);
    in.skip(layout.version);
    const std::uint8_t major = in.u8(), minor = in.u8();
    const std::uint16_t build = in.u16_le();
    if (in.ok() && (u32_at(message, layout.flags) & kVersionPresent) != 0 && major != 0) {
        sign.system.add_number(major);
        sign.system.add('.');
        sign.system.add_number(minor);
        sign.system.add('.');
        sign.system.add_number(build);
    }
    if (type == 3) {
        ByteReader fields(message);
        fields.skip(kWorkstation);
        const std::uint16_t size = fields.u16_le();
        fields.skip(2);
        const std::uint32_t offset = fields.u32_le();
        if (fields.ok() && offset <= message.size() && size <= message.size() - offset) add_utf16(sign.name, message.subspan(offset, size));
    }
    return !sign.name.empty() || !sign.system.empty();
}

/// The first text that begins with "Windows ", in UTF-16 or ASCII, up to its end.
void find_native_system(Bytes segment, ShortText& system) noexcept {
    constexpr std::string_view kWide("W\0i\0n\0d\0o\0w\0s\0 \0", 16), kNarrow("Windows ");
    const std::string_view text = as_text(segment);
    if (const auto at = text.find(kWide); at != std::string_view::npos) {
        std::size_t end = at;
        while (end + 1 < text.size() && (text[end] != 0 || text[end + 1] != 0) && end - at < 2 * ShortText::kMax) end += 2;
        return add_utf16(system, segment.subspan(at, end - at));
    }
    if (const auto at = text.find(kNarrow); at != std::string_view::npos)
        system.add(text.substr(at, text.substr(at).find('\0')));
}

}  // namespace

std::optional<Sign> read_smb(Bytes segment) noexcept {
    const std::string_view text = as_text(segment);
    Sign sign;
    if (const auto at = text.find(kNtlm); at != std::string_view::npos && read_ntlm(segment.subspan(at), sign)) {
        if (!sign.system.empty()) return sign;
    }
    if (text.find(kSmb1SessionSetup) != std::string_view::npos) {
        Sign native;
        native.kind = Kind::smb;
        native.name = sign.name;
        find_native_system(segment, native.system);
        if (!native.system.empty()) return native;
    }
    if (!sign.name.empty()) return sign;
    return std::nullopt;
}

}  // namespace sekisho::sign
