// What the engine remembers of one conversation, borrowed from the worker's pool while the flow lives.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/app/parser.h"
#include "sekisho/appid/app_id.h"
#include "sekisho/detect/rule_state.h"
#include "sekisho/flow/flow.h"

namespace sekisho::engine {

struct Transaction;
struct OpenFrames;

/// How far the search for the application protocol has come.
enum class AppState : std::uint8_t {
    probing,
    parsing,
    recognised,  ///< known, but there is no parser for it
    failed,      ///< not recognised, or the parser gave up
};

/// How far the search for the application has come.
enum class ApplicationPhase : std::uint8_t { unseen, asking, known, given_up };

}  // namespace sekisho::engine

namespace sekisho::flow {

struct Session {
    sekisho::detect::FlowRuleState rules;

    const sekisho::app::Parser* parser = nullptr;
    void* parser_state = nullptr;
    std::array<std::uint64_t, 2> probe_from{};  ///< stream offset at which the present protocol began
    std::array<std::uint64_t, 2> parsed{};      ///< stream offset up to which the parser has consumed
    std::array<std::uint64_t, 2> scanned{};     ///< stream offset up to which payload rules have seen the bytes
    sekisho::engine::Transaction* newest = nullptr;  ///< open transactions, linked to older ones
    sekisho::engine::OpenFrames* frames = nullptr;   ///< that are not whole yet; null: none
    sekisho::app::TxId next_tx = 0;
    sekisho::appid::Answer application;
    sekisho::appid::Handle application_record;  ///< borrowed while nDPI is asked
    std::uint32_t alerts = 0;
    std::uint16_t open_transactions = 0;

    std::uint8_t parser_state_order = 0;
    sekisho::engine::AppState app_state = sekisho::engine::AppState::probing;
    sekisho::app::Protocol protocol = sekisho::app::Protocol::unknown;
    std::array<sekisho::app::Protocol, 2> protocol_by_direction{};
    std::uint8_t sides_compared = 0;      ///< bit by direction: its first bytes were held against the protocol
    std::uint8_t recognition_told = 0;    ///< bit by direction: rules on the protocol alone have seen it; two more: that there was none
    std::uint8_t probes = 0;              ///< looks taken so far
    std::array<bool, 2> ended{};          ///< the parser was told that the direction is closed
    sekisho::engine::ApplicationPhase application_phase = sekisho::engine::ApplicationPhase::unseen;
    bool evidence_begun = false;          ///< a rule matched, and the packets before it were kept
    std::uint8_t evidence_left = 0;       ///< packets yet to be kept
    bool reset_on_sight = false;          ///< the client was answered: its later segments are reset
};
// With the flow (160), its TCP session (184) and its place in the table (8) an idle conversation keeps to 512 octets.
static_assert(sizeof(Session) <= 160);

}  // namespace sekisho::flow

namespace sekisho::engine {

/// As rules see it: "failed" when it was sought and not found.
inline app::Protocol protocol_of(const flow::Session& session) noexcept {
    const bool given_up = session.protocol == app::Protocol::unknown && session.app_state == AppState::failed;
    return given_up ? app::Protocol::failed : session.protocol;
}

}  // namespace sekisho::engine
