// The head of any server's answer: what is kept of it can be sent back without changing the request.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fetch/answer_head.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/text.h"

using namespace sekisho;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fetch::AnswerHead head;
    for (const std::string_view line : split(as_text({data, size}), '\n')) head.line(line);
    const std::string& tag = head.etag();
    if (tag.size() > fetch::AnswerHead::kEtagMaxBytes) std::abort();
    if (!tag.empty() && (!fetch::is_entity_tag(tag) || tag.find_first_of("\r\n") != std::string::npos)) std::abort();
    return 0;
}
