// What a letter says, before it has a form: headings, sentences, tables of two columns. As plain text and as HTML.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sekisho::mail {

struct Section {
    std::string heading;
    std::vector<std::string> sentences;
    std::vector<std::pair<std::string, std::string>> facts;
};

struct Page {
    std::string language;  ///< "ja", "en": of the element in HTML
    std::string title;
    std::vector<Section> sections;
};

std::string as_text(const std::vector<Page>& pages);
/// A whole document without anything from elsewhere: no script, picture, font or link.
std::string as_html(const std::vector<Page>& pages);

}  // namespace sekisho::mail
