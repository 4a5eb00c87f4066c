#include "asn1.h"

namespace sekisho::detect {
namespace {

constexpr unsigned kElementsMax = 256;
constexpr std::uint64_t kRealTextMax = 256;  // octets that programs keep for a number in text
constexpr std::uint8_t kConstructed = 0x20, kTagBits = 0x1f, kMore = 0x80;
constexpr std::uint8_t kBitString = 3, kReal = 9;

struct Element {
    std::uint8_t identifier = 0;   ///< first octet: class, constructed, tag
    std::uint64_t length = 0;      ///< as written; 0 for the indefinite form
    std::size_t header = 0;        ///< octets before the content
};

/// False when the bytes end before the element's header does, or its length needs more than 8 octets.
bool read_element(Bytes in, Element& out) noexcept {
    std::size_t at = 0;
    if (in.empty()) return false;
    out.identifier = in[at++];
    if ((out.identifier & kTagBits) == kTagBits) {  // the tag goes on: X.690 section 8.1.2.4
        while (at < in.size() && (in[at] & kMore) != 0) ++at;
        ++at;
    }
    if (at >= in.size()) return false;
    const std::uint8_t first = in[at++];
    out.length = first;
    if ((first & kMore) != 0) {
        const std::size_t octets = first & 0x7f;
        if (octets > 8 || octets > in.size() - at) return false;
        out.length = 0;
        for (std::size_t i = 0; i < octets; ++i) out.length = out.length << 8 | in[at++];
    }
    out.header = at;
    return true;
}

bool is_faulty(const Element& element, Bytes content, const signature::Asn1Walk& walk) noexcept {
    if (walk.oversize_length != 0 && element.length > walk.oversize_length) return true;
    if (content.empty()) return false;
    const std::uint8_t first = content[0];
    // Universal and primitive: the identifier is the tag alone.
    if (walk.bitstring_overflow && element.identifier == kBitString && element.length > 0 &&
        (first > 7 || (element.length - 1) * 8 < first))
        return true;
    // Bits 8 and 7 clear: a decimal number in text (section 8.5.6).
    return walk.double_overflow && element.identifier == kReal && (first & 0xc0) == 0 && element.length > kRealTextMax;
}

}  // namespace

bool has_asn1_fault(Bytes from, const signature::Asn1Walk& walk) noexcept {
    for (unsigned elements = 0; elements < kElementsMax && !from.empty(); ++elements) {
        Element element;
        if (!read_element(from, element)) return false;
        from = from.subspan(element.header);
        if (is_faulty(element, from, walk)) return true;
        // The elements inside follow on directly: a walk over all of them needs no stack.
        if ((element.identifier & kConstructed) != 0) continue;
        if (element.length > from.size()) return false;
        from = from.subspan(static_cast<std::size_t>(element.length));
    }
    return false;
}

}  // namespace sekisho::detect
