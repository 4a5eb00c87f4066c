// ftpdata_command:retr|stor: which way the file of an FTP data connection goes (RFC 959 section 4.1.3).
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {

Status parse_ftpdata_command(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::ftp_data, use.keyword.name); !good) return good;
    const bool stor = equals_nocase(use.value, "stor");
    if (!stor && !equals_nocase(use.value, "retr")) return wrong("it is retr or stor");
    FactTest test;
    test.fact = app::Fact::ftp_data_command;
    test.low = stor ? 2 : 1;
    builder.rule().fact_tests.push_back(test);
    return {};
}

}  // namespace sekisho::signature
