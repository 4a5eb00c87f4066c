// Tells the sink the fields that a head gives: shared by requests and responses.
#pragma once

#include "app/http/headers.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::http {

/// Memory for the text that one head needs: joined values and one field at a time, on the stack. Two sizes,
/// so that the usual head does not walk over untouched pages.
template <class Use>
void with_head_arena(std::size_t head_size, Use&& use) noexcept {
    constexpr std::size_t kUsual = KiB(4);
    const auto run = [&]<std::size_t Size>() __attribute__((noinline)) {
        std::uint8_t memory[4 * Size + KiB(4)];
        TextArena arena({memory, sizeof(memory)});
        use(arena);
    };
    if (head_size <= kUsual) {
        run.template operator()<kUsual>();
    } else {
        run.template operator()<kHttpHeadMax>();
    }
}

struct HeadText {
    std::string_view line;   ///< start line without its end
    std::string_view block;  ///< header lines as sent, with the empty one
};

/// Header fields by name, the normal and raw blocks, names and start. Leaves the arena as it was.
void put_headers(TxId tx, Direction direction, const HeadText& head, const HeaderList& headers, TextArena& arena,
                 FieldSink& out) noexcept;
/// Events for what was odd about the head.
void put_oddities(TxId tx, Direction direction, const HeaderList& headers, FieldSink& out) noexcept;

}  // namespace sekisho::app::http
