// isdataat:[!]N[,relative][,rawbytes]: at least N+1 octets are there; relative: N behind the last match.
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {

Status parse_isdataat(RuleBuilder& builder, const Use& use) {
    IsDataAt test;
    bool first = true;
    for (auto word : split(use.value, ',')) {
        word = trim(word);
        if (first) {
            first = false;
            if (word.starts_with('!')) {
                test.negated = true;
                word = trim(word.substr(1));
            }
            auto at = builder.operand(word, 0, 65535);
            if (!at) return fail(at.error());
            test.at = *at;
        } else if (word == "relative") {
            test.relative = true;
        } else if (word != "rawbytes") {
            return wrong("'" + std::string(word) + "' is neither relative nor rawbytes");
        }
    }
    builder.add_near_last_match(test, test.relative);
    return {};
}

}  // namespace sekisho::signature
