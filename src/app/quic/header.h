// Headers of QUIC packets: RFC 9000 section 17, RFC 9369 (version 2), Google's QUIC from Q044 on, whose headers begin
// alike, and its older public header (Q039 to Q043).
#pragma once

#include <cstdint>
#include <optional>

#include "sekisho/base/bytes.h"

namespace sekisho::app::quic {

constexpr std::uint32_t kVersion1 = 1;
constexpr std::uint32_t kVersion2 = 0x6b3343cf;
constexpr std::uint32_t kDraft = 0xff000000;           ///< and the draft's number
constexpr std::uint32_t kGoogle039 = 0x51303339;       // "Q039"
constexpr std::uint32_t kGoogle043 = 0x51303433;
constexpr std::uint32_t kGoogle046 = 0x51303436;
constexpr std::uint32_t kGoogle050 = 0x51303530;
constexpr std::uint32_t kFacebookDraft22 = 0xfaceb001; // mvfst
constexpr std::uint32_t kFacebookDraft27 = 0xfaceb002;

constexpr bool is_draft(std::uint32_t version) noexcept { return (version & 0xffffff00) == kDraft; }
/// Frames in the clear, connection ids with packed lengths.
constexpr bool is_google_clear(std::uint32_t version) noexcept { return version > kGoogle043 && version <= kGoogle046; }
/// Headers of their own: flags, connection id, version.
constexpr bool is_google_old(std::uint32_t version) noexcept { return version >= kGoogle039 && version <= kGoogle043; }
constexpr bool is_google(std::uint32_t version) noexcept { return version >> 24 == 'Q' || version >> 24 == 'T'; }
/// Asks for version negotiation (RFC 9000 section 15).
constexpr bool is_reserved(std::uint32_t version) noexcept { return (version & 0x0f0f0f0f) == 0x0a0a0a0a; }
bool is_known(std::uint32_t version) noexcept;

enum class PacketType : std::uint8_t { one_rtt, negotiation, initial, zero_rtt, handshake, retry };

/// Views point into the datagram.
struct Header {
    PacketType type = PacketType::one_rtt;
    std::uint32_t version = 0;
    Bytes version_octets;
    Bytes destination_id;
    Bytes source_id;
    std::size_t size = 0;  ///< octets before the packet number (Google's clear packets: before the frames)
    Bytes payload;         ///< packet number and what follows, to the packet's end
    Bytes rest;            ///< of the datagram: the next packet
};

/// Nothing when the octets are no header, or cut.
std::optional<Header> decode_header(Bytes datagram) noexcept;

/// Variable-length integer (RFC 9000 section 16).
std::optional<std::uint64_t> take_varint(Bytes& in) noexcept;

}  // namespace sekisho::app::quic
