// Images and documents: PNG (RFC 2083), GIF89a, JPEG (JFIF, Exif), BMP; PDF (ISO 32000), RTF, Flash (SWF 19),
// PostScript (DSC 3.0).
#include <algorithm>

#include "file/magic_formats.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/base/text.h"

namespace sekisho::file {
namespace {

using namespace std::string_view_literals;

void append_size(std::uint64_t width, std::uint64_t height, MagicText& out) noexcept {
    out.append(", ");
    out.append(width);
    out.append(" x ");
    out.append(height);
}

void tell_png(Bytes head, MagicText& out) noexcept {
    constexpr std::string_view kColours[] = {" grayscale", "", "/color RGB", " colormap", " gray+alpha", "", "/color RGBA"};
    out.append("PNG image data");
    if (head.size() < 29) return;
    ByteReader reader(head.subspan(16));
    const std::uint32_t width = reader.u32(), height = reader.u32();
    append_size(width, height, out);
    out.append(", ");
    out.append(std::uint64_t{head[24]});
    out.append("-bit");
    if (head[25] < std::size(kColours)) out.append(kColours[head[25]]);
    out.append(head[28] == 0 ? ", non-interlaced" : ", interlaced");
}

void tell_gif(Bytes head, MagicText& out) noexcept {
    out.append("GIF image data, version ");
    out.append(as_text(head.subspan(3, 3)));
    if (head.size() >= 10) append_size(head[6] + 256u * head[7], head[8] + 256u * head[9], out);
}

void tell_jpeg(Bytes head, MagicText& out) noexcept {
    out.append("JPEG image data");
    if (stands_at(head, 6, "JFIF") && head.size() > 12) {
        out.append(", JFIF standard ");
        out.append(std::uint64_t{head[11]});
        out.append(head[12] < 10 ? ".0" : ".");
        out.append(std::uint64_t{head[12]});
    } else if (stands_at(head, 6, "Exif")) {
        out.append(", Exif standard");
    }
}

/// The characters from `offset` up to a line end or a blank.
std::string_view word_at(Bytes head, std::size_t offset, std::size_t max) noexcept {
    const std::string_view text = as_text(head).substr(std::min(offset, head.size()));
    const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; });
    return text.substr(0, std::min(max, static_cast<std::size_t>(end - text.begin())));
}

void tell_flash(Bytes head, MagicText& out) noexcept {
    out.append(head[0] == 'F' ? "Macromedia Flash data, version " : "Macromedia Flash data (compressed), version ");
    out.append(std::uint64_t{head[3]});
}

}  // namespace

bool tell_image(Bytes head, MagicText& out) noexcept {
    if (starts(head, "\x89PNG\x0d\x0a\x1a\x0a"sv)) {
        tell_png(head, out);
    } else if (starts(head, "GIF8") && head.size() >= 6) {
        tell_gif(head, out);
    } else if (starts(head, "\xff\xd8\xff"sv)) {
        tell_jpeg(head, out);
    } else if (starts(head, "BM") && head.size() >= 18 && head[6] == 0 && head[7] == 0 && head[14] >= 12) {
        out.append("PC bitmap, Windows 3.x format");
    } else {
        return false;
    }
    return true;
}

bool tell_document(Bytes head, MagicText& out) noexcept {
    // Readers accept the mark anywhere in the first kilobyte.
    if (const auto at = as_text(head).find("%PDF-"); at != std::string_view::npos && (at == 0 || head.size() > at + 8)) {
        out.append("PDF document, version ");
        out.append(word_at(head, at + 5, 3));
        return true;
    }
    if (starts(head, "{\\rtf")) {
        out.append("Rich Text Format data, version ");
        out.append(word_at(head, 5, 1));
        if (stands_at(head, 6, "\\ansi")) out.append(", ANSI");
        return true;
    }
    if (head.size() > 3 && (starts(head, "FWS") || starts(head, "CWS") || starts(head, "ZWS"))) {
        tell_flash(head, out);
        return true;
    }
    if (starts(head, "%!PS")) {
        out.append("PostScript document text");
        return true;
    }
    return false;
}

}  // namespace sekisho::file
