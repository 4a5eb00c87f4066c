// Handshake messages: see hello.h.
#include "app/tls/hello.h"

#include <algorithm>
#include <array>

#include "app/tls/ja3.h"
#include "app/tls/ja4.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/tls_words.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/crypto/certificate.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::app::tls {
namespace {

constexpr std::uint16_t kServerName = 0;
constexpr std::uint16_t kSupportedGroups = 10;
constexpr std::uint16_t kPointFormats = 11;
constexpr std::uint16_t kSignatureAlgorithms = 13;
constexpr std::uint16_t kAlpn = 16;
constexpr std::uint16_t kSupportedVersions = 43;
constexpr std::uint16_t kEncryptedHello = 0xfe0d;  // draft-ietf-tls-esni
constexpr std::size_t kRandomSize = 32;

/// A view of what is there, when less than `count` is left.
Bytes bytes_or_rest(ByteReader& reader, std::size_t count) noexcept {
    const std::size_t n = std::min(count, reader.remaining());
    return reader.bytes(n);
}

void put_random(TxId tx, Bytes random, FieldSink& out) noexcept {
    if (random.size() != kRandomSize) return;
    out.put(tx, Field::tls_random, random);
    out.put(tx, Field::tls_random_time, random.first(4));
    out.put(tx, Field::tls_random_bytes, random.subspan(4));
}

void put_ja3(TxId tx, const Ja3Text& ja3, Field text_field, Field hash_field, FieldSink& out) noexcept {
    const Bytes text = as_bytes(ja3.text());
    std::array<std::uint8_t, 2 * crypto::kDigestMax> hex;
    const auto hash = crypto::digest(crypto::DigestAlgorithm::md5, text);
    const std::size_t size = crypto::write_hex(hash.bytes(), '\0', false, hex);
    out.put(tx, text_field, text);
    out.put(tx, hash_field, Bytes(hex).first(size));
}

void put_version(TxId tx, std::uint16_t version, FieldSink& out) noexcept {
    out.fact(tx, Fact::tls_version, version);
    out.fact(tx, Fact::tls_version_bit, version_bit(version));
}

// server_name (RFC 6066 section 3): a list that in practice holds one host name.
void read_server_name(TxId tx, Bytes extension, Carrier carrier, FieldSink& out) noexcept {
    ByteReader reader(extension);
    const std::size_t list = reader.u16();
    const std::uint8_t type = reader.u8();
    const std::size_t length = reader.u16();
    if (!reader.ok() || list != reader.remaining() + 3 || length > reader.remaining()) {
        out.event(tx, AppEvent::tls_invalid_sni_length);
        return;
    }
    if (type != 0) {
        out.event(tx, AppEvent::tls_invalid_sni_type);
        return;
    }
    out.put(tx, carrier == Carrier::quic ? Field::quic_sni : Field::tls_sni, reader.bytes(length));
}

/// @return  the first name
Bytes read_alpn(TxId tx, Bytes extension, FieldSink& out) noexcept {
    ByteReader reader(extension);
    Bytes first;
    reader.skip(2);
    while (reader.ok() && reader.remaining() > 0) {
        const Bytes name = reader.bytes(reader.u8());
        if (!reader.ok() || name.empty()) continue;
        out.put(tx, Field::tls_alpn, name);
        if (first.empty()) first = name;
    }
    return first;
}

template <class Take>
void each_u16(Bytes list, std::size_t prefix, Take take) noexcept {
    ByteReader reader(list);
    reader.skip(prefix);
    while (reader.ok() && reader.remaining() >= 2) take(reader.u16());
}

std::uint16_t newest_version(Bytes list, std::uint16_t legacy) noexcept {
    ByteReader reader(list);
    reader.skip(1);
    std::uint16_t newest = 0;
    while (reader.remaining() >= 2) {
        const std::uint16_t version = reader.u16();
        if (!is_grease(version)) newest = std::max(newest, version);
    }
    return newest == 0 ? legacy : newest;
}

void add_point_formats(Bytes list, Ja3Text& ja3) noexcept {
    ByteReader reader(list);
    reader.skip(1);
    while (reader.ok() && reader.remaining() >= 1) ja3.add(reader.u8());
}

/// What the extensions of a ClientHello say, as they are walked.
struct Extensions {
    std::uint16_t version;
    Bytes groups;
    Bytes formats;
    unsigned names = 0;
};

void read_extension(TxId tx, std::uint16_t type, Bytes content, Carrier carrier, Extensions& seen, Ja4& ja4, FieldSink& out) noexcept {
    switch (type) {
        case kServerName:
            ja4.named = true;
            if (++seen.names > 1) out.event(tx, AppEvent::tls_multiple_sni_extensions);
            else if (!content.empty()) read_server_name(tx, content, carrier, out);
            break;
        case kSupportedGroups: seen.groups = content; break;
        case kPointFormats: seen.formats = content; break;
        case kSignatureAlgorithms:
            each_u16(content, 2, [&](std::uint16_t algorithm) { ja4.signatures.add(algorithm); });
            break;
        case kAlpn: ja4.protocol = read_alpn(tx, content, out); break;
        case kSupportedVersions: seen.version = newest_version(content, seen.version); break;
        case kEncryptedHello: out.fact(tx, Fact::tls_ech, 1); break;
        default: break;
    }
}

void put_ja4(TxId tx, Ja4& ja4, FieldSink& out) noexcept {
    std::array<char, Ja4::kTextSize> text;
    ja4.write(text);
    out.put(tx, Field::ja4_hash, as_bytes(std::string_view(text.data(), text.size())));
}

}  // namespace

