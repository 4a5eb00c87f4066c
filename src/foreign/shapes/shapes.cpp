#include "foreign/shapes/shapes.h"

namespace sekisho::foreign {
namespace {

struct Shape {
    std::string_view name;
    Take take;
};
constexpr Shape kShapes[] = {{"pairs", take_pairs}, {"csv", take_csv},   {"words", take_words},    {"json", take_json},
                             {"cef", take_cef},     {"leef", take_leef}, {"firebox", take_firebox}};

}  // namespace

std::optional<Take> find_shape(std::string_view name) noexcept {
    for (const Shape& shape : kShapes)
        if (shape.name == name) return shape.take;
    return std::nullopt;
}

std::string shape_names() {
    std::string names;
    for (const Shape& shape : kShapes) names += (names.empty() ? "" : ", ") + std::string(shape.name);
    return names;
}

}  // namespace sekisho::foreign
