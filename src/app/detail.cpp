#include "app/detail.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace sekisho::app {
namespace {

constexpr std::size_t kKeyMax = 40;

class Line {
  public:
    Line(std::string_view key, char sign) noexcept {
        put(key.substr(0, kKeyMax));
        put(std::string_view(&sign, 1));
    }
    void put(std::string_view text) noexcept {
        const std::size_t n = std::min(text.size(), text_.size() - size_);
        if (n != 0) std::memcpy(text_.data() + size_, text.data(), n);
        size_ += n;
    }
    void put(std::uint64_t number, int base = 10, std::size_t width = 1) noexcept {
        char digits[20];
        const auto end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
        const auto size = static_cast<std::size_t>(end - digits);
        for (std::size_t i = size; i < width; ++i) put("0");
        put(std::string_view(digits, size));
    }
    void tell(FieldSink& out, TxId tx) const noexcept { out.put(tx, Field::detail, as_bytes(std::string_view(text_.data(), size_))); }

  private:
    std::array<char, kKeyMax + 1 + kDetailTextMax> text_;
    std::size_t size_ = 0;
};

}  // namespace

void put_detail(FieldSink& out, TxId tx, std::string_view key, std::string_view text) noexcept {
    if (text.empty()) return;
    Line line(key, '=');
    line.put(text);
    line.tell(out, tx);
}

void put_detail(FieldSink& out, TxId tx, std::string_view key, std::uint64_t number) noexcept {
    Line line(key, ':');
    line.put(number);
    line.tell(out, tx);
}

void put_detail_address(FieldSink& out, TxId tx, std::string_view key, Bytes address) noexcept {
    if (address.size() != 4 && address.size() != 16) return;
    Line line(key, '=');
    const bool v6 = address.size() == 16;
    for (std::size_t i = 0; i < address.size(); i += v6 ? 2 : 1) {
        if (i != 0) line.put(v6 ? ":" : ".");
        if (v6) line.put(static_cast<std::uint64_t>(address[i] << 8 | address[i + 1]), 16, 4);
        else line.put(static_cast<std::uint64_t>(address[i]));
    }
    line.tell(out, tx);
}

void put_detail_hex(FieldSink& out, TxId tx, std::string_view key, Bytes octets) noexcept {
    Line line(key, '=');
    for (std::size_t i = 0; i < octets.size(); ++i) {
        if (i != 0) line.put(":");
        line.put(static_cast<std::uint64_t>(octets[i]), 16, 2);
    }
    line.tell(out, tx);
}

}  // namespace sekisho::app
