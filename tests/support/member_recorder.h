// Members of an archive, written down: for tests and fuzz targets of the file room.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/file/archive.h"

namespace sekisho::testing {

struct RecordedMember {
    std::string name;
    std::string content;
    bool ended = false;
    bool operator==(const RecordedMember&) const = default;
};

class MemberRecorder final : public file::MemberSink {
  public:
    void member_begin(std::string_view name) noexcept override { members.push_back({std::string(name), "", false}); }
    void member_piece(Bytes piece) noexcept override { members.back().content += as_text(piece); }
    void member_end() noexcept override { members.back().ended = true; }
    std::vector<RecordedMember> members;
};

/// @param piece  octets given at a time
inline std::vector<RecordedMember> read_members(Bytes in, std::size_t piece) {
    const auto archive = std::make_unique<file::Archive>(file::archive_kind(in));
    MemberRecorder recorder;
    for (std::size_t at = 0; at < in.size(); at += piece)
        archive->write(in.subspan(at, std::min(piece, in.size() - at)), recorder);
    archive->finish(recorder);
    return recorder.members;
}

}  // namespace sekisho::testing
