// Operations of LDAP (RFC 4511 section 4.2 and following): the numbers of their tags, which parser and keywords share.
#pragma once

#include <cstdint>

// X(name, number)
#define SEKISHO_LDAP_OPERATIONS(X)                                                                        \
    X(bind_request, 0)                                                                                    \
    X(bind_response, 1)                                                                                   \
    X(unbind_request, 2)                                                                                  \
    X(search_request, 3)                                                                                  \
    X(search_result_entry, 4)                                                                             \
    X(search_result_done, 5)                                                                              \
    X(modify_request, 6)                                                                                  \
    X(modify_response, 7)                                                                                 \
    X(add_request, 8)                                                                                     \
    X(add_response, 9)                                                                                    \
    X(del_request, 10)                                                                                    \
    X(del_response, 11)                                                                                   \
    X(mod_dn_request, 12)                                                                                 \
    X(mod_dn_response, 13)                                                                                \
    X(compare_request, 14)                                                                                \
    X(compare_response, 15)                                                                               \
    X(abandon_request, 16)                                                                                \
    X(search_result_reference, 19)                                                                        \
    X(extended_request, 23)                                                                               \
    X(extended_response, 24)                                                                              \
    X(intermediate_response, 25)

namespace sekisho::app {

enum class LdapOperation : std::uint8_t {
#define SEKISHO_LDAP_OPERATION(name, number) name = number,
    SEKISHO_LDAP_OPERATIONS(SEKISHO_LDAP_OPERATION)
#undef SEKISHO_LDAP_OPERATION
};
constexpr std::uint32_t kLdapOperationMax = 25;

}  // namespace sekisho::app
