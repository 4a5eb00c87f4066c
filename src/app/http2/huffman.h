// The Huffman code of HPACK (RFC 7541 section 5.2, appendix B).
#pragma once

#include "app/http/text_arena.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::http2 {

/// Appends what `in` stands for. @return false when it is not the code's: a symbol that does not exist, the end symbol,
/// or padding that is none
bool decode_huffman(Bytes in, http::TextArena& out) noexcept;

}  // namespace sekisho::app::http2
