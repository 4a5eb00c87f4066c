#include "app/rpc/tell.h"

#include <array>

#include "app/detail.h"

namespace sekisho::app::rpc {

void put_procedure(TxId tx, std::uint32_t number, FieldSink& out) noexcept {
    const std::array<std::uint8_t, 4> octets = {static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
                                                static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    out.put(tx, Field::nfs_procedure, octets);
}

void tell_names(TxId tx, const Found& found, FieldSink& out) noexcept {
    if (found.names > 0) put_detail(out, tx, "filename", as_text(found.name));
    if (found.names > 1) put_detail(out, tx, "new_name", as_text(found.new_name));
}

}  // namespace sekisho::app::rpc
