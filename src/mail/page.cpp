#include "mail/page.h"

#include "sekisho/base/shown_text.h"

namespace sekisho::mail {
namespace {

constexpr const char* kHead =
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><style>"
    "body{font-family:sans-serif;color:#222;max-width:42em;margin:1em auto;line-height:1.6}"
    "h1{font-size:1.25em;border-bottom:2px solid #1f4e79}h2{font-size:1.05em;color:#1f4e79}"
    "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.15em .8em .15em 0}"
    "th{color:#555;font-weight:normal;white-space:nowrap}</style></head><body>\n";

void element(std::string& out, const char* name, const std::string& text) {
    out.append("<").append(name).append(">").append(shown_html(text)).append("</").append(name).append(">\n");
}

}  // namespace

std::string as_text(const std::vector<Page>& pages) {
    std::string out;
    for (const Page& page : pages) {
        if (!out.empty()) out.append("\n----------------------------------------------------------------\n\n");
        out.append(shown_line(page.title)).append("\n");
        for (const Section& section : page.sections) {
            out.append("\n");
            if (!section.heading.empty()) out.append("# ").append(shown_line(section.heading)).append("\n");
            for (const std::string& one : section.sentences) out.append(shown_line(one)).append("\n");
            for (const auto& [name, value] : section.facts) out.append("  ").append(shown_line(name)).append(": ").append(shown_line(value)).append("\n");
        }
    }
    return out;
}

std::string as_html(const std::vector<Page>& pages) {
    std::string out = kHead;
    for (const Page& page : pages) {
        out.append("<div lang=\"").append(page.language).append("\">\n");
        element(out, "h1", page.title);
        for (const Section& section : page.sections) {
            if (!section.heading.empty()) element(out, "h2", section.heading);
            for (const std::string& one : section.sentences) element(out, "p", one);
            if (section.facts.empty()) continue;
            out.append("<table>\n");
            for (const auto& [name, value] : section.facts)
                out.append("<tr><th>").append(shown_html(name)).append("</th><td>").append(shown_html(value)).append("</td></tr>\n");
            out.append("</table>\n");
        }
        out.append("</div>\n");
    }
    return out.append("</body></html>\n");
}

}  // namespace sekisho::mail
