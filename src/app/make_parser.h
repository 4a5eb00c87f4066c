// Builds a line of the parser table from typed functions, so that a protocol's file holds no casts.
#pragma once

#include <new>
#include <type_traits>

#include "sekisho/app/parser.h"

namespace sekisho::app {

/// @tparam State   placed in zeroed memory of 8-octet alignment; default-constructed by init
/// @tparam AnnouncedFn  takes what was announced about the conversation, or nullptr
/// @tparam LeaveFn      gives what the next protocol has to know, or nullptr
/// @tparam InheritFn    takes what the protocol before left, or nullptr
template <class State, auto ProbeFn, auto ParseFn, auto GapFn, auto EndFn, auto AnnouncedFn = nullptr, auto LeaveFn = nullptr,
          auto InheritFn = nullptr>
constexpr Parser make_parser(Protocol protocol, Transport transport) noexcept {
    static_assert(alignof(State) <= 8);
    static_assert(std::is_nothrow_default_constructible_v<State> && std::is_nothrow_destructible_v<State>);
    Parser parser{
        protocol,
        transport,
        sizeof(State),
        ProbeFn,
        [](void* state) noexcept { ::new (state) State; },
        [](void* state) noexcept { std::launder(static_cast<State*>(state))->~State(); },
        [](void* state, Direction direction, Bytes in, FieldSink& out) noexcept {
            return ParseFn(*std::launder(static_cast<State*>(state)), direction, in, out);
        },
        [](void* state, Direction direction, std::uint64_t octets, FieldSink& out) noexcept {
            return GapFn(*std::launder(static_cast<State*>(state)), direction, octets, out);
        },
        [](void* state, Direction direction, FieldSink& out) noexcept {
            EndFn(*std::launder(static_cast<State*>(state)), direction, out);
        },
    };
    if constexpr (!std::is_null_pointer_v<decltype(AnnouncedFn)>)
        parser.announced = [](void* state, const Expected& conversation) noexcept {
            AnnouncedFn(*std::launder(static_cast<State*>(state)), conversation);
        };
    if constexpr (!std::is_null_pointer_v<decltype(LeaveFn)>)
        parser.leave = [](const void* state) noexcept { return LeaveFn(*std::launder(static_cast<const State*>(state))); };
    if constexpr (!std::is_null_pointer_v<decltype(InheritFn)>)
        parser.inherit = [](void* state, Bytes left, FieldSink& out) noexcept {
            InheritFn(*std::launder(static_cast<State*>(state)), left, out);
        };
    return parser;
}

/// A protocol that is only told by its first bytes.
constexpr Parser recognised(Protocol protocol, Transport transport, Probe (*probe)(const ProbeInput&) noexcept) noexcept {
    return Parser{protocol, transport, 0, probe, nullptr, nullptr, nullptr, nullptr, nullptr};
}

}  // namespace sekisho::app
