#include "app/mqtt/message.h"

#include "app/detail.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"

namespace sekisho::app::mqtt {

const std::string_view kTypeNames[kTypes] = {"unassigned", "connect",     "connack",  "publish", "puback",   "pubrec",
                                             "pubrel",     "pubcomp",     "subscribe", "suback", "unsubscribe", "unsuback",
                                             "pingreq",    "pingresp",    "disconnect", "auth"};

namespace {

constexpr std::uint8_t kVersion5 = 5;

class Put {
  public:
    Put(TxId tx, Bytes payload, FieldSink& out) noexcept : reader(payload), tx_(tx), out_(out) {}

    void number(mqtt_record::Kind kind, std::uint8_t value) noexcept {
        const std::uint8_t record[mqtt_record::kSize] = {kind, value};
        out_.put(tx_, Field::mqtt_message, record);
    }
    void reason(std::uint8_t code) noexcept {
        number(mqtt_record::reason_code, code);
        put_detail(out_, tx_, "reason_code", code);
    }
    void text(Field field, std::string_view key, Bytes value) noexcept {
        out_.put(tx_, field, value);
        if (!key.empty()) put_detail(out_, tx_, key, as_text(value));
    }
    void count(std::string_view key, std::uint64_t value) noexcept { put_detail(out_, tx_, key, value); }
    Bytes string() noexcept { return reader.bytes(reader.u16()); }
    /// Properties of MQTT 5: passed over.
    void properties(std::uint8_t version) noexcept {
        if (version < kVersion5 || reader.remaining() == 0) return;
        std::size_t length = 0;
        for (unsigned shift = 0; shift < 28; shift += 7) {
            const std::uint8_t octet = reader.u8();
            length |= static_cast<std::size_t>(octet & 0x7f) << shift;
            if ((octet & 0x80) == 0) break;
            if (shift == 21) length = ~std::size_t{0};
        }
        reader.skip(length);
    }

    ByteReader reader;

  private:
    TxId tx_;
    FieldSink& out_;
};

enum ConnectFlag : std::uint8_t { clean_session = 0x02, will = 0x04, password = 0x40, username = 0x80 };

void put_connect(Put& put, Message& message) noexcept {
    const Bytes protocol = put.string();
    message.version = put.reader.u8() & 0x7f;  // the top bit marks a bridge
    const std::uint8_t flags = put.reader.u8();
    put.reader.skip(2);  // keep alive
    put.properties(message.version);
    const Bytes client = put.string();
    if (!put.reader.ok()) return;
    put.text(Field::mqtt_protocol, "connect.protocol_string", protocol);
    put.number(mqtt_record::connect_flags, flags);
    put.count("connect.protocol_version", message.version);
    put.text(Field::mqtt_client_id, "connect.client_id", client);
    if ((flags & ConnectFlag::will) != 0) {
        put.properties(message.version);
        const Bytes topic = put.string();
        const Bytes content = put.string();
        if (!put.reader.ok()) return;
        put.text(Field::mqtt_will_topic, "connect.will.topic", topic);
        put.text(Field::mqtt_will_message, "connect.will.message", content);
    }
    if ((flags & ConnectFlag::username) != 0) put.text(Field::mqtt_user_name, "connect.username", put.string());
    // The password is for rules; a record is read by many.
    if ((flags & ConnectFlag::password) != 0) put.text(Field::mqtt_password, "", put.string());
}

void put_publish(Put& put, const FixedHeader& header, std::uint8_t version, Message& message) noexcept {
    const Bytes topic = put.string();
    if (header.qos() != 0) {
        message.id = put.reader.u16();
        message.has_id = put.reader.ok();
    }
    put.properties(version);
    if (!put.reader.ok()) return;
    put.text(Field::mqtt_publish_topic, "publish.topic", topic);
    put.text(Field::mqtt_publish_message, "publish.message", put.reader.rest());
}

/// SUBSCRIBE: topics with options; UNSUBSCRIBE: topics alone.
void put_topics(Put& put, bool with_options, std::uint8_t version, Message& message) noexcept {
    message.id = put.reader.u16();
    message.has_id = put.reader.ok();
    put.properties(version);
    for (std::size_t i = 0; i < kMqttTopicsMax && put.reader.ok() && put.reader.remaining() > 0; ++i) {
        const Bytes topic = put.string();
        if (with_options) put.reader.skip(1);
        if (!put.reader.ok()) return;
        put.text(with_options ? Field::mqtt_subscribe_topic : Field::mqtt_unsubscribe_topic,
                 with_options ? "subscribe.topic" : "unsubscribe.topic", topic);
    }
}

void put_acknowledgement(Put& put, std::uint8_t type, std::uint8_t version, Message& message) noexcept {
    message.id = put.reader.u16();
    message.has_id = put.reader.ok();
    const bool list = type == Type::suback || type == Type::unsuback;
    if (list) {
        put.properties(version);
        for (std::size_t i = 0; i < kMqttTopicsMax && put.reader.ok() && put.reader.remaining() > 0; ++i) put.reason(put.reader.u8());
    } else if (put.reader.remaining() > 0) {
        put.reason(put.reader.u8());
        put.properties(version);
    }
}

void put_reason_first(Put& put, std::uint8_t version) noexcept {
    if (version < kVersion5) return;
    put.reason(put.reader.remaining() > 0 ? put.reader.u8() : std::uint8_t{0});  // left out when it is 0
    put.properties(version);
}

}  // namespace

HeaderResult read_header(Bytes in, FixedHeader& header) noexcept {
    if (in.empty()) return HeaderResult::need_more;
    header.type = in[0] >> 4;
    header.flags = in[0] & 0x0f;
    header.length = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
        if (i >= in.size()) return HeaderResult::need_more;
        header.length |= static_cast<std::size_t>(in[i] & 0x7f) << (7 * (i - 1));
        header.size = i + 1;
        if ((in[i] & 0x80) == 0) return HeaderResult::good;
    }
    return HeaderResult::bad;
}

Message put_message(TxId tx, const FixedHeader& header, std::uint8_t version, Bytes payload, bool whole, FieldSink& out) noexcept {
    Message message;
    Put put(tx, payload, out);
    put.number(mqtt_record::type, header.type);
    put.number(mqtt_record::flags, header.flags);
    put_detail(out, tx, "type", kTypeNames[header.type]);
    if (header.type != Type::publish && !whole) return message;
    switch (header.type) {
        case Type::connect: put_connect(put, message); break;
        case Type::connack: {
            const std::uint8_t flags = put.reader.u8();
            const std::uint8_t code = put.reader.u8();
            put.properties(version);
            if (!put.reader.ok()) break;
            message.accepted = code == 0;
            put.number(mqtt_record::session_present, flags & 1);
            put.reason(code);
            break;
        }
        case Type::publish: put_publish(put, header, version, message); break;
        case Type::subscribe: put_topics(put, true, version, message); break;
        case Type::unsubscribe: put_topics(put, false, version, message); break;
        case Type::puback:
        case Type::pubrec:
        case Type::pubrel:
        case Type::pubcomp:
        case Type::suback:
        case Type::unsuback: put_acknowledgement(put, header.type, version, message); break;
        case Type::disconnect:
        case Type::auth: put_reason_first(put, version); break;
        default: break;
    }
    if (const std::uint8_t spoken = message.version != 0 ? message.version : version; spoken != 0)
        put.number(mqtt_record::version, spoken);
    message.sound = put.reader.ok();
    return message;
}

}  // namespace sekisho::app::mqtt