void read_client_hello(TxId tx, Bytes message, Carrier carrier, FieldSink& out) noexcept {
    ByteReader reader(message);
    Ja3Text ja3;
    Ja4 ja4;
    const std::uint16_t legacy = reader.u16();
    put_random(tx, reader.bytes(kRandomSize), out);
    reader.skip(reader.u8());  // session id
    if (!reader.ok()) {
        out.event(tx, AppEvent::tls_handshake_invalid_length);
        return;
    }
    ja3.add(legacy);
    ja3.next_list();
    each_u16(bytes_or_rest(reader, reader.u16()), 0, [&](std::uint16_t cipher) {
        ja3.add(cipher);
        ja4.ciphers.add(cipher);
    });
    ja3.next_list();
    reader.skip(reader.u8());  // compression methods
    const Bytes extensions = reader.remaining() >= 2 ? bytes_or_rest(reader, reader.u16()) : Bytes{};
    if (!reader.ok()) out.event(tx, AppEvent::tls_handshake_invalid_length);

    Extensions seen{legacy, {}, {}};
    ByteReader list(extensions);
    while (list.ok() && list.remaining() > 0) {
        const std::uint16_t type = list.u16();
        const Bytes content = list.bytes(list.u16());
        if (!list.ok()) {
            out.event(tx, AppEvent::tls_handshake_invalid_length);
            break;
        }
        ja3.add(type);
        ja4.extensions.add(type);
        read_extension(tx, type, content, carrier, seen, ja4, out);
    }
    ja3.next_list();
    each_u16(seen.groups, 2, [&](std::uint16_t group) { ja3.add(group); });
    ja3.next_list();
    add_point_formats(seen.formats, ja3);
    put_ja3(tx, ja3, Field::ja3_string, Field::ja3_hash, out);
    ja4.over_quic = carrier == Carrier::quic;
    ja4.version = seen.version;
    put_ja4(tx, ja4, out);
    put_version(tx, seen.version, out);
}

ServerHello read_server_hello(TxId tx, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    Ja3Text ja3;
    const std::uint16_t legacy = reader.u16();
    put_random(tx, reader.bytes(kRandomSize), out);
    reader.skip(reader.u8());  // session id
    const std::uint16_t cipher = reader.u16();
    reader.skip(1);  // compression method
    if (!reader.ok()) {
        out.event(tx, AppEvent::tls_handshake_invalid_length);
        return {};
    }
    ja3.add(legacy);
    ja3.next_list();
    ja3.add(cipher);
    ja3.next_list();
    std::uint16_t version = legacy;
    ByteReader list(reader.remaining() >= 2 ? bytes_or_rest(reader, reader.u16()) : Bytes{});
    while (list.ok() && list.remaining() > 0) {
        const std::uint16_t type = list.u16();
        const Bytes content = list.bytes(list.u16());
        if (!list.ok()) break;
        ja3.add(type);
        if (type == kSupportedVersions && content.size() == 2)
            version = static_cast<std::uint16_t>(content[0] << 8 | content[1]);
        if (type == kAlpn) read_alpn(tx, content, out);
    }
    put_ja3(tx, ja3, Field::ja3s_string, Field::ja3s_hash, out);
    put_version(tx, version, out);
    return {version};
}

namespace {

AppEvent event_of(crypto::CertificateFault fault) noexcept {
    switch (fault) {
        case crypto::CertificateFault::bad_length: return AppEvent::tls_certificate_invalid_length;
        case crypto::CertificateFault::missing_element: return AppEvent::tls_certificate_missing_element;
        default: return AppEvent::tls_certificate_unknown_element;
    }
}

// Facts of the server's own certificate, the first of the chain.
void put_leaf(TxId tx, Bytes der, FieldSink& out) noexcept {
    const auto parsed = crypto::parse_certificate(der);
    std::array<std::uint8_t, 4096> text;
    if (parsed.fault != crypto::CertificateFault::none) {
        out.event(tx, AppEvent::tls_invalid_certificate);
        out.event(tx, event_of(parsed.fault));
    } else {
        const auto& facts = parsed.facts;
        const auto written = [&](std::size_t size) { return Bytes(text).first(size); };
        out.put(tx, Field::tls_cert_subject, written(crypto::write_name(facts.subject, text)));
        out.put(tx, Field::tls_cert_issuer, written(crypto::write_name(facts.issuer, text)));
        out.put(tx, Field::tls_cert_serial, written(crypto::write_serial(facts.serial, text)));
        out.fact(tx, Fact::tls_not_before, static_cast<std::uint64_t>(facts.not_before));
        out.fact(tx, Fact::tls_not_after, static_cast<std::uint64_t>(facts.not_after));
        Bytes names = facts.alt_names;
        while (const auto name = crypto::next_alt_name(names))
            if (name->kind != crypto::AltName::Kind::other && name->kind != crypto::AltName::Kind::ip)
                out.put(tx, Field::tls_subjectaltname, name->value);
    }
    out.put(tx, Field::tls_cert_fingerprint, Bytes(text).first(crypto::write_fingerprint(der, text)));
}

}  // namespace

void read_certificates(TxId tx, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    ByteReader chain(bytes_or_rest(reader, reader.u24()));
    std::size_t length = 0;
    while (chain.remaining() > 0) {
        const Bytes der = chain.bytes(chain.u24());
        if (!chain.ok()) {
            out.event(tx, AppEvent::tls_certificate_invalid_length);
            break;
        }
        if (length == 0) put_leaf(tx, der, out);
        if (++length <= kTlsCertificatesMax) out.put(tx, Field::tls_certs, der);
    }
    out.fact(tx, Fact::tls_chain_length, length);
}

}  // namespace sekisho::app::tls
