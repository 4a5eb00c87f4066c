// pcre:"/expression/letters". Letters in lower case, A, E, G and O change the expression; R makes it relative;
// the other capital letters name the buffer that it looks at.
#include <algorithm>

#include "sekisho/base/text.h"
#include "sekisho/signature/regex.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

struct BufferLetter {
    char letter;
    app::Field field;
};
constexpr BufferLetter kBufferLetters[] = {
    {'U', app::Field::http_uri},          {'I', app::Field::http_uri_raw},     {'H', app::Field::http_header},
    {'D', app::Field::http_header_raw},   {'M', app::Field::http_method},      {'C', app::Field::http_cookie},
    {'P', app::Field::http_request_body}, {'Q', app::Field::file_data}, {'S', app::Field::http_stat_code},
    {'Y', app::Field::http_stat_msg},     {'V', app::Field::http_user_agent},  {'W', app::Field::http_host},
    {'Z', app::Field::http_host_raw},
};

struct Letters {
    std::string options;
    std::optional<app::Field> field;
    bool relative = false;
    bool raw = false;
};

Result<Letters> read_letters(std::string_view text) {
    Letters letters;
    for (const char c : text) {
        if (std::string_view("ismxAEGO").find(c) != std::string_view::npos) {
            letters.options.push_back(c);
            continue;
        }
        if (c == 'R') {
            letters.relative = true;
            continue;
        }
        if (c == 'B') {
            letters.raw = true;
            continue;
        }
        const auto* known = std::find_if(std::begin(kBufferLetters), std::end(kBufferLetters),
                                         [c](const BufferLetter& b) { return b.letter == c; });
        if (known == std::end(kBufferLetters)) return wrong(std::string("unknown letter '") + c + "' after the expression");
        if (letters.field && *letters.field != known->field) return wrong("the letters name two buffers");
        letters.field = known->field;
    }
    if (letters.raw && letters.field) return wrong("letter B means the payload; it does not go together with a buffer");
    return letters;
}

// The host buffer is lower case, so an upper-case letter in the expression can never match.
bool has_upper_case(std::string_view expression) {
    for (std::size_t i = 0; i < expression.size(); ++i) {
        if (expression[i] == '\\') {
            ++i;
            continue;
        }
        if (expression[i] >= 'A' && expression[i] <= 'Z') return true;
    }
    return false;
}

}  // namespace

Status parse_pcre(RuleBuilder& builder, const Use& use) {
    const auto last_slash = use.value.rfind('/');
    if (use.value.size() < 2 || use.value.front() != '/' || last_slash == 0)
        return wrong("the form is \"/expression/letters\"");
    const std::string_view expression = use.value.substr(1, last_slash - 1);
    // After the letters may stand names for what the groups capture ("flow:user,pkt:id"): nobody reads them here.
    const std::string_view tail = use.value.substr(last_slash + 1);
    auto letters = read_letters(trim(tail.substr(0, tail.find(','))));
    if (!letters) return fail(letters.error());
    if (letters->field == app::Field::http_host && has_upper_case(expression))
        return wrong("the host is lower case: an upper-case letter in the expression never matches");

    auto regex = Regex::compile(expression, letters->options, letters->relative);
    if (!regex) return fail(regex.error());
    Pcre pcre;
    pcre.regex = std::move(*regex);
    pcre.text = use.value;
    pcre.negated = use.negated;
    pcre.relative = letters->relative;
    if (!letters->field) {
        builder.add(std::move(pcre));
        return {};
    }
    // Q means file.data, of which http.response_body is the response's: that buffer, when it is the one at hand.
    if (letters->field == app::Field::file_data && builder.active_field() == app::Field::http_response_body)
        letters->field = app::Field::http_response_body;
    if (auto http = builder.require_protocol(app::Protocol::http, "pcre"); !http) return http;
    return builder.add_to(*letters->field, std::move(pcre), true);
}

}  // namespace sekisho::signature
