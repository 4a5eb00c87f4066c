// DNS messages: see message.h. A name that loops or is longer than a name may be is cut there.
#include "app/dns/message.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace sekisho::app::dns {
namespace {

constexpr std::uint8_t kPointer = 0xc0;

enum class Shape : std::uint8_t {
    other, ipv4, ipv6, name, preference_name, strings, service, authority, binding, host_key, naming, permission, place,
};

struct Type {
    std::uint16_t number;
    std::string_view name;
    Shape shape;
};
constexpr Type kTypes[] = {
    {1, "A", Shape::ipv4}, {2, "NS", Shape::name}, {5, "CNAME", Shape::name}, {6, "SOA", Shape::authority},
    {10, "NULL", Shape::other}, {12, "PTR", Shape::name}, {13, "HINFO", Shape::strings},
    {15, "MX", Shape::preference_name}, {16, "TXT", Shape::strings}, {17, "RP", Shape::other},
    {18, "AFSDB", Shape::preference_name}, {24, "SIG", Shape::other}, {25, "KEY", Shape::other},
    {28, "AAAA", Shape::ipv6}, {29, "LOC", Shape::other}, {33, "SRV", Shape::service}, {35, "NAPTR", Shape::naming},
    {36, "KX", Shape::preference_name}, {37, "CERT", Shape::other}, {39, "DNAME", Shape::name},
    {41, "OPT", Shape::other}, {42, "APL", Shape::other}, {43, "DS", Shape::other}, {44, "SSHFP", Shape::host_key},
    {45, "IPSECKEY", Shape::other}, {46, "RRSIG", Shape::other}, {47, "NSEC", Shape::other},
    {48, "DNSKEY", Shape::other}, {49, "DHCID", Shape::other}, {50, "NSEC3", Shape::other},
    {51, "NSEC3PARAM", Shape::other}, {52, "TLSA", Shape::other}, {53, "SMIMEA", Shape::other},
    {55, "HIP", Shape::other}, {59, "CDS", Shape::other}, {60, "CDNSKEY", Shape::other},
    {61, "OPENPGPKEY", Shape::other}, {62, "CSYNC", Shape::other}, {63, "ZONEMD", Shape::other},
    {64, "SVCB", Shape::binding}, {65, "HTTPS", Shape::binding}, {99, "SPF", Shape::strings},
    {249, "TKEY", Shape::other}, {250, "TSIG", Shape::other}, {251, "IXFR", Shape::other},
    {252, "AXFR", Shape::other}, {255, "ANY", Shape::other}, {256, "URI", Shape::place}, {257, "CAA", Shape::permission},
};

const Type* find_type(std::uint16_t number) noexcept {
    const auto at = std::lower_bound(std::begin(kTypes), std::end(kTypes), number,
                                     [](const Type& type, std::uint16_t n) { return type.number < n; });
    return at != std::end(kTypes) && at->number == number ? at : nullptr;
}

class Text {
  public:
    explicit Text(MutableBytes out) noexcept : out_(out) {}
    void put(char c) noexcept {
        if (size_ < out_.size()) out_[size_++] = static_cast<std::uint8_t>(c);
    }
    void put(std::string_view text) noexcept {
        const std::size_t n = std::min(text.size(), out_.size() - size_);
        if (n != 0) std::memcpy(out_.data() + size_, text.data(), n);
        size_ += n;
    }
    void put_number(unsigned value, int base = 10) noexcept {
        char digits[12];
        put(std::string_view(digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof(digits), value, base).ptr - digits)));
    }
    void put_hex(Bytes bytes) noexcept {
        for (const std::uint8_t octet : bytes) {
            put("0123456789abcdef"[octet >> 4]);
            put("0123456789abcdef"[octet & 15]);
        }
    }
    std::size_t size() const noexcept { return size_; }

  private:
    MutableBytes out_;
    std::size_t size_ = 0;
};

void put_ipv4(Bytes a, Text& text) noexcept {
    for (std::size_t i = 0; i < 4; ++i) {
        if (i != 0) text.put('.');
        text.put_number(a[i]);
    }
}

// Full form without leading zeros, as Suricata's EVE writes it.
void put_ipv6(Bytes a, Text& text) noexcept {
    for (std::size_t i = 0; i < 16; i += 2) {
        if (i != 0) text.put(':');
        const unsigned group = static_cast<unsigned>(a[i] << 8 | a[i + 1]);
        for (const unsigned limit : {0x1000u, 0x100u, 0x10u})
            if (group < limit) text.put('0');
        text.put_number(group, 16);
    }
}

void put_name(Bytes message, ByteReader& reader, Text& text) noexcept {
    Name name;
    if (name.read(message, reader) != NameFault::cut) text.put(name.text());
}

// Parameters of SVCB and HTTPS records (RFC 9460 section 14.3.2).
constexpr std::string_view kBindingKeys[] = {"mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath"};

void put_binding_value(std::size_t key, Bytes value, Text& text) noexcept {
    constexpr std::size_t kAlpn = 1, kPort = 3, kIpv4 = 4, kIpv6 = 6, kPath = 7;
    ByteReader reader(value);
    const auto between = [&] { if (reader.position() != 0) text.put(','); };
    if (key == kAlpn) {
        while (reader.ok() && reader.remaining() > 0) {
            between();
            text.put(as_text(reader.bytes(reader.u8())));
        }
    } else if (key == kPort && value.size() == 2) {
        text.put_number(reader.u16());
    } else if (key == kIpv4 || key == kIpv6) {
        const std::size_t size = key == kIpv4 ? 4 : 16;
        while (reader.remaining() >= size) {
            between();
            if (key == kIpv4) put_ipv4(reader.bytes(size), text);
            else put_ipv6(reader.bytes(size), text);
        }
    } else if (key == kPath) {
        text.put(as_text(value));
    } else {
        text.put_hex(value.first(std::min<std::size_t>(value.size(), 64)));
    }
}

