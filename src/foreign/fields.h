// The fields of one line, as its shape found them: views into the line, or into a small store where a value had
// to be unescaped. Used again for each line; bounded.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "foreign/limits.h"

namespace sekisho::foreign {

class Fields {
  public:
    struct Field {
        std::string_view name, value;
    };

    Fields() { store_.reserve(kUnescapedMax); }
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    void clear() noexcept {
        size_ = 0;
        store_.clear();
    }
    void add(std::string_view name, std::string_view value) noexcept {
        if (size_ < all_.size()) all_[size_++] = {name, value};
    }
    /// A copy that lives as long as the fields; cut where the store is full.
    std::string_view keep(std::string_view text) {
        const std::size_t from = store_.size();
        store_.append(text.substr(0, kUnescapedMax - from));  // within the reservation: views stay valid
        return std::string_view(store_).substr(from);
    }
    /// Empty when there is none. Of two with one name the first.
    std::string_view get(std::string_view name) const noexcept {
        for (std::size_t i = 0; i < size_; ++i)
            if (all_[i].name == name) return all_[i].value;
        return {};
    }
    std::size_t size() const noexcept { return size_; }

  private:
    std::array<Field, kFieldsMax> all_;
    std::size_t size_ = 0;
    std::string store_;
};

}  // namespace sekisho::foreign
