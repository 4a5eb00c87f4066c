// One JSON object (RFC 8259) as fields whose names are joined by dots: Suricata's EVE. Of a list of values the first
// counts; deeper and longer than limits.h is not looked at. nlohmann's SAX parser builds no tree and does not recurse.
#include <nlohmann/json.hpp>

#include "foreign/shapes/shapes.h"

namespace sekisho::foreign {
namespace {

using Json = nlohmann::json;

class Flattener final : public nlohmann::json_sax<Json> {
  public:
    explicit Flattener(Fields& out) : out_(out) {}

    bool null() override { return true; }
    bool boolean(bool value) override { return put(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return put(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return put(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& text) override { return put(text); }
    bool string(string_t& text) override { return put(text); }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool key(string_t& name) override {
        if (depth_ > kJsonDepthMax) return true;
        path_.resize(starts_[depth_ - 1]);
        if (!path_.empty()) path_ += '.';
        path_ += name.substr(0, kJsonNameMax);
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const Json::exception&) override { return false; }

  private:
    bool enter() {
        if (depth_ < kJsonDepthMax) starts_[depth_] = path_.size();
        ++depth_;
        return true;
    }
    bool leave() {
        --depth_;
        if (depth_ < kJsonDepthMax) path_.resize(starts_[depth_]);
        return true;
    }
    bool put(std::string_view value) {
        if (depth_ <= kJsonDepthMax && out_.size() < kFieldsMax) {
            const std::string_view name = out_.keep(path_);  // one after the other: the order of arguments is not fixed
            out_.add(name, out_.keep(value));
        }
        return true;
    }

    Fields& out_;
    std::string path_;
    std::size_t depth_ = 0;
    std::array<std::size_t, kJsonDepthMax> starts_{};  ///< length of the path at each depth
};

}  // namespace

bool take_json(std::string_view line, const Columns&, Fields& out) {
    const auto open = line.find('{');
    if (open == std::string_view::npos) return false;
    const std::string_view object = line.substr(open);
    Flattener flattener(out);
    return Json::sax_parse(object.begin(), object.end(), &flattener) && out.size() != 0;
}

}  // namespace sekisho::foreign
