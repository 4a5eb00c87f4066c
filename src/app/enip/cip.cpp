#include "app/enip/cip.h"

#include <array>

#include "app/detail.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::enip {
namespace {

namespace rec = enip_record;

enum Service : std::uint8_t { get_attribute_list = 0x03, set_attribute_list = 0x04, multiple = 0x0a, unconnected_send = 0x52 };
constexpr std::uint8_t kResponse = 0x80;

struct Path {
    std::uint8_t set = 0;
    std::uint32_t klass = 0, instance = 0, attribute = 0;
};

struct Reply {
    bool is = false;
    std::uint8_t status = 0;
    std::uint16_t extended = 0;
};

/// Logical segments of eight, sixteen and thirty-two bits; others end the walk.
Path read_path(Bytes path) noexcept {
    Path found;
    ByteReader reader(path);
    while (reader.ok() && reader.remaining() >= 2) {
        const std::uint8_t segment = reader.u8();
        if ((segment & 0xe0) != 0x20) break;
        const unsigned format = segment & 3u;
        if (format != 0) reader.skip(1);  // padded
        const std::uint32_t value = format == 0   ? reader.u8()
                                    : format == 1 ? reader.u16_le()
                                    : format == 2 ? reader.u32_le()
                                                  : 0;
        if (format == 3 || !reader.ok()) break;
        switch (segment & 0x1c) {
            case 0x00: found.klass = value; found.set |= rec::has_class; break;
            case 0x04: found.instance = value; found.set |= rec::has_instance; break;
            case 0x10: found.attribute = value; found.set |= rec::has_attribute; break;
            default: break;
        }
    }
    return found;
}

class Writer {
  public:
    Writer(TxId tx, FieldSink& out) noexcept : tx_(tx), out_(out) {}

    bool full() const noexcept { return count_ == kCipServicesMax; }
    void put(std::uint8_t service, const Reply& reply, const Path& path) noexcept {
        if (full()) return;
        ++count_;
        std::array<std::uint8_t, rec::kServiceSize> record{service, static_cast<std::uint8_t>(reply.is), reply.status,
                                                           static_cast<std::uint8_t>(reply.extended >> 8),
                                                           static_cast<std::uint8_t>(reply.extended), path.set};
        const std::uint32_t numbers[] = {path.klass, path.instance, path.attribute};
        std::size_t at = rec::kClass.offset;
        for (const std::uint32_t number : numbers)
            for (int shift = 24; shift >= 0; shift -= 8) record[at++] = static_cast<std::uint8_t>(number >> shift);
        out_.put(tx_, Field::cip_service, record);
        put_detail(out_, tx_, "cip.service", service);
        if (reply.is) put_detail(out_, tx_, "cip.status", reply.status);
        if ((path.set & rec::has_class) != 0) put_detail(out_, tx_, "cip.class", path.klass);
        if ((path.set & rec::has_instance) != 0) put_detail(out_, tx_, "cip.instance", path.instance);
        if ((path.set & rec::has_attribute) != 0) put_detail(out_, tx_, "cip.attribute", path.attribute);
    }

  private:
    TxId tx_;
    FieldSink& out_;
    std::size_t count_ = 0;
};

void put_message(Writer& writer, Bytes message, std::size_t depth) noexcept;

/// Number of messages, their offsets from that number, the messages.
void put_multiple(Writer& writer, Bytes data, std::size_t depth) noexcept {
    ByteReader reader(data);
    const std::size_t count = reader.u16_le();
    for (std::size_t i = 0; i < count && reader.ok() && !writer.full(); ++i) {
        const std::size_t at = reader.u16_le();
        ByteReader next = reader;
        const std::size_t end = i + 1 < count ? next.u16_le() : data.size();
        if (!reader.ok() || at >= end || end > data.size()) return;
        put_message(writer, data.subspan(at, end - at), depth + 1);
    }
}

/// An attribute list names several attributes of one instance.
void put_listed(Writer& writer, std::uint8_t service, const Path& path, Bytes data) noexcept {
    ByteReader reader(data);
    const std::size_t count = reader.u16_le();
    for (std::size_t i = 0; i < count && !writer.full(); ++i) {
        Path one = path;
        one.attribute = reader.u16_le();
        one.set |= rec::has_attribute;
        if (!reader.ok()) return;
        writer.put(service, {}, one);
        if (service == Service::set_attribute_list) return;  // the values' sizes are not told
    }
}

void put_message(Writer& writer, Bytes message, std::size_t depth) noexcept {
    if (depth > kCipNestingMax) return;
    ByteReader reader(message);
    const std::uint8_t first = reader.u8();
    const std::uint8_t service = first & 0x7f;
    if ((first & kResponse) != 0) {
        Reply reply{true, 0, 0};
        reader.skip(1);
        reply.status = reader.u8();
        const std::size_t words = reader.u8();
        const Bytes extended = reader.bytes(words * 2);
        if (!reader.ok()) return;
        if (words != 0) reply.extended = static_cast<std::uint16_t>(extended[0] | extended[1] << 8);
        writer.put(service, reply, {static_cast<std::uint8_t>(words != 0 ? rec::has_extended : 0), 0, 0, 0});
        if (service == Service::multiple) put_multiple(writer, reader.rest(), depth);
        return;
    }
    const Bytes path_octets = reader.bytes(std::size_t{reader.u8()} * 2);
    if (!reader.ok()) return;
    const Path path = read_path(path_octets);
    writer.put(service, {}, path);
    if (service == Service::multiple) return put_multiple(writer, reader.rest(), depth);
    if (service == Service::get_attribute_list || service == Service::set_attribute_list)
        return put_listed(writer, service, path, reader.rest());
    if (service == Service::unconnected_send) {
        reader.skip(2);  // priority and time-out
        const Bytes inner = reader.bytes(reader.u16_le());
        if (reader.ok()) put_message(writer, inner, depth + 1);
    }
}

}  // namespace

void put_services(TxId tx, Bytes message, FieldSink& out) noexcept {
    Writer writer(tx, out);
    put_message(writer, message, 0);
}

}  // namespace sekisho::app::enip
