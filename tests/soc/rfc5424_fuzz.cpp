// Any bytes in an alert's texts: each dialect gives a message that a strict RFC 5424 parser takes, within
// 2048 octets, also when it carries the mark of a resend.
#include <cstdint>
#include <cstdlib>

#include "sekisho/soc/format.h"
#include "soc/syslog_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    event::Alert a;
    std::string* const fields[] = {&a.signature,  &a.category, &a.app,       &a.target,    &a.url,       &a.class_name, &a.cause,
                                   &a.title.ja,   &a.title.en, &a.reason.ja, &a.reason.en, &a.advice.ja, &a.advice.en};
    // Each octet 0x00 moves on to the next field, so that one input fills them all.
    std::string box;
    std::size_t at = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (data[i] == 0) ++at;
        else fields[at % std::size(fields)]->push_back(static_cast<char>(data[i]));
        if (i < 64) box += static_cast<char>(data[i]);
    }
    a.severity = static_cast<event::Severity>(size % 3);
    a.sid = static_cast<std::uint32_t>(size);
    for (const auto& dialect : soc::dialects()) {
        const std::string text = dialect.format(a, {.box = box, .number = size, .process = 1});
        if (text.size() > soc::kFormatMaxOctets || !soc_test::SyslogParser::parse(text)) std::abort();
        const std::string marked = soc::mark_resent(text);
        if (marked.size() > soc::kMessageMaxOctets || marked == text || !soc_test::SyslogParser::parse(marked)) std::abort();
    }
    return 0;
}
