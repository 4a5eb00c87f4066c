#include "sekisho/signature/keyword_docs.h"

#include "sekisho/app/field.h"
#include "signature/keywords/keyword.h"

namespace sekisho::signature {
namespace {

std::string_view argument_words(Argument argument) {
    switch (argument) {
        case Argument::none: return "none";
        case Argument::optional: return "optional";
        case Argument::required: return "yes";
        case Argument::quotable:
        case Argument::quoted: return "in quotes, `!` negates";
    }
    return {};
}

std::string_view direction_words(app::FieldDirection direction) {
    switch (direction) {
        case app::FieldDirection::to_server: return "to server";
        case app::FieldDirection::to_client: return "to client";
        case app::FieldDirection::both:
        case app::FieldDirection::either: return "both";
    }
    return {};
}

std::string cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '|') escaped.push_back('\\');
        escaped.push_back(c);
    }
    return escaped;
}

}  // namespace

std::string keywords_markdown() {
    std::string text =
        "# Rule keywords\n\n"
        "The rule language is that of Suricata 7. This page is written from `src/signature/keywords/table.cpp` and\n"
        "`include/sekisho/app/field.h`; a test compares it with them.\n\n"
        "## Sticky buffers\n\n"
        "What follows a sticky buffer is tested in it, until the next one or `pkt_data`.\n\n"
        "| buffer | direction | content |\n| --- | --- | --- |\n";
    for (const auto& field : app::kFields) {
        const Keyword* keyword = find_keyword(field.name);
        if (!keyword || field.kind == app::FieldKind::record) continue;
        text += "| `" + std::string(field.name) + "` | " + std::string(direction_words(field.direction)) + " | " + cell(field.help) + " |\n";
    }
    text += "\n## Frames\n\n"
            "`frame:NAME` is a sticky buffer over a stretch of the bytes as sent, which the protocol's parser announces. Under\n"
            "the protocol's header word the first part of the name may be left out. `stream` goes with every protocol over TCP.\n\n"
            "| frame | content |\n| --- | --- |\n";
    for (const auto& field : app::kFields)
        if (field.kind == app::FieldKind::frame) text += "| `" + std::string(field.name) + "` | " + cell(field.help) + " |\n";
    text += "\n## Keywords\n\n| keyword | argument | meaning |\n| --- | --- | --- |\n";
    for (const Keyword& keyword : keyword_table())
        text += "| `" + std::string(keyword.name) + "` | " + std::string(argument_words(keyword.argument)) + " | " + cell(keyword.help) + " |\n";
    return text;
}

}  // namespace sekisho::signature
