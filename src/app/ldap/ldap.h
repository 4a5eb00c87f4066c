// LDAP's lines of the parser table.
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app {

extern const Parser kLdapTcp;
extern const Parser kLdapUdp;  ///< connectionless LDAP: a domain controller is looked for with it

}  // namespace sekisho::app
