#include "app/modbus/request.h"

#include <algorithm>
#include <array>

#include "app/detail.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::modbus {
namespace {

namespace rec = modbus_record;

enum class Shape : std::uint8_t { other, read, write_one, write_many, mask, read_write, diagnostic, encapsulated };

struct Function {
    std::uint8_t code;
    std::uint8_t access;
    Shape shape;
    std::uint16_t quantity_max;
};
constexpr Function kFunctions[] = {
    {1, rec::read | rec::coils, Shape::read, 2000},        {2, rec::read | rec::discretes, Shape::read, 2000},
    {3, rec::read | rec::holding, Shape::read, 125},       {4, rec::read | rec::input, Shape::read, 125},
    {5, rec::write | rec::coils, Shape::write_one, 1},     {6, rec::write | rec::holding, Shape::write_one, 1},
    {8, 0, Shape::diagnostic, 0},                          {15, rec::write | rec::coils, Shape::write_many, 1968},
    {16, rec::write | rec::holding, Shape::write_many, 123}, {22, rec::write | rec::holding, Shape::mask, 1},
    {23, rec::read | rec::write | rec::holding, Shape::read_write, 121}, {43, 0, Shape::encapsulated, 0},
};

const Function* find_function(std::uint8_t code) noexcept {
    const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions), [code](const Function& f) { return f.code == code; });
    return found == std::end(kFunctions) ? nullptr : found;
}

/// Chapter 5.1: which codes are assigned, left to users, or taken by makers.
std::uint8_t category_of(std::uint8_t code, std::uint16_t sub) noexcept {
    constexpr std::uint8_t kReserved[] = {9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127};
    constexpr std::uint8_t kAssigned[] = {1, 2, 3, 4, 5, 6, 7, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24};
    const auto in = [code](const auto& list) { return std::find(std::begin(list), std::end(list), code) != std::end(list); };
    if (in(kReserved)) return rec::reserved;
    if (in(kAssigned)) return rec::public_assigned;
    if (code == 8) return sub <= 18 || sub == 20 ? rec::public_assigned : rec::reserved;
    if (code == 43) return sub == 13 || sub == 14 ? rec::public_assigned : rec::reserved;
    if ((code >= 65 && code <= 72) || (code >= 100 && code <= 110)) return rec::user;
    return rec::public_unassigned;
}

/// The record under construction.
struct Request {
    std::uint8_t function = 0, unit = 0, access = 0;
    bool has_sub = false;
    std::uint16_t sub = 0;
    std::uint32_t first = 0, last = 0;

    void covers(std::uint32_t address, std::uint32_t quantity) noexcept {
        first = address + 1;
        last = address + quantity;
    }
};

void put_record(TxId tx, const Request& r, FieldSink& out) noexcept {
    const auto high = [](std::uint32_t n) { return static_cast<std::uint8_t>(std::min(n, 0xffffu) >> 8); };
    const auto low = [](std::uint32_t n) { return static_cast<std::uint8_t>(std::min(n, 0xffffu)); };
    const std::array<std::uint8_t, rec::kSize> record{
        r.function, static_cast<std::uint8_t>(r.has_sub), high(r.sub), low(r.sub), r.unit, r.access,
        category_of(r.function, r.sub), high(r.first), low(r.first), high(r.last), low(r.last)};
    out.put(tx, Field::modbus_message, record);
    put_detail(out, tx, "unit_id", r.unit);
    put_detail(out, tx, "function", r.function);
    if (r.last == 0) return;
    put_detail(out, tx, "address", r.first - 1);
    put_detail(out, tx, "quantity", r.last - r.first + 1);
}

