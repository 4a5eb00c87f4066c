// Any octets as an archive, whole, one by one and in sevens: the same members, within the limits.
#include "sekisho/file/archive.h"

#include <cstdlib>
#include <memory>

#include "support/member_recorder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const Bytes in{data, size};
    const auto whole = testing::read_members(in, size + 1);
    std::uint64_t octets = 0;
    for (const auto& member : whole) octets += member.content.size();
    if (octets > file::kArchiveOutputMax || whole.size() > file::kArchiveMembersMax) std::abort();
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}})
        if (testing::read_members(in, piece) != whole) std::abort();
    return 0;
}
