// flowbits, xbits, hostbits and flowint: what a rule asks of them before it matches, what it changes after.
#include "sekisho/detect/matcher.h"

namespace sekisho::detect {
namespace {

using signature::BitOp;
using signature::FlowIntOp;

constexpr std::uint32_t kHostBitDefaultSeconds = 30;  // xbits without expire (Suricata's default)

struct Ends {
    IpAddress a, b;
};

/// The hosts that a bit is kept for.
Ends ends_of(BitOp::Scope scope, const packet::Packet& packet) noexcept {
    switch (scope) {
        case BitOp::Scope::ip_src: return {packet.src, {}};
        case BitOp::Scope::ip_dst: return {packet.dst, {}};
        case BitOp::Scope::ip_pair:
            // The pair is the same both ways.
            return packet.src < packet.dst ? Ends{packet.src, packet.dst} : Ends{packet.dst, packet.src};
        default: return {};
    }
}

bool in_flow(BitOp::Scope scope) noexcept { return scope == BitOp::Scope::flow || scope == BitOp::Scope::tx; }

bool is_test(FlowIntOp::Op op) noexcept {
    using enum FlowIntOp::Op;
    return op != set && op != add && op != subtract;
}

bool holds(FlowIntOp::Op op, std::uint32_t left, std::uint32_t right) noexcept {
    using enum FlowIntOp::Op;
    switch (op) {
        case lt: return left < right;
        case le: return left <= right;
        case eq: return left == right;
        case ne: return left != right;
        case ge: return left >= right;
        case gt: return left > right;
        default: return true;
    }
}

std::uint32_t right_side(const FlowIntOp& op, const RuleMemory* memory) noexcept {
    if (op.value_name == 0) return op.value;
    const auto* other = memory == nullptr ? nullptr : memory->find_integer(op.value_name);
    return other == nullptr ? 0 : other->value;
}

}  // namespace

RuleMemory* Matcher::to_remember() noexcept {
    RuleMemory*& memory = context_.state->memory;
    if (memory == nullptr) memory = memories_.take();
    return memory;
}

void Matcher::forget(FlowRuleState& state) noexcept {
    if (state.memory != nullptr) memories_.give(state.memory);
    state.memory = nullptr;
}

bool Matcher::state_allows(const signature::CompiledRule& rule) noexcept {
    if (rule.rule.bits.empty() && rule.rule.flow_ints.empty()) return true;
    const RuleMemory* memory = remembered();
    for (const BitOp& bit : rule.rule.bits) {
        if (bit.op != BitOp::Op::isset && bit.op != BitOp::Op::isnotset) continue;
        bool any = false;
        for (const std::uint32_t name : bit.names) {
            if (in_flow(bit.scope)) {
                any = any || (memory != nullptr && memory->has_bit(name));
            } else {
                const Ends ends = ends_of(bit.scope, *context_.packet);
                any = any || host_bits_.has(name, ends.a, ends.b, context_.now);
            }
        }
        if (any != (bit.op == BitOp::Op::isset)) return false;
    }
    for (const FlowIntOp& op : rule.rule.flow_ints) {
        if (!is_test(op.op)) continue;
        if (context_.state == nullptr) return false;
        const auto* integer = memory == nullptr ? nullptr : memory->find_integer(op.name);
        if (op.op == FlowIntOp::Op::isset || op.op == FlowIntOp::Op::notset) {
            if ((integer != nullptr) != (op.op == FlowIntOp::Op::isset)) return false;
        } else if (integer == nullptr || !holds(op.op, integer->value, right_side(op, memory))) {
            return false;
        }
    }
    return true;
}

void Matcher::set_flow_bit(std::uint32_t name) noexcept {
    RuleMemory* memory = to_remember();
    if (memory == nullptr || !memory->set_bit(name)) ++counters_.flow_bits_lost;
}

void Matcher::change_state(const signature::CompiledRule& rule) noexcept {
    for (const BitOp& bit : rule.rule.bits) {
        const TimeNs seconds = bit.expire_seconds != 0 ? bit.expire_seconds : kHostBitDefaultSeconds;
        const Ends ends = ends_of(bit.scope, *context_.packet);
        for (const std::uint32_t name : bit.names) {
            const bool flow = in_flow(bit.scope);
            if (flow && context_.state == nullptr) continue;
            const RuleMemory* memory = remembered();
            const bool is_set = flow ? memory != nullptr && memory->has_bit(name) : host_bits_.has(name, ends.a, ends.b, context_.now);
            const bool set = bit.op == BitOp::Op::set || (bit.op == BitOp::Op::toggle && !is_set);
            const bool clear = bit.op == BitOp::Op::unset || (bit.op == BitOp::Op::toggle && is_set);
            if (set && flow) set_flow_bit(name);
            if (set && !flow) host_bits_.set(name, ends.a, ends.b, context_.now + seconds * kSecondNs);
            if (clear && is_set && flow) context_.state->memory->clear_bit(name);
            if (clear && !flow) host_bits_.clear(name, ends.a, ends.b);
        }
    }
    for (const FlowIntOp& op : rule.rule.flow_ints) {
        if (is_test(op.op) || context_.state == nullptr) continue;
        RuleMemory* memory = to_remember();
        if (memory == nullptr) {
            ++counters_.flow_bits_lost;
            continue;
        }
        const std::uint32_t value = right_side(op, memory);
        auto* integer = memory->find_integer(op.name);
        if (integer == nullptr) {
            // An integer begins with the first value that is set or added (Suricata).
            if (!memory->integers.push_back({op.name, op.op == FlowIntOp::Op::subtract ? 0 : value})) ++counters_.flow_bits_lost;
        } else if (op.op == FlowIntOp::Op::set) {
            integer->value = value;
        } else if (op.op == FlowIntOp::Op::add) {
            integer->value += value;
        } else {
            integer->value -= value;
        }
    }
}

}  // namespace sekisho::detect
