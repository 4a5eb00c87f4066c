// The ClientHello of Google's QUIC ("QUIC Crypto"): tags and values, in a STREAM frame in the clear or, with Q050, in
// CRYPTO frames.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::quic {

/// A hello in the CRYPTO frames of Q050: the octets that it takes; 0 while they cannot be told.
std::size_t google_hello_size(Bytes front) noexcept;
/// Tells quic.sni, quic.ua and the CYU fingerprint of a hello. @return false when it is none
bool read_google_hello(TxId tx, Bytes version, Bytes message, FieldSink& out) noexcept;

/// Reads the frames of a packet of Q039 to Q046; tells quic.sni, quic.ua and the CYU fingerprint.
/// @return  whether a hello was read
bool read_google_frames(TxId tx, Bytes version, Bytes frames, FieldSink& out) noexcept;

}  // namespace sekisho::app::quic
