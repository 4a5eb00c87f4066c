#include "signature/inflate.h"

#include <zlib.h>

#include <cstddef>

#include "sekisho/base/bytes.h"

namespace sekisho::signature {
namespace {

// zlib's state (about 7 KiB) is placed here. Its window of 32 KiB is asked for only when more output is to follow in a
// further step: refused, it ends the stream, and that is what is wanted.
struct Space {
    alignas(std::max_align_t) std::byte octets[KiB(10)];
    std::size_t used = 0;
};

voidpf take(voidpf opaque, uInt items, uInt size) noexcept {
    auto& space = *static_cast<Space*>(opaque);
    const std::size_t wanted = (std::size_t{items} * size + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    if (wanted > sizeof space.octets - space.used) return nullptr;
    std::byte* place = space.octets + space.used;
    space.used += wanted;
    return place;
}

void give_back(voidpf, voidpf) noexcept {}

}  // namespace

Bytes inflate_into(Compression compression, Bytes in, MutableBytes out) noexcept {
    constexpr int kWindowBits = 15, kGzip = 16;
    Space space;
    z_stream stream{};
    stream.zalloc = take;
    stream.zfree = give_back;
    stream.opaque = &space;
    if (inflateInit2(&stream, compression == Compression::gzip ? kWindowBits + kGzip : kWindowBits) != Z_OK) return {};
    stream.next_in = const_cast<Bytef*>(in.data());  // zlib reads it only
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    inflate(&stream, Z_FINISH);
    const std::size_t written = out.size() - stream.avail_out;
    inflateEnd(&stream);
    return out.first(written);
}

}  // namespace sekisho::signature