// Priority, target ("." is the owner itself), then key=value.
void put_binding(Bytes message, ByteReader& reader, Text& text) noexcept {
    text.put_number(reader.u16());
    text.put(' ');
    const std::size_t before = text.size();
    put_name(message, reader, text);
    if (text.size() == before) text.put('.');
    while (reader.ok() && reader.remaining() >= 4) {
        const std::uint16_t key = reader.u16();
        const Bytes value = reader.bytes(reader.u16());
        if (!reader.ok()) return;
        text.put(' ');
        if (key < std::size(kBindingKeys)) text.put(kBindingKeys[key]);
        else text.put("key"), text.put_number(key);
        if (value.empty()) continue;
        text.put('=');
        put_binding_value(key, value, text);
    }
}

void put_data(Bytes message, Shape shape, std::size_t at, std::size_t size, Text& text) noexcept {
    // A name may point anywhere in the message, but must itself end with the record's data.
    ByteReader reader(message.first(at + size));
    reader.skip(at);
    switch (shape) {
        case Shape::ipv4:
            if (size == 4) put_ipv4(reader.bytes(4), text);
            break;
        case Shape::ipv6:
            if (size == 16) put_ipv6(reader.bytes(16), text);
            break;
        case Shape::name: put_name(message, reader, text); break;
        case Shape::binding: put_binding(message, reader, text); break;
        case Shape::host_key:
            text.put_number(reader.u8());
            text.put(' ');
            text.put_number(reader.u8());
            text.put(' ');
            text.put_hex(reader.bytes(std::min<std::size_t>(reader.remaining(), 64)));
            break;
        case Shape::naming:
            text.put_number(reader.u16());
            text.put(' ');
            text.put_number(reader.u16());
            for (int i = 0; i < 3; ++i) {
                text.put(' ');
                text.put(as_text(reader.bytes(reader.u8())));
            }
            text.put(' ');
            put_name(message, reader, text);
            break;
        case Shape::permission:
            text.put_number(reader.u8());
            text.put(' ');
            text.put(as_text(reader.bytes(reader.u8())));
            text.put(' ');
            text.put(as_text(reader.rest()));
            break;
        case Shape::place:
            text.put_number(reader.u16());
            text.put(' ');
            text.put_number(reader.u16());
            text.put(' ');
            text.put(as_text(reader.rest()));
            break;
        case Shape::preference_name:
            text.put_number(reader.u16());
            text.put(' ');
            put_name(message, reader, text);
            break;
        case Shape::strings:
            while (reader.ok() && reader.remaining() > 0) text.put(as_text(reader.bytes(reader.u8())));
            break;
        case Shape::service:
            for (int i = 0; i < 3; ++i) {
                text.put_number(reader.u16());
                text.put(' ');
            }
            put_name(message, reader, text);
            break;
        case Shape::authority:
            put_name(message, reader, text);
            text.put(' ');
            put_name(message, reader, text);
            for (int i = 0; i < 5 && reader.remaining() >= 4; ++i) {  // serial, refresh, retry, expire, minimum
                text.put(' ');
                text.put_number(reader.u32());
            }
            break;
        case Shape::other: text.put_hex(reader.bytes(std::min<std::size_t>(size, 64))); break;
    }
}

}  // namespace

Header read_header(ByteReader& reader) noexcept {
    Header header;
    header.id = reader.u16();
    header.flags = reader.u16();
    header.questions = reader.u16();
    header.answers = reader.u16();
    header.authorities = reader.u16();
    header.additionals = reader.u16();
    return header;
}

NameFault Name::read(Bytes message, ByteReader& reader) noexcept {
    size_ = 0;
    std::size_t pointers = 0;
    ByteReader jumped({});
    ByteReader* at = &reader;
    for (;;) {
        const std::uint8_t length = at->u8();
        if (!at->ok()) return NameFault::cut;
        if (length == 0) return NameFault::none;
        if ((length & kPointer) == kPointer) {
            const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | at->u8();
            if (!at->ok() || target >= message.size()) return NameFault::cut;
            if (++pointers > kDnsPointersMax) return NameFault::loop;
            jumped = ByteReader(message.subspan(target));
            at = &jumped;
            continue;
        }
        if ((length & kPointer) != 0) return NameFault::cut;  // label types that were never used
        const Bytes label = at->bytes(length);
        if (!at->ok()) return NameFault::cut;
        const std::size_t dot = size_ == 0 ? 0 : 1;
        if (size_ + dot + label.size() > text_.size()) return NameFault::too_long;
        if (dot != 0) text_[size_++] = '.';
        std::memcpy(text_.data() + size_, label.data(), label.size());
        size_ += label.size();
    }
}

bool points_to_name(std::uint16_t type) noexcept {
    constexpr std::uint16_t kNs = 2, kCname = 5, kSoa = 6, kPtr = 12, kMx = 15;
    return type == kNs || type == kCname || type == kSoa || type == kPtr || type == kMx;
}

std::string_view type_name(std::uint16_t type) noexcept {
    const Type* found = find_type(type);
    return found ? found->name : std::string_view{};
}

std::size_t write_record(Bytes message, std::uint16_t type, std::size_t rdata_at, std::size_t rdata_size,
                         MutableBytes out) noexcept {
    Text text(out);
    const Type* found = find_type(type);
    if (found) {
        text.put(found->name);
    } else {
        text.put("TYPE");
        text.put_number(type);
    }
    text.put(' ');
    put_data(message, found ? found->shape : Shape::other, rdata_at, rdata_size, text);
    return text.size();
}

}  // namespace sekisho::app::dns
