// Appends JSON (RFC 8259) to a string: the smallest thing that can print a record fast. The caller keeps
// begin and end in pairs; commas and escapes are done here. Any bytes in give valid UTF-8 JSON out.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "sekisho/base/clock.h"

namespace sekisho::event {

class JsonWriter {
  public:
    /// @param out  appended to; not owned, outlives the writer
    explicit JsonWriter(std::string& out) noexcept : out_(out) {}

    void begin_object() { comma(), out_ += '{'; }
    void begin_object(std::string_view key) { name(key), out_ += '{'; }
    void end_object() { out_ += '}'; }
    void begin_array() { comma(), out_ += '['; }
    void begin_array(std::string_view key) { name(key), out_ += '['; }
    void end_array() { out_ += ']'; }

    /// @param key    ASCII without quotes or backslashes, as in the program text
    /// @param value  any bytes
    void field(std::string_view key, std::string_view value) { name(key), quote(value); }
    void field(std::string_view key, const char* value) { field(key, std::string_view(value)); }
    template <class Truth>
        requires std::same_as<Truth, bool>
    void field(std::string_view key, Truth value) { name(key), out_ += value ? "true" : "false"; }
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    void field(std::string_view key, Number value) { name(key), digits(value); }
    /// Nothing at all when the text is empty.
    void field_if(std::string_view key, std::string_view value) {
        if (!value.empty()) field(key, value);
    }
    void time(std::string_view key, TimeNs time_ns);
    /// A key that is not from the program text: any bytes.
    template <std::integral Number>
    void named(std::string_view any_key, Number value) { comma(), quote(any_key), out_ += ':', digits(value); }
    /// A value that is JSON already.
    void raw(std::string_view key, std::string_view json) { name(key), out_ += json; }

    void item(std::string_view value) { comma(), quote(value); }
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    void item(Number value) { comma(), digits(value); }

  private:
    void comma() {
        if (!out_.empty() && out_.back() != '{' && out_.back() != '[' && out_.back() != '\n') out_ += ',';
    }
    void name(std::string_view key) {
        comma();
        out_ += '"';
        out_ += key;
        out_ += "\":";
    }
    template <std::integral Number>
    void digits(Number value) {
        char buffer[24];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
        out_.append(buffer, end);
    }
    void quote(std::string_view value);

    std::string& out_;
};

/// EVE's form, microseconds and "+0000"; appends 31 characters.
void append_eve_time(std::string& out, TimeNs time_ns);

}  // namespace sekisho::event
