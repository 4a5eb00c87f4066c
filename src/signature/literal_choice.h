// Which octets of a content stand for it in the prefilter: the window of at most kLiteralMax octets that is
// rarest in real traffic. Rarity is estimated in bits, from how common each octet is in web traffic and from
// whether the window stands in a sample of what every page and request contains.
#pragma once

#include <cstddef>
#include <string_view>

namespace sekisho::signature {

struct LiteralChoice {
    std::size_t offset = 0;  ///< of the window in the content
    std::size_t size = 0;
    double bits = 0;         ///< estimated -log2 of the chance that the window stands at a given place
    double content_bits = 0; ///< ... that the whole content does: it is compared wherever the window is found
    bool everyday = false;   ///< the content is part of what nearly all web traffic contains
};

/// @param skip_first  octets at the front that must not be used (dotprefix)
LiteralChoice choose_literal(std::string_view content, bool nocase, std::size_t skip_first = 0);

}  // namespace sekisho::signature
