// Views of octets and of text, and the conversions between them. Views never own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sekisho {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

/// The octets of a text. The view lives as long as the text.
inline Bytes as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The octets read as text (no validation, no conversion).
inline std::string_view as_text(Bytes bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::size_t KiB(std::size_t n) noexcept { return n << 10; }
constexpr std::size_t MiB(std::size_t n) noexcept { return n << 20; }

}  // namespace sekisho
