// The procedures of NFS versions 2 and 3 and the operations of version 4's COMPOUND: their names, how their arguments and
// results are laid out, and what they do for files (RFC 1094, RFC 1813, RFC 7530, RFC 8881, RFC 7862).
#pragma once

#include <cstdint>
#include <string_view>

namespace sekisho::app::rpc {

/// What a procedure means to whoever follows files.
enum class Role : std::uint8_t {
    none,
    name,       ///< asks for a file by its name
    read,       ///< its results hold content
    write,      ///< its arguments hold content
    finish,     ///< the content is whole
    // Operations of a compound about the current file:
    get_handle, ///< its results say which handle it has
    root,
    parent,
    save,
    restore,
};

struct Procedure {
    std::uint32_t number;
    std::string_view name;
    std::string_view arguments;  ///< letters: layout.h. What follows the last one is not read, but in compounds
    std::string_view results;    ///< likewise, behind the status
    Role role = Role::none;
};

constexpr std::uint32_t kCompound = 1;  ///< version 4's only procedure but NULL

/// Null when there is no such one. Thread: any.
const Procedure* find_procedure(std::uint32_t version, std::uint32_t number) noexcept;
const Procedure* find_operation(std::uint32_t number) noexcept;

}  // namespace sekisho::app::rpc
