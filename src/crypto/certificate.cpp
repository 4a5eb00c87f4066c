// X.509 facts: see certificate.h. The attribute names are those of RFC 4514 and, beyond it, OpenSSL's, which
// signatures use.
#include "sekisho/crypto/certificate.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/der.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::crypto {
namespace {

constexpr std::uint8_t kInteger = 0x02;
constexpr std::uint8_t kOid = 0x06;
constexpr std::uint8_t kUtcTime = 0x17;
constexpr std::uint8_t kGeneralizedTime = 0x18;
constexpr std::uint8_t kBmpString = 0x1e;
constexpr std::uint8_t kLatinString = 0x14;
constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kSet = 0x31;
constexpr std::uint8_t kVersionTag = 0xa0;
constexpr std::uint8_t kExtensionsTag = 0xa3;

constexpr std::string_view kSubjectAltName = "\x55\x1d\x11";

struct AttributeName {
    std::string_view oid;
    std::string_view name;
};
constexpr AttributeName kAttributes[] = {
    {"\x55\x04\x03", "CN"},
    {"\x55\x04\x04", "SN"},
    {"\x55\x04\x05", "serialNumber"},
    {"\x55\x04\x06", "C"},
    {"\x55\x04\x07", "L"},
    {"\x55\x04\x08", "ST"},
    {"\x55\x04\x09", "street"},
    {"\x55\x04\x0a", "O"},
    {"\x55\x04\x0b", "OU"},
    {"\x55\x04\x0c", "title"},
    {"\x55\x04\x0d", "description"},
    {"\x55\x04\x0f", "businessCategory"},
    {"\x55\x04\x11", "postalCode"},
    {"\x55\x04\x29", "name"},
    {"\x55\x04\x2a", "GN"},
    {"\x55\x04\x2b", "initials"},
    {"\x55\x04\x2e", "dnQualifier"},
    {"\x55\x04\x41", "pseudonym"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02", "unstructuredName"},
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"},
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"},
};

// Appends to the caller's memory and stops at its end.
class Writer {
  public:
    explicit Writer(MutableBytes out) noexcept : out_(out) {}
    void put(std::uint8_t octet) noexcept {
        if (size_ < out_.size()) out_[size_++] = octet;
    }
    void put(std::string_view text) noexcept {
        for (const char c : text) put(static_cast<std::uint8_t>(c));
    }
    void put_code_point(std::uint32_t code) noexcept {
        if (code < 0x80) {
            put(static_cast<std::uint8_t>(code));
        } else if (code < 0x800) {
            put(static_cast<std::uint8_t>(0xc0 | code >> 6));
            put(static_cast<std::uint8_t>(0x80 | (code & 0x3f)));
        } else {
            put(static_cast<std::uint8_t>(0xe0 | code >> 12));
            put(static_cast<std::uint8_t>(0x80 | (code >> 6 & 0x3f)));
            put(static_cast<std::uint8_t>(0x80 | (code & 0x3f)));
        }
    }
    void put_decimal(std::uint64_t value) noexcept {
        std::array<char, 20> digits;
        std::size_t at = digits.size();
        do {
            digits[--at] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        put(std::string_view(digits.data() + at, digits.size() - at));
    }
    std::size_t size() const noexcept { return size_; }

  private:
    MutableBytes out_;
    std::size_t size_ = 0;
};

void write_oid(Bytes oid, Writer& out) noexcept {
    std::uint64_t arc = 0;
    bool first = true;
    for (const std::uint8_t octet : oid) {
        arc = (arc & 0x00ffffffffffffffULL) << 7 | (octet & 0x7f);
        if (octet & 0x80) continue;
        if (first) {
            const std::uint64_t root = std::min<std::uint64_t>(arc / 40, 2);
            out.put_decimal(root);
            out.put('.');
            out.put_decimal(arc - root * 40);
            first = false;
        } else {
            out.put('.');
            out.put_decimal(arc);
        }
        arc = 0;
    }
}

void write_value(const DerElement& value, Writer& out) noexcept {
    if (value.tag == kBmpString) {
        for (std::size_t i = 0; i + 1 < value.content.size(); i += 2)
            out.put_code_point(static_cast<std::uint32_t>(value.content[i] << 8 | value.content[i + 1]));
    } else if (value.tag == kLatinString) {
        for (const std::uint8_t octet : value.content) out.put_code_point(octet);
    } else {
        out.put(as_text(value.content));
    }
}

void write_attribute(Bytes attribute, Writer& out) noexcept {
    const auto type = take_element(attribute);
    const auto value = take_element(attribute);
    if (!type || !value || type->tag != kOid) return;
    const auto known = std::find_if(std::begin(kAttributes), std::end(kAttributes),
                                    [&](const AttributeName& name) { return name.oid == as_text(type->content); });
    if (known != std::end(kAttributes)) {
        out.put(known->name);
    } else {
        write_oid(type->content, out);
    }
    out.put('=');
    write_value(*value, out);
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level
/// date algorithms").
constexpr std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) noexcept {
    y -= m <= 2;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const auto yoe = static_cast<unsigned>(y - era * 400);
    const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

// YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ (RFC 5280 section 4.1.2.5); seconds may be left out by old issuers.
std::optional<std::int64_t> parse_time(const DerElement& time) noexcept {
    std::string_view text = as_text(time.content);
    const auto digits = [&](std::size_t count) -> int {
        if (text.size() < count) return -1;
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (text[i] < '0' || text[i] > '9') return -1;
            value = value * 10 + (text[i] - '0');
        }
        text.remove_prefix(count);
        return value;
    };
    if (time.tag != kUtcTime && time.tag != kGeneralizedTime) return std::nullopt;
    int year = digits(time.tag == kUtcTime ? 2 : 4);
    if (year >= 0 && time.tag == kUtcTime) year += year < 50 ? 2000 : 1900;
    const int month = digits(2);
    const int day = digits(2);
    const int hour = digits(2);
    const int minute = digits(2);
    const int second = text.empty() || text.front() == 'Z' ? 0 : digits(2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    return days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) * 86400 + hour * 3600 +
           minute * 60 + second;
}

void find_alt_names(Bytes extensions, CertificateFacts& facts) noexcept {
    auto list = take_element(extensions);
    if (!list || list->tag != kSequence) return;
    Bytes rest = list->content;
    while (auto extension = take_element(rest)) {
        Bytes parts = extension->content;
        const auto oid = take_element(parts);
        if (!oid || as_text(oid->content) != kSubjectAltName) continue;
        auto value = take_element(parts);
        if (value && value->tag == 0x01) value = take_element(parts);  // "critical" stands before it
        if (!value) return;
        Bytes octets = value->content;
        if (const auto names = take_element(octets)) facts.alt_names = names->content;
        return;
    }
}

ParsedCertificate fault(CertificateFault what, const CertificateFacts& facts) noexcept { return {facts, what}; }

}  // namespace

ParsedCertificate parse_certificate(Bytes der) noexcept {
    CertificateFacts facts;
    const auto certificate = take_element(der);
    if (!certificate) return fault(CertificateFault::bad_length, facts);
    if (certificate->tag != kSequence) return fault(CertificateFault::unknown_element, facts);
    Bytes in = certificate->content;
    const auto body = take_element(in);
    if (!body) return fault(CertificateFault::bad_length, facts);
    if (body->tag != kSequence) return fault(CertificateFault::unknown_element, facts);

    in = body->content;
    auto element = take_element(in);
    if (element && element->tag == kVersionTag) element = take_element(in);
    if (!element || element->tag != kInteger) return fault(CertificateFault::missing_element, facts);
    facts.serial = element->content;
    const auto algorithm = take_element(in);
    const auto issuer = take_element(in);
    const auto validity = take_element(in);
    const auto subject = take_element(in);
    if (!algorithm || !issuer || !validity || !subject) return fault(CertificateFault::missing_element, facts);
    if (issuer->tag != kSequence || validity->tag != kSequence || subject->tag != kSequence)
        return fault(CertificateFault::unknown_element, facts);
    facts.issuer = issuer->content;
    facts.subject = subject->content;
    Bytes times = validity->content;
    const auto from = take_element(times);
    const auto to = take_element(times);
    if (!from || !to) return fault(CertificateFault::missing_element, facts);
    facts.not_before = parse_time(*from).value_or(0);
    facts.not_after = parse_time(*to).value_or(0);
    while (const auto rest = take_element(in))
        if (rest->tag == kExtensionsTag) find_alt_names(rest->content, facts);
    return {facts, CertificateFault::none};
}

std::size_t write_name(Bytes name, MutableBytes out) noexcept {
    Writer writer(out);
    bool first_set = true;
    while (const auto set = take_element(name)) {
        if (set->tag != kSet) break;
        if (!first_set) writer.put(", ");
        first_set = false;
        Bytes attributes = set->content;
        bool first = true;
        while (const auto attribute = take_element(attributes)) {
            if (!first) writer.put(" + ");
            first = false;
            write_attribute(attribute->content, writer);
        }
    }
    return writer.size();
}

std::size_t write_serial(Bytes serial, MutableBytes out) noexcept {
    if (out.size() < serial.size() * 3) return 0;
    return write_hex(serial, ':', true, out);
}

std::size_t write_fingerprint(Bytes der, MutableBytes out) noexcept {
    if (out.size() < 60) return 0;
    return write_hex(digest(DigestAlgorithm::sha1, der).bytes(), ':', false, out);
}

std::optional<AltName> next_alt_name(Bytes& alt_names) noexcept {
    const auto element = take_element(alt_names);
    if (!element) return std::nullopt;
    switch (element->tag) {
        case 0x81: return AltName{AltName::Kind::mail, element->content};
        case 0x82: return AltName{AltName::Kind::dns, element->content};
        case 0x86: return AltName{AltName::Kind::uri, element->content};
        case 0x87: return AltName{AltName::Kind::ip, element->content};
        default: return AltName{AltName::Kind::other, element->content};
    }
}

}  // namespace sekisho::crypto
