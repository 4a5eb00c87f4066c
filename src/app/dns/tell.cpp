#include "app/dns/tell.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"

namespace sekisho::app::dns {
namespace {

void put_fault(TxId tx, NameFault fault, FieldSink& out) noexcept {
    switch (fault) {
        case NameFault::none: break;
        case NameFault::cut: out.event(tx, AppEvent::dns_malformed_data); break;
        case NameFault::too_long: out.event(tx, AppEvent::dns_name_too_long); break;
        case NameFault::loop: out.event(tx, AppEvent::dns_infinite_loop); break;
    }
}

/// Where names go that rules may look for.
struct Names {
    TxId tx;
    FieldSink& out;
    bool response;

    void put(Field field, std::string_view name) const noexcept {
        out.put(tx, field, as_bytes(name));
        if (response) out.put(tx, Field::dns_response_rrname, as_bytes(name));
    }
};

// False when the questions do not end inside the message.
bool put_questions(const Names& names, const Header& header, Bytes message, ByteReader& reader, Name& first) noexcept {
    FieldSink& out = names.out;
    Name name;
    for (std::size_t i = 0; i < std::min<std::size_t>(header.questions, kDnsRecordsMax); ++i) {
        const NameFault fault = name.read(message, reader);
        put_fault(names.tx, fault, out);
        if (fault == NameFault::cut) return false;
        out.put(names.tx, Field::dns_query, as_bytes(name.text()));
        names.put(Field::dns_queries_rrname, name.text());
        if (i == 0) first = name;
        if (fault != NameFault::none) return false;  // the cursor is somewhere in the name
        const std::uint16_t type = reader.u16();
        reader.skip(2);
        if (!reader.ok()) {
            out.event(names.tx, AppEvent::dns_malformed_data);
            return false;
        }
        out.fact(names.tx, Fact::dns_type, type);
    }
    return true;
}

struct Record {
    std::uint16_t type = 0;
    std::uint32_t ttl = 0;
    std::size_t data_at = 0;
    std::size_t data_size = 0;
};

/// @return what is wrong with it; `cut` when it does not end inside the message
NameFault read_record(Bytes message, ByteReader& reader, Name& owner, Record& record) noexcept {
    const NameFault fault = owner.read(message, reader);
    if (fault != NameFault::none) return fault;
    record.type = reader.u16();
    reader.skip(2);
    record.ttl = reader.u32();
    record.data_size = reader.u16();
    record.data_at = reader.position();
    return reader.skip(record.data_size) ? NameFault::none : NameFault::cut;
}

/// The name that a record points to belongs to the names of the response.
void put_target(const Names& names, Bytes message, const Record& record) noexcept {
    if (!names.response || !points_to_name(record.type)) return;
    constexpr std::uint16_t kMx = 15;
    ByteReader reader(message.first(record.data_at + record.data_size));
    reader.skip(record.data_at + (record.type == kMx ? 2 : 0));
    Name target;
    if (target.read(message, reader) != NameFault::cut) names.out.put(names.tx, Field::dns_response_rrname, as_bytes(target.text()));
}

/// "owner TAB ttl TAB type rdata", the owner only where it is not the question's name.
void put_answer_text(const Names& names, Bytes message, const Record& record, const Name& owner, const Name& asked) noexcept {
    std::array<std::uint8_t, 1024> text;
    std::size_t used = 0;
    const auto put = [&](char c) { text[used++] = static_cast<std::uint8_t>(c); };
    if (owner.text() != asked.text())
        for (const char c : owner.text()) put(c > ' ' ? c : '.');
    put('\t');
    char digits[12];
    const auto end = std::to_chars(digits, digits + sizeof digits, record.ttl).ptr;
    for (const char* c = digits; c != end; ++c) put(*c);
    put('\t');
    used += write_record(message, record.type, record.data_at, record.data_size, MutableBytes(text).subspan(used));
    names.out.put(names.tx, Field::dns_answer, Bytes(text).first(used));
}

/// False when the section does not end inside the message, or not soundly.
bool put_answers(const Names& names, std::size_t count, Bytes message, ByteReader& reader, const Name& asked) noexcept {
    Name owner;
    Record record;
    for (std::size_t i = 0; i < std::min(count, kDnsRecordsMax); ++i) {
        const NameFault fault = read_record(message, reader, owner, record);
        if (fault != NameFault::none) {
            put_fault(names.tx, fault, names.out);
            return false;
        }
        names.put(Field::dns_answers_rrname, owner.text());
        put_target(names, message, record);
        put_answer_text(names, message, record, owner, asked);
    }
    return count <= kDnsRecordsMax;
}

/// Authority and additional records: their names, and an event where they do not fit.
bool put_further(const Names& names, std::size_t count, Bytes message, ByteReader& reader, Field field, AppEvent fault) noexcept {
    Name owner;
    Record record;
    for (std::size_t i = 0; i < std::min(count, kDnsRecordsMax); ++i) {
        if (read_record(message, reader, owner, record) != NameFault::none) {
            names.out.event(names.tx, fault);
            return false;
        }
        if (owner.text().empty()) continue;  // the root: EDNS
        names.put(field, owner.text());
        put_target(names, message, record);
    }
    return count <= kDnsRecordsMax;
}

void read_sections(const Names& names, const Header& header, Bytes message, ByteReader& reader, Name& asked) noexcept {
    if (!put_questions(names, header, message, reader, asked)) return;
    if (!put_answers(names, header.answers, message, reader, asked)) return;
    if (put_further(names, header.authorities, message, reader, Field::dns_authorities_rrname, AppEvent::dns_invalid_authorities))
        put_further(names, header.additionals, message, reader, Field::dns_additionals_rrname, AppEvent::dns_invalid_additionals);
}

}  // namespace

std::optional<Header> tell_message(TxId tx, Bytes message, Name& asked, FieldSink& out) noexcept {
    ByteReader reader(message);
    const Header header = read_header(reader);
    if (!reader.ok()) {
        out.event(tx, AppEvent::dns_malformed_data);
        return std::nullopt;
    }
    out.fact(tx, Fact::dns_id, header.id);
    out.fact(tx, Fact::dns_flags, header.flags);
    out.fact(tx, Fact::dns_opcode, header.opcode());
    out.fact(tx, Fact::dns_rcode, header.rcode());
    out.fact(tx, Fact::dns_is_answer, header.is_answer() ? 1 : 0);
    if (header.z_flag()) out.event(tx, AppEvent::dns_z_flag_set);
    if (header.opcode() >= kOpcodesEnd) out.event(tx, AppEvent::dns_invalid_opcode);
    read_sections({tx, out, header.is_answer()}, header, message, reader, asked);
    return header;
}

}  // namespace sekisho::app::dns