void put_value(TxId tx, std::uint32_t address, std::uint16_t value, FieldSink& out) noexcept {
    const std::uint32_t shown = std::min(address + 1, 0xffffu);
    const std::array<std::uint8_t, rec::kValueSize> record{static_cast<std::uint8_t>(shown >> 8), static_cast<std::uint8_t>(shown),
                                                           static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    out.put(tx, Field::modbus_value, record);
}

/// Address, quantity, octet count, data: the end of a request that writes.
AppEvent put_written(TxId tx, Request& request, const Function& function, ByteReader& reader, FieldSink& out) noexcept {
    const std::uint32_t address = reader.u16();
    const std::uint32_t quantity = reader.u16();
    const std::size_t octets = reader.u8();
    const Bytes data = reader.bytes(octets);
    if (!reader.ok()) return AppEvent::modbus_invalid_length;
    const bool coils = (function.access & rec::coils) != 0;
    if (quantity == 0 || quantity > function.quantity_max || octets != (coils ? (quantity + 7) / 8 : quantity * 2))
        return AppEvent::modbus_invalid_value;
    request.covers(address, quantity);
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(quantity, kModbusValuesMax); ++i) {
        const unsigned value = coils ? data[i / 8] >> (i % 8) & 1u : static_cast<unsigned>(data[i * 2] << 8 | data[i * 2 + 1]);
        put_value(tx, address + i, static_cast<std::uint16_t>(value), out);
    }
    return AppEvent::count_;
}

AppEvent put_read(Request& request, const Function& function, ByteReader& reader) noexcept {
    const std::uint32_t address = reader.u16();
    const std::uint32_t quantity = reader.u16();
    if (!reader.ok()) return AppEvent::modbus_invalid_length;
    const std::uint32_t most = function.shape == Shape::read_write ? 125 : function.quantity_max;
    if (quantity == 0 || quantity > most) return AppEvent::modbus_invalid_value;
    request.covers(address, quantity);
    return AppEvent::count_;
}

AppEvent put_one(TxId tx, Request& request, ByteReader& reader, FieldSink& out) noexcept {
    const std::uint32_t address = reader.u16();
    const std::uint16_t value = reader.u16();
    if (!reader.ok()) return AppEvent::modbus_invalid_length;
    request.covers(address, 1);
    put_value(tx, address, value, out);
    constexpr std::uint8_t kSingleCoil = 5;
    const bool coil = request.function == kSingleCoil;
    return coil && value != 0 && value != 0xff00 ? AppEvent::modbus_invalid_value : AppEvent::count_;
}

/// @return what is wrong, `count_` for nothing
AppEvent put_data(TxId tx, Request& request, const Function& function, ByteReader& reader, FieldSink& out) noexcept {
    switch (function.shape) {
        case Shape::read: return put_read(request, function, reader);
        case Shape::write_one: return put_one(tx, request, reader, out);
        case Shape::write_many: return put_written(tx, request, function, reader, out);
        case Shape::mask: {
            const std::uint32_t address = reader.u16();
            reader.skip(4);
            if (!reader.ok()) return AppEvent::modbus_invalid_length;
            request.covers(address, 1);
            return AppEvent::count_;
        }
        case Shape::read_write: {
            Request of_read;
            const AppEvent wrong = put_read(of_read, function, reader);
            const AppEvent also_wrong = put_written(tx, request, function, reader, out);
            return wrong != AppEvent::count_ ? wrong : also_wrong;
        }
        case Shape::diagnostic:
            request.sub = reader.u16();
            request.has_sub = reader.ok();
            return reader.ok() ? AppEvent::count_ : AppEvent::modbus_invalid_length;
        case Shape::encapsulated:
            request.sub = reader.u8();
            request.has_sub = reader.ok();
            return reader.ok() ? AppEvent::count_ : AppEvent::modbus_invalid_length;
        case Shape::other: break;
    }
    return AppEvent::count_;
}

}  // namespace

void put_request(TxId tx, std::uint8_t unit, Bytes pdu, FieldSink& out) noexcept {
    constexpr std::uint8_t kException = 0x80;
    Request request;
    request.unit = unit;
    request.function = pdu[0];
    ByteReader reader(pdu.subspan(1));
    if (pdu[0] == 0 || pdu[0] >= kException) out.event(tx, AppEvent::modbus_invalid_function_code);
    if (const Function* function = find_function(pdu[0])) {
        request.access = function->access;
        if (const AppEvent wrong = put_data(tx, request, *function, reader, out); wrong != AppEvent::count_) out.event(tx, wrong);
    }
    put_record(tx, request, out);
}

}  // namespace sekisho::app::modbus
