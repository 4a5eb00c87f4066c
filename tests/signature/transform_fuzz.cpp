// The first octet chooses up to three transforms and the second the size of the scratch; the rest is the buffer. The
// result lies in the input or in the scratch.
#include "sekisho/signature/transform.h"

#include <array>

namespace {

using namespace sekisho::signature;

/// Numbers of a transform that has some, made of one octet.
Transform transform(TransformKind kind, std::uint8_t number, const std::shared_ptr<const Regex>& expression) {
    Transform made{kind, "key", expression};
    const std::uint32_t low = number & 15u, high = number >> 4;
    switch (kind) {
        case TransformKind::from_base64: made.part = Base64Part{low, high, static_cast<Base64Mode>(number % 3)}; break;
        case TransformKind::xor_key: made.part = XorPart{low, high, low & 3}; break;
        case TransformKind::gunzip:
        case TransformKind::zlib_deflate: made.part = InflateLimit{number + 1u}; break;
        case TransformKind::subslice:
            made.part = Subslice{static_cast<std::int32_t>(low) - 8, static_cast<std::int32_t>(high) - 8, number % 2 == 0};
            break;
        default: break;
    }
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    using namespace sekisho::signature;
    if (size < 3) return 0;
    static const auto expression = *Regex::compile("a(.*)z", "s");
    static RegexScratch regex;
    constexpr unsigned kKinds = static_cast<unsigned>(TransformKind::json_decode) + 1;
    std::vector<Transform> transforms;
    for (unsigned choice = data[0] + 256u * data[2]; transforms.size() < 3; choice /= kKinds)
        transforms.push_back(transform(static_cast<TransformKind>(choice % kKinds), data[1], expression));
    static std::array<std::uint8_t, 4096> memory;
    const MutableBytes scratch(memory.data(), static_cast<std::size_t>(data[1]) * 8);
    const Bytes in(data + 3, size - 3);
    const Bytes out = apply_transforms(transforms, in, scratch, regex);
    const bool in_input = out.data() >= in.data() && out.data() + out.size() <= in.data() + in.size();
    const bool in_scratch = out.data() >= scratch.data() && out.data() + out.size() <= scratch.data() + scratch.size();
    if (!out.empty() && !in_input && !in_scratch) __builtin_trap();
    return 0;
}
