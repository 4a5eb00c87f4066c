#include "signature/keywords/byte_fetch.h"

#include "sekisho/base/text.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::int64_t kBinaryMax = 8;   // octets
constexpr std::int64_t kStringMax = 23;  // digits of 2^64 in octal, with prefix

struct BaseWord {
    std::string_view word;
    std::uint8_t base;
};
constexpr BaseWord kBases[] = {{"hex", 16}, {"dec", 10}, {"oct", 8}};

}  // namespace

std::vector<std::string_view> words_of(std::string_view value) {
    auto words = split(value, ',');
    for (auto& word : words) word = trim(word);
    return words;
}

bool word_value(std::string_view word, std::string_view name, std::string_view& value) {
    if (!word.starts_with(name)) return false;
    const auto rest = word.substr(name.size());
    if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) return false;
    value = trim(rest);
    return true;
}

Result<bool> read_fetch_word(std::string_view word, ByteFetch& fetch) {
    std::string_view value;
    if (word_value(word, "bitmask", value)) {
        const bool hex = starts_with_nocase(value, "0x");
        const auto mask = parse_number(hex ? std::string(value) : "0x" + std::string(value), 1, 0xffffffff);
        if (!mask) return fail(mask.error());
        fetch.bitmask = static_cast<std::uint32_t>(*mask);
        return true;
    }
    for (const auto& base : kBases) {
        if (word != base.word) continue;
        if (fetch.base != 0) return wrong("hex, dec and oct exclude each other");
        fetch.base = base.base;
        return true;
    }
    if (word == "relative")
        fetch.relative = true;
    else if (word == "string")
        fetch.is_string = true;
    else if (word == "big")
        fetch.endian = Endian::big;
    else if (word == "little")
        fetch.endian = Endian::little;
    else if (word == "dce")
        fetch.endian = Endian::dce;
    else
        return false;
    return true;
}

Status check_fetch(const ByteFetch& fetch) {
    if (fetch.base != 0 && !fetch.is_string) return wrong("hex, dec and oct need the word string");
    if (fetch.count.is_variable) return {};
    const auto max = fetch.is_string ? kStringMax : kBinaryMax;
    if (fetch.count.value > max)
        return wrong("it takes at most " + std::to_string(max) + " octets " + (fetch.is_string ? "of text" : "of binary"));
    return {};
}

}  // namespace sekisho::signature
