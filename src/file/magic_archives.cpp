// Archives and what is packed as one: zip (APPNOTE 4.3.7) with OOXML, OpenDocument and Java, gzip (RFC 1952), tar
// (POSIX ustar), RAR, 7-zip, bzip2, xz, cabinet, and others.
#include "file/magic_formats.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::file {
namespace {

using namespace std::string_view_literals;

std::string_view zip_method(std::uint16_t method) noexcept {
    switch (method) {
        case 0: return "store";
        case 8: return "deflate";
        case 9: return "deflate64";
        case 12: return "bzip2";
        case 14: return "lzma";
        case 99: return "AES Encrypted";
        default: return "unknown";
    }
}

struct Inside {
    std::string_view first_name;  ///< how the first member's name begins
    std::string_view text;
};
constexpr Inside kPacked[] = {
    {"word/", "Microsoft Word 2007+"},           {"xl/", "Microsoft Excel 2007+"},
    {"ppt/", "Microsoft PowerPoint 2007+"},      {"META-INF/", "Java archive data (JAR)"},
    {"AndroidManifest.xml", "Android package (APK), with AndroidManifest.xml"},
};
constexpr Inside kOpenDocuments[] = {
    {"application/vnd.oasis.opendocument.text", "OpenDocument Text"},
    {"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument Spreadsheet"},
    {"application/vnd.oasis.opendocument.presentation", "OpenDocument Presentation"},
    {"application/epub+zip", "EPUB document"},
};

// OOXML begins with its parts list; which program it belongs to is told by a later member's name.
std::string_view ooxml_kind(Bytes head) noexcept {
    const std::string_view text = as_text(head);
    for (const Inside& known : kPacked)
        if (known.first_name.ends_with('/') && text.find(known.first_name) != std::string_view::npos) return known.text;
    return "Microsoft OOXML";
}

void tell_zip(Bytes head, MagicText& out) noexcept {
    ByteReader reader(head.subspan(4));
    const std::uint16_t version = reader.u16_le();
    reader.skip(2);
    const std::uint16_t method = reader.u16_le();
    reader.skip(16);
    const std::uint16_t name_size = reader.u16_le(), extra_size = reader.u16_le();
    const std::string_view rest = as_text(reader.rest());
    const std::string_view name = rest.substr(0, name_size);
    if (name == "[Content_Types].xml" || name.starts_with("_rels/.rels") || name.starts_with("docProps"))
        return out.append(ooxml_kind(head));
    if (name == "mimetype" && rest.size() > std::size_t{name_size} + extra_size) {
        const auto type = rest.substr(std::size_t{name_size} + extra_size);
        for (const Inside& known : kOpenDocuments)
            if (type.starts_with(known.first_name)) return out.append(known.text);
    }
    for (const Inside& known : kPacked)
        if (name.starts_with(known.first_name)) return out.append(known.text);
    out.append("Zip archive data, at least v");
    out.append(std::uint64_t{version} / 10);
    out.append(".");
    out.append(std::uint64_t{version} % 10);
    out.append(" to extract, compression method=");
    out.append(zip_method(method));
}

struct Packed {
    std::string_view magic;
    std::string_view text;
};
constinit const Packed kArchives[] = {
    {"PK\x05\x06"sv, "Zip archive data (empty)"},
    {"\x1f\x8b"sv, "gzip compressed data"},
    {"Rar!\x1a\x07\x01\0"sv, "RAR archive data, v5"},
    {"Rar!\x1a\x07\0"sv, "RAR archive data, v4"},
    {"BZh"sv, "bzip2 compressed data"},
    {"\xfd""7zXZ\0"sv, "XZ compressed data"},
    {"\x28\xb5\x2f\xfd"sv, "Zstandard compressed data (v0.8+)"},
    {"\x04\x22\x4d\x18"sv, "LZ4 compressed data (v1.4+)"},
    {"\x1f\x9d"sv, "compress'd data"},
    {"MSCF\0\0\0\0"sv, "Microsoft Cabinet archive data"},
    {"!<arch>\ndebian"sv, "Debian binary package"},
    {"!<arch>\n"sv, "current ar archive"},
    {"\xed\xab\xee\xdb"sv, "RPM"},
    {"xar!"sv, "xar archive"},
    {"MSWIM\0\0\0"sv, "Windows imaging (WIM) image"},
    {"KDMV"sv, "VMware4 disk image"},
    {"ZM\x60\xea"sv, "ARJ archive data"},
};

}  // namespace

bool tell_archive(Bytes head, MagicText& out) noexcept {
    if (starts(head, "PK\x03\x04") && head.size() >= 30) {
        tell_zip(head, out);
        return true;
    }
    if (starts(head, "7z\xbc\xaf\x27\x1c"sv) && head.size() > 7) {
        out.append("7-zip archive data, version ");
        out.append(std::uint64_t{head[6]});
        out.append(".");
        out.append(std::uint64_t{head[7]});
        return true;
    }
    for (const Packed& known : kArchives) {
        if (!starts(head, known.magic)) continue;
        out.append(known.text);
        return true;
    }
    if (stands_at(head, 257, "ustar  \0"sv)) {
        out.append("POSIX tar archive (GNU)");
        return true;
    }
    if (stands_at(head, 257, "ustar\0"sv)) {
        out.append("POSIX tar archive");
        return true;
    }
    return false;
}

}  // namespace sekisho::file
