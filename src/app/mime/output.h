// Where the pieces of a mail go during one call: decoded octets are gathered on the stack and told together.
#pragma once

#include <array>

#include "app/mime/mime.h"

namespace sekisho::app::mime {

class Mime::Output {
  public:
    Output(TxId mail, Direction way, FieldSink& to, bool first_piece) noexcept
        : tx(mail), direction(way), sink(to), first(first_piece) {}

    /// Room for `octets` more; told are those that `add` names.
    MutableBytes room(std::size_t octets) noexcept {
        if (octets > gathered_.size() - used_) flush();
        return MutableBytes(gathered_).subspan(used_);
    }
    void add(std::size_t octets) noexcept { used_ += octets; }
    void flush() noexcept {
        if (used_ == 0) return;
        sink.body(tx, direction, Field::file_data, Bytes(gathered_).first(used_), {first, false});
        first = false;
        used_ = 0;
    }
    void last() noexcept {
        flush();
        sink.body(tx, direction, Field::file_data, {}, {first, true});
        first = false;
    }

    TxId tx;
    Direction direction;
    FieldSink& sink;
    bool first;   ///< nothing of the file was told yet

  private:
    std::array<std::uint8_t, KiB(4)> gathered_;
    std::size_t used_ = 0;
};

}  // namespace sekisho::app::mime
