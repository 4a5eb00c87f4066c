// The ClientHello of Google's QUIC before Q050 ("QUIC Crypto"): tags and values in a STREAM frame in the clear.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::quic {

/// Reads the frames of a packet of Q043 to Q046; tells quic.sni, quic.ua and the CYU fingerprint.
/// @return  whether a hello was read
bool read_google_frames(TxId tx, Bytes version, Bytes frames, FieldSink& out) noexcept;

}  // namespace sekisho::app::quic
