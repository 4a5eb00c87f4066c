// The operations of LDAP: what each is called, who sends it, and how its content begins.
#pragma once

#include <cstdint>
#include <string_view>

#include "sekisho/app/ldap_words.h"

namespace sekisho::app::ldap {

/// How the content of an operation begins, or what it is.
enum class Shape : std::uint8_t {
    nothing,    ///< unbind: NULL
    number,     ///< abandon: the message that is meant
    name,       ///< delete: a DN, without a tag of its own
    bind,       ///< version, DN, authentication
    about_dn,   ///< a DN first, more behind it
    extended,   ///< [0] name, [1] value
    result,     ///< LDAPResult: code, DN, message
    reference,  ///< URIs
};

struct Operation {
    LdapOperation code;
    std::string_view name;
    Shape shape;
    bool request;
    bool ends;  ///< no (further) response follows it

    /// Tag of the protocolOp (RFC 4511 section 4.1.1): [APPLICATION n], constructed where there are parts.
    constexpr std::uint8_t tag() const noexcept {
        const bool primitive = shape == Shape::nothing || shape == Shape::number || shape == Shape::name;
        return static_cast<std::uint8_t>(0x40 | (primitive ? 0 : 0x20) | static_cast<unsigned>(code));
    }
};

/// The operation of a tag; null when there is none.
const Operation* find_operation(std::uint8_t tag) noexcept;

}  // namespace sekisho::app::ldap
