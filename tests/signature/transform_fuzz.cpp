// The first octet chooses up to three transforms and the second the size of the scratch; the rest is the buffer. The
// result lies in the input or in the scratch.
#include "sekisho/signature/transform.h"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    using namespace sekisho::signature;
    if (size < 3) return 0;
    static const auto expression = *Regex::compile("a(.*)z", "s");
    static RegexScratch regex;
    constexpr unsigned kKinds = static_cast<unsigned>(TransformKind::strip_pseudo_headers) + 1;
    std::vector<Transform> transforms;
    for (unsigned choice = data[0] | data[2] << 8u; transforms.size() < 3; choice /= kKinds)
        transforms.push_back({static_cast<TransformKind>(choice % kKinds), "key", expression});
    static std::array<std::uint8_t, 4096> memory;
    const MutableBytes scratch(memory.data(), static_cast<std::size_t>(data[1]) * 8);
    const Bytes in(data + 3, size - 3);
    const Bytes out = apply_transforms(transforms, in, scratch, regex);
    const bool in_input = out.data() >= in.data() && out.data() + out.size() <= in.data() + in.size();
    const bool in_scratch = out.data() >= scratch.data() && out.data() + out.size() <= scratch.data() + scratch.size();
    if (!out.empty() && !in_input && !in_scratch) __builtin_trap();
    return 0;
}
