#include "signature/dataset_json.h"

#include <nlohmann/json.hpp>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

using Json = nlohmann::json;

/// What stands under the names of `path`, joined by dots; null when there is no such thing.
const Json* find(const Json& from, std::string_view path) {
    const Json* place = &from;
    if (path.empty()) return place;
    for (const auto name : split(path, '.')) {
        if (!place->is_object()) return nullptr;
        const auto found = place->find(std::string(name));
        if (found == place->end()) return nullptr;
        place = &*found;
    }
    return place;
}

void take_value(const Json& object, const DatasetFormat& format, std::vector<std::string>& values) {
    const Json* value = find(object, format.value_key);
    if (value != nullptr && value->is_string()) values.push_back(value->get<std::string>());
}

Status take_lines(std::string_view text, const DatasetFormat& format, std::vector<std::string>& values) {
    std::size_t number = 0;
    for (const auto line : split(text, '\n')) {
        ++number;
        if (trim(line).empty()) continue;
        const Json object = Json::parse(line, nullptr, false);
        if (object.is_discarded()) return fail(ErrorCode::invalid, "line " + std::to_string(number) + " is no JSON");
        take_value(object, format, values);
    }
    return {};
}

Status take_array(std::string_view text, const DatasetFormat& format, std::vector<std::string>& values) {
    const Json whole = Json::parse(text, nullptr, false);
    if (whole.is_discarded()) return fail(ErrorCode::invalid, "it is no JSON");
    const Json* array = find(whole, format.array_key);
    if (array == nullptr || !array->is_array())
        return fail(ErrorCode::invalid, format.array_key.empty() ? "it is no array; array_key says where in it one is"
                                                                 : "'" + format.array_key + "' is no array in it");
    for (const Json& object : *array) take_value(object, format, values);
    return {};
}

}  // namespace

Result<std::vector<std::string>> json_values(std::string_view text, const DatasetFormat& format) {
    std::vector<std::string> values;
    const bool lines = format.kind == DatasetFormat::Kind::json_lines;
    if (auto good = lines ? take_lines(text, format, values) : take_array(text, format, values); !good) return fail(good.error());
    if (values.empty()) return fail(ErrorCode::invalid, "no object in it has a text under '" + format.value_key + "'");
    return values;
}

}  // namespace sekisho::signature
