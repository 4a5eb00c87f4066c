// The words of the settings that choose one of a few.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/config/settings.h"

namespace sekisho::config {

template <class E>
struct Words;

template <>
struct Words<OnOverload> {
    static constexpr std::array<std::string_view, 2> kAll{"open", "closed"};
};
template <>
struct Words<UrlAction> {
    static constexpr std::array<std::string_view, 4> kAll{"allow", "alert", "warn", "block"};
};
template <>
struct Words<ApplicationAction> {
    static constexpr std::array<std::string_view, 3> kAll{"allow", "alert", "block"};
};
template <>
struct Words<SyslogTransport> {
    static constexpr std::array<std::string_view, 5> kAll{"udp", "tcp", "tls", "relp", "relp-tls"};
};
template <>
struct Words<SyslogFormat> {
    static constexpr std::array<std::string_view, 3> kAll{"rfc5424", "cef", "json"};
};
template <>
struct Words<MailTls> {
    static constexpr std::array<std::string_view, 3> kAll{"required", "implicit", "none"};
};
template <>
struct Words<MailLanguage> {
    static constexpr std::array<std::string_view, 3> kAll{"both", "ja", "en"};
};
template <>
struct Words<MailDigest> {
    static constexpr std::array<std::string_view, 3> kAll{"none", "daily", "weekly"};
};
template <>
struct Words<Weekday> {
    static constexpr std::array<std::string_view, 7> kAll{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
};

template <class E>
std::string_view word_of(E value) {
    return Words<E>::kAll[static_cast<std::size_t>(value)];
}

template <class E>
std::optional<E> from_word(std::string_view word) {
    for (std::size_t i = 0; i < Words<E>::kAll.size(); ++i)
        if (Words<E>::kAll[i] == word) return static_cast<E>(i);
    return {};
}

template <class E>
std::string all_words() {
    std::string all = "one of ";
    for (const auto word : Words<E>::kAll) all.append(all.size() > 7 ? ", " : "").append(word);
    return all;
}

}  // namespace sekisho::config
