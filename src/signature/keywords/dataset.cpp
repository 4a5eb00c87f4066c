// dataset:isset|isnotset,name,type string|md5|sha256|ipv4|ip,load FILE[,state FILE][,memcap N][,hashsize N]
#include "sekisho/signature/dataset.h"

#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"

namespace sekisho::signature {
namespace {

// Rules come from elsewhere: a file must lie in the rules' folder.
bool stays_inside(std::string_view file) {
    return !file.empty() && file.front() != '/' && file != ".." && !file.starts_with("../") &&
           file.find("/../") == std::string_view::npos && !file.ends_with("/..");
}

}  // namespace

Status parse_dataset(RuleBuilder& builder, const Use& use) {
    const auto words = words_of(use.value);
    if (words.size() < 3) return wrong("the form is 'isset|isnotset,name,type T,load FILE'");
    if (!builder.sticky()) return wrong("it needs a sticky buffer before it");
    DatasetTest test;
    if (words[0] == "isnotset")
        test.negated = true;
    else if (words[0] != "isset")
        return wrong("'" + std::string(words[0]) + "' is not supported: isset or isnotset; sets do not change while "
                     "packets flow");
    std::string_view file;
    std::optional<DatasetType> type;
    for (std::size_t i = 2; i < words.size(); ++i) {
        std::string_view value;
        if (word_value(words[i], "type", value)) {
            type = parse_dataset_type(value);
            if (!type) return wrong("'" + std::string(value) + "' is not string, md5, sha256, ipv4 or ip");
        } else if (word_value(words[i], "load", value) || word_value(words[i], "state", value)) {
            file = value;
        } else if (!word_value(words[i], "memcap", value) && !word_value(words[i], "hashsize", value)) {
            return wrong("unknown word '" + std::string(words[i]) + "'");
        }
    }
    if (!type) return wrong("'type string' (or md5, sha256, ipv4, ip) is missing");
    if (!stays_inside(file)) return wrong("'load FILE' with a file below the rules' folder is missing");
    const std::string path = builder.context().rules_folder.empty()
                                 ? std::string(file) : builder.context().rules_folder + "/" + std::string(file);
    auto set = load_dataset(path, *type);
    if (!set) return wrong(set.error().message());
    test.set = std::move(*set);
    builder.add(std::move(test));
    return {};
}

}  // namespace sekisho::signature
