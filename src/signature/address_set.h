// Text of a header's address and port parts to sets.
#pragma once

#include <string_view>

#include "sekisho/base/result.h"
#include "sekisho/signature/parser.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

/// "any", "10.0.0.0/8", "192.0.2.1-192.0.2.9", "$HOME_NET", "[...]", each with "!" in front.
/// @error invalid: the member that is wrong and why; sets without a member are wrong too
Result<AddressSet> parse_addresses(std::string_view text, const Variables& variables);

/// "any", "80", "1024:", ":1023", "$HTTP_PORTS", "[...]", each with "!" in front. @error as above
Result<PortSet> parse_ports(std::string_view text, const Variables& variables);

}  // namespace sekisho::signature
