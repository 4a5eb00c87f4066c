#include "app/http2/hpack.h"

#include <algorithm>
#include <cstring>

#include "app/http2/huffman.h"

namespace sekisho::app::http2 {
namespace {

// RFC 7541 appendix A.
constexpr HeaderText kStatic[] = {
    {":authority", ""}, {":method", "GET"}, {":method", "POST"}, {":path", "/"}, {":path", "/index.html"}, {":scheme", "http"},
    {":scheme", "https"}, {":status", "200"}, {":status", "204"}, {":status", "206"}, {":status", "304"}, {":status", "400"},
    {":status", "404"}, {":status", "500"}, {"accept-charset", ""}, {"accept-encoding", "gzip, deflate"}, {"accept-language", ""},
    {"accept-ranges", ""}, {"accept", ""}, {"access-control-allow-origin", ""}, {"age", ""}, {"allow", ""}, {"authorization", ""},
    {"cache-control", ""}, {"content-disposition", ""}, {"content-encoding", ""}, {"content-language", ""}, {"content-length", ""},
    {"content-location", ""}, {"content-range", ""}, {"content-type", ""}, {"cookie", ""}, {"date", ""}, {"etag", ""}, {"expect", ""},
    {"expires", ""}, {"from", ""}, {"host", ""}, {"if-match", ""}, {"if-modified-since", ""}, {"if-none-match", ""}, {"if-range", ""},
    {"if-unmodified-since", ""}, {"last-modified", ""}, {"link", ""}, {"location", ""}, {"max-forwards", ""}, {"proxy-authenticate", ""},
    {"proxy-authorization", ""}, {"range", ""}, {"referer", ""}, {"refresh", ""}, {"retry-after", ""}, {"server", ""}, {"set-cookie", ""},
    {"strict-transport-security", ""}, {"transfer-encoding", ""}, {"user-agent", ""}, {"vary", ""}, {"via", ""}, {"www-authenticate", ""},
};
static_assert(std::size(kStatic) == 61);

}  // namespace

void DynamicTable::drop_oldest() noexcept {
    used_ -= cost(oldest());
    --count_;
}

void DynamicTable::set_limit(std::uint64_t octets) noexcept {
    limit_ = static_cast<std::size_t>(std::min<std::uint64_t>(octets, kHttp2TableMax));
    while (used_ > limit_) drop_oldest();
}

void DynamicTable::add(HeaderText header) noexcept {
    const std::size_t size = header.name.size() + header.value.size();
    while (count_ != 0 && used_ + size + kOverhead > limit_) drop_oldest();
    if (size + kOverhead > limit_) return;  // the table is emptied, section 4.4
    if (text_end_ + size > text_.size()) {
        // The live text lies in one piece, oldest first.
        const std::size_t begin = count_ == 0 ? text_end_ : oldest().at;
        std::memmove(text_.data(), text_.data() + begin, text_end_ - begin);
        for (std::size_t i = 0; i < count_; ++i) {
            Entry& entry = entries_[(newest_ + i) % kEntriesMax];
            entry.at = static_cast<std::uint16_t>(entry.at - begin);
        }
        text_end_ -= begin;
    }
    newest_ = (newest_ + kEntriesMax - 1) % kEntriesMax;
    entries_[newest_] = {static_cast<std::uint16_t>(text_end_), static_cast<std::uint16_t>(header.name.size()),
                         static_cast<std::uint16_t>(header.value.size())};
    for (const std::string_view part : {header.name, header.value}) {
        std::copy(part.begin(), part.end(), text_.begin() + static_cast<std::ptrdiff_t>(text_end_));
        text_end_ += part.size();
    }
    ++count_;
    used_ += size + kOverhead;
}

bool DynamicTable::find(std::size_t index, HeaderText& header) const noexcept {
    if (index >= count_) return false;
    const Entry& entry = entries_[(newest_ + index) % kEntriesMax];
    header.name = {text_.data() + entry.at, entry.name};
    header.value = {text_.data() + entry.at + entry.name, entry.value};
    return true;
}

// Section 5.1. Five octets hold more than 32 bits; a longer one is no size that anyone means.
bool BlockReader::take_integer(unsigned prefix_bits, std::uint32_t& value) noexcept {
    const std::uint32_t prefix = (1u << prefix_bits) - 1;
    value = in_[0] & prefix;
    in_ = in_.subspan(1);
    if (value < prefix) return true;
    std::uint64_t sum = value;
    for (unsigned shift = 0; shift <= 28; shift += 7) {
        if (in_.empty()) return false;
        const std::uint8_t octet = in_[0];
        in_ = in_.subspan(1);
        sum += static_cast<std::uint64_t>(octet & 0x7f) << shift;
        if ((octet & 0x80) != 0) continue;
        value = static_cast<std::uint32_t>(sum);
        return sum <= UINT32_MAX;
    }
    return false;
}

bool BlockReader::take_text(std::string_view& text) noexcept {
    if (in_.empty()) return false;
    const bool huffman = (in_[0] & 0x80) != 0;
    std::uint32_t size = 0;
    if (!take_integer(7, size) || size > in_.size()) return false;
    const Bytes octets = in_.first(size);
    in_ = in_.subspan(size);
    const char* mark = arena_.mark();
    if (!huffman) arena_.append(as_text(octets));
    else if (!decode_huffman(octets, arena_)) return false;
    text = arena_.since(mark);
    return true;
}

bool BlockReader::find(std::uint32_t index, HeaderText& header) noexcept {
    if (index == 0) return false;
    if (index > std::size(kStatic)) return table_.find(index - 1 - std::size(kStatic), header);
    header = kStatic[index - 1];
    return true;
}

BlockReader::Item BlockReader::next() noexcept {
    if (in_.empty()) return Item::end;
    const std::uint8_t first = in_[0];
    std::uint32_t index = 0;
    if ((first & 0xe0) == 0x20) {  // section 6.3
        if (!take_integer(5, size_update_)) return fail(HpackFault::bad_integer);
        table_.set_limit(size_update_);
        return Item::size_update;
    }
    const bool indexed = (first & 0x80) != 0;
    const bool remembered = (first & 0xc0) == 0x40;
    if (!take_integer(indexed ? 7 : remembered ? 6 : 4, index)) return fail(HpackFault::bad_integer);
    HeaderText found;
    if ((indexed || index != 0) && !find(index, found)) return fail(HpackFault::bad_index);
    // The table may give up the entry that it was found in: the text is copied.
    if (indexed || index != 0) header_.name = arena_.join(found.name);
    else if (!take_text(header_.name)) return fail(HpackFault::bad_text);
    if (indexed) header_.value = arena_.join(found.value);
    else if (!take_text(header_.value)) return fail(HpackFault::bad_text);
    if (arena_.full()) return fail(HpackFault::cut);
    if (remembered) table_.add(header_);
    return Item::header;
}

}  // namespace sekisho::app::http2
