// What byte_test, byte_jump, byte_extract and byte_math share: comma-separated words and the way a number is
// taken out of the buffer.
#pragma once

#include <string_view>
#include <vector>

#include "signature/keywords/keyword.h"

namespace sekisho::signature {

std::vector<std::string_view> words_of(std::string_view value);

/// Reads one of: relative, big, little, dce, string, hex, dec, oct, bitmask N.
/// True when the word was one of them. @error a bitmask that is none
Result<bool> read_fetch_word(std::string_view word, ByteFetch& fetch);

/// The value after the first blank of "name value", when the word has this name.
bool word_value(std::string_view word, std::string_view name, std::string_view& value);

/// Counts that the wire format allows, hex/dec/oct only with string, and so on.
Status check_fetch(const ByteFetch& fetch);

constexpr std::int64_t kFetchOffsetMax = 65535;

}  // namespace sekisho::signature
