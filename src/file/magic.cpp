// The table of formats with a fixed text, and the order in which the others are asked. Facts: the formats' own
// specifications (PNG, RFC 1952, RFC 7932 ..., [MS-CFB], ISO 14496-12, RIFF), wording as file 5.44 prints it.
#include "sekisho/file/magic.h"

#include <algorithm>
#include <charconv>

#include "file/magic_formats.h"

namespace sekisho::file {
namespace {

using namespace std::string_view_literals;

struct Fixed {
    std::uint16_t offset;
    std::string_view magic;
    std::string_view text;
};

constinit const Fixed kFixed[] = {
    {0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "Composite Document File V2 Document"},
    {0, "L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F"sv, "MS Windows shortcut"},
    {0, "ITSF\x03\0\0\0"sv, "MS Windows HtmlHelp Data"},
    {0, "MDMP\x93\xa7"sv, "Mini DuMP crash report"},
    {0, "regf"sv, "MS Windows registry file, NT/2000 or above"},
    {0, "ElfFile\0"sv, "MS Windows Vista Event Log"},
    {0, "SQLite format 3\0"sv, "SQLite 3.x database"},
    {0, "\0\0\x01\0"sv, "MS Windows icon resource"},
    {0, "\0\0\x02\0"sv, "MS Windows cursor resource"},
    {0, "II*\0"sv, "TIFF image data, little-endian"},
    {0, "MM\0*"sv, "TIFF image data, big-endian"},
    {0, "8BPS"sv, "Adobe Photoshop Image"},
    {8, "WEBP"sv, "RIFF (little-endian) data, Web/P image"},
    {8, "WAVE"sv, "RIFF (little-endian) data, WAVE audio"},
    {8, "AVI "sv, "RIFF (little-endian) data, AVI"},
    {0, "OggS"sv, "Ogg data"},
    {0, "fLaC"sv, "FLAC audio bitstream data"},
    {0, "MThd"sv, "Standard MIDI data"},
    {0, "FLV\x01"sv, "Macromedia Flash Video"},
    {0, "\x1a\x45\xdf\xa3"sv, "WebM"},
    {0, "\0\0\x01\xba"sv, "MPEG sequence, v2, program multiplex"},
    {0, "\0\0\x01\xb3"sv, "MPEG sequence"},
    {0, "0&\xb2u\x8e\x66\xcf\x11"sv, "Microsoft ASF"},
    {0, "wOFF"sv, "Web Open Font Format"},
    {0, "wOF2"sv, "Web Open Font Format (Version 2)"},
    {0, "OTTO\0"sv, "OpenType font data"},
    {0, "\0\x01\0\0\0"sv, "TrueType Font data"},
    {0, "\0asm"sv, "WebAssembly (wasm) binary module"},
    {0, "dex\n"sv, "Dalvik dex file"},
    {0, "\xd4\xc3\xb2\xa1"sv, "pcap capture file, microsecond ts (little-endian)"},
    {0, "\xa1\xb2\xc3\xd4"sv, "pcap capture file, microsecond ts (big-endian)"},
    {0, "\x0a\x0d\x0d\x0a"sv, "pcapng capture file"},
    {0, "-----BEGIN CERTIFICATE-----"sv, "PEM certificate"},
    {0, "-----BEGIN RSA PRIVATE KEY-----"sv, "PEM RSA private key"},
    {0, "-----BEGIN OPENSSH PRIVATE KEY-----"sv, "OpenSSH private key"},
    {0, "-----BEGIN PGP MESSAGE-----"sv, "PGP message"},
    {0, "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"sv, "EICAR virus test files"},
    {0, "bplist"sv, "Apple binary property list"},
    {0, "\xca\xfe\xd0\x0d"sv, "Java module image"},
    {0, "begin 6"sv, "uuencoded text"},
    {0, "AC10"sv, "DWG AutoDesk AutoCAD"},
};

bool tell_fixed(Bytes head, MagicText& out) noexcept {
    for (const Fixed& known : kFixed) {
        if (!stands_at(head, known.offset, known.magic)) continue;
        if (known.offset == 8 && !starts(head, "RIFF")) continue;
        out.append(known.text);
        return true;
    }
    return false;
}

// ISO base media (ISO 14496-12 section 4.3): a box "ftyp" with the major brand.
bool tell_media(Bytes head, MagicText& out) noexcept {
    if (stands_at(head, 4, "ftyp")) {
        out.append("ISO Media");
        if (stands_at(head, 8, "isom") || stands_at(head, 8, "iso2")) out.append(", MP4 Base Media v1 [ISO 14496-12:2003]");
        if (stands_at(head, 8, "mp42")) out.append(", MP4 v2 [ISO 14496-14]");
        if (stands_at(head, 8, "qt  ")) out.append(", Apple QuickTime movie, Apple QuickTime (.MOV/QT)");
        return true;
    }
    if (stands_at(head, 4, "moov") || stands_at(head, 4, "mdat")) {
        out.append("ISO Media, Apple QuickTime movie");
        return true;
    }
    if (starts(head, "ID3") && head.size() > 4) {
        out.append("Audio file with ID3 version 2.");
        out.append(std::uint64_t{head[3]});
        out.append(".");
        out.append(std::uint64_t{head[4]});
        return true;
    }
    if (head.size() > 2 && head[0] == 0xff && (head[1] & 0xfe) == 0xfa) {
        out.append("MPEG ADTS, layer III, v1");
        return true;
    }
    return false;
}

}  // namespace

void MagicText::append(std::string_view part) noexcept {
    const std::size_t n = std::min(part.size(), text_.size() - size_);
    std::copy_n(part.data(), n, text_.data() + size_);
    size_ += n;
}

void MagicText::append(std::uint64_t number) noexcept {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    append(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

MagicText magic_of(Bytes head) noexcept {
    MagicText out;
    head = head.first(std::min(head.size(), kMagicHead));
    if (head.empty()) {
        out.append("empty");
        return out;
    }
    if (head.size() == 1) {
        out.append("very short file (no magic)");
        return out;
    }
    constexpr bool (*kTellers[])(Bytes, MagicText&) noexcept = {tell_executable, tell_archive, tell_image,
                                                                tell_document,   tell_fixed,   tell_media};
    for (const auto tell : kTellers)
        if (tell(head, out)) return out;
    tell_text(head, out);
    return out;
}

}  // namespace sekisho::file
