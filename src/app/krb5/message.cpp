#include "app/krb5/message.h"

#include <optional>
#include <span>

#include "app/ber.h"
#include "app/detail.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::krb5 {
namespace {

struct TypeName {
    unsigned type;
    std::string_view name;
};
constexpr TypeName kTypes[] = {{kAsReq, "KRB_AS_REQ"},   {kAsRep, "KRB_AS_REP"}, {kTgsReq, "KRB_TGS_REQ"},
                               {kTgsRep, "KRB_TGS_REP"}, {kApReq, "KRB_AP_REQ"}, {kApRep, "KRB_AP_REP"},
                               {kError, "KRB_ERROR"}};

constexpr std::size_t kNamePartsMax = 16;
constexpr std::size_t kTypesMax = 32;  ///< encryption types of one request

std::string_view name_of(unsigned type) noexcept {
    for (const TypeName& known : kTypes)
        if (known.type == type) return known.name;
    return "UNKNOWN";
}

/// What stands behind an explicit context tag; not ok when there is nothing.
ber::Value inside(Bytes fields, unsigned number) noexcept {
    const auto field = ber::Walk(fields).find(ber::context(number));
    return field.ok ? ber::read(field.content) : ber::Value{};
}

/// Signed: private encryption types and error codes are negative.
std::optional<std::int64_t> integer(const ber::Value& value) noexcept {
    if (!value.ok || value.tag != ber::kInteger || value.content.empty() || value.content.size() > 8) return std::nullopt;
    std::uint64_t result = (value.content[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const std::uint8_t octet : value.content) result = result << 8 | octet;
    return static_cast<std::int64_t>(result);
}

std::optional<std::int64_t> integer_at(Bytes fields, unsigned number) noexcept { return integer(inside(fields, number)); }

/// PrincipalName ::= SEQUENCE { name-type [0] Int32, name-string [1] SEQUENCE OF KerberosString }.
Bytes name_parts(Bytes fields, unsigned number) noexcept {
    const auto name = inside(fields, number);
    return name.ok ? inside(name.content, 1).content : Bytes{};
}

std::string_view joined_name(Bytes fields, unsigned number, std::span<char> joined) noexcept {
    ber::Walk walk(name_parts(fields, number));
    std::size_t used = 0, count = 0;
    for (auto part = walk.next(); part.ok && count < kNamePartsMax; part = walk.next(), ++count) {
        if (count != 0 && used < joined.size()) joined[used++] = '/';
        for (const std::uint8_t octet : part.content)
            if (used < joined.size()) joined[used++] = static_cast<char>(octet);
    }
    return {joined.data(), used};
}

/// Each part is a value, as rules know it; the record shows them joined.
void put_name(TxId tx, Bytes fields, unsigned number, Field field, std::string_view key, FieldSink& out) noexcept {
    ber::Walk walk(name_parts(fields, number));
    std::size_t count = 0;
    for (auto part = walk.next(); part.ok && count < kNamePartsMax; part = walk.next(), ++count) out.put(tx, field, part.content);
    char joined[kDetailTextMax];
    put_detail(out, tx, key, joined_name(fields, number, joined));
}

void put_realm(TxId tx, Bytes fields, unsigned number, FieldSink& out) noexcept {
    if (const auto realm = inside(fields, number); realm.ok) put_detail(out, tx, "realm", as_text(realm.content));
}

/// EncryptedData ::= SEQUENCE { etype [0] Int32, ... }
std::optional<std::int64_t> encryption_of(Bytes fields, unsigned number) noexcept {
    const auto data = inside(fields, number);
    return data.ok ? integer_at(data.content, 0) : std::nullopt;
}

void note_encryption(TxId tx, std::int64_t type, bool ticket, FieldSink& out) noexcept {
    const bool weak = weak_encryption(type);
    if (ticket) {
        out.fact(tx, Fact::krb5_ticket_encryption, static_cast<std::uint64_t>(type));
        put_detail(out, tx, "ticket_encryption", static_cast<std::uint64_t>(type));
        put_detail(out, tx, "ticket_weak_encryption", weak ? "true" : "false");
    } else {
        put_detail(out, tx, "encryption", static_cast<std::uint64_t>(type));
        put_detail(out, tx, "weak_encryption", weak ? "true" : "false");
    }
    if (weak) {
        out.fact(tx, Fact::krb5_weak_encryption, 1);
        out.event(tx, AppEvent::krb5_weak_encryption);
    }
}

// KDC-REQ-BODY: cname [1], realm [2], sname [3], etype [8] SEQUENCE OF Int32.
bool put_request(TxId tx, Bytes fields, FieldSink& out) noexcept {
    constexpr unsigned kBody = 4;
    const auto body = inside(fields, kBody);
    if (!body.ok) return false;
    put_name(tx, body.content, 1, Field::krb5_cname, "cname", out);
    put_realm(tx, body.content, 2, out);
    put_name(tx, body.content, 3, Field::krb5_sname, "sname", out);
    const auto types = inside(body.content, 8);
    if (!types.ok) return true;
    bool all_weak = true;
    std::size_t count = 0;
    ber::Walk walk(types.content);
    for (auto type = walk.next(); type.ok && count < kTypesMax; type = walk.next(), ++count)
        if (const auto value = integer(type)) all_weak = all_weak && weak_encryption(*value);
    if (count != 0) put_detail(out, tx, "weak_encryption", all_weak ? "true" : "false");
    return true;
}

// KDC-REP: crealm [3], cname [4], ticket [5], enc-part [6]. Ticket: sname [2], enc-part [3].
bool put_reply(TxId tx, Bytes fields, FieldSink& out) noexcept {
    put_name(tx, fields, 4, Field::krb5_cname, "cname", out);
    put_realm(tx, fields, 3, out);
    if (const auto type = encryption_of(fields, 6)) note_encryption(tx, *type, false, out);
    const auto ticket = inside(fields, 5);
    if (!ticket.ok || ticket.tag != ber::application(1)) return false;
    const auto inner = ber::read(ticket.content);
    if (!inner.ok) return false;
    put_name(tx, inner.content, 2, Field::krb5_sname, "sname", out);
    if (const auto type = encryption_of(inner.content, 3)) note_encryption(tx, *type, true, out);
    return true;
}

// KRB-ERROR: error-code [6], crealm [7], cname [8], realm [9], sname [10].
bool put_error(TxId tx, Bytes fields, FieldSink& out) noexcept {
    const auto code = integer_at(fields, 6);
    if (!code) return false;
    out.fact(tx, Fact::krb5_error_code, static_cast<std::uint64_t>(*code));
    put_detail(out, tx, "error_code", static_cast<std::uint64_t>(*code));
    put_name(tx, fields, 8, Field::krb5_cname, "cname", out);
    put_realm(tx, fields, 9, out);
    put_name(tx, fields, 10, Field::krb5_sname, "sname", out);
    return true;
}

bool put_message(TxId tx, unsigned type, Bytes fields, FieldSink& out) noexcept {
    switch (type) {
        case kAsReq:
        case kTgsReq: return put_request(tx, fields, out);
        case kAsRep:
        case kTgsRep: return put_reply(tx, fields, out);
        case kError: return put_error(tx, fields, out);
        default: return true;
    }
}

}  // namespace

unsigned message_type(std::uint8_t tag) noexcept {
    const unsigned number = tag & 0x1f;
    return (tag & 0xe0) == 0x60 && ((number >= kAsReq && number <= kApRep) || number == kError) ? number : 0;
}

bool weak_encryption(std::int64_t type) noexcept {
    constexpr std::int64_t kStrong[] = {17, 18, 19, 20, 25, 26};
    for (const std::int64_t strong : kStrong)
        if (type == strong) return false;
    return true;
}

// AP-REQ: ticket [3]. Ticket: realm [1], sname [2], enc-part [3].
void tell_ticket(TxId tx, Bytes ap_req, FieldSink& out) noexcept {
    const auto outer = ber::read(ap_req);
    if (!outer.ok || outer.tag != ber::application(kApReq)) return;
    const auto ticket = inside(ber::read(outer.content).content, 3);
    const auto inner = ber::read(ticket.content);
    if (!inner.ok) return;
    put_realm(tx, inner.content, 1, out);
    char joined[kDetailTextMax];
    put_detail(out, tx, "sname", joined_name(inner.content, 2, joined));
    if (const auto type = encryption_of(inner.content, 3))
        put_detail(out, tx, "ticket_encryption", static_cast<std::uint64_t>(*type));
}

void tell_message(Direction direction, Bytes message, FieldSink& out) noexcept {
    const unsigned type = message.empty() ? 0 : message_type(message[0]);
    const auto outer = ber::read(message);
    const auto fields = outer.ok ? ber::read(outer.content) : ber::Value{};
    // AP messages travel inside other protocols; alone they belong to no exchange with the centre.
    if (type == kApReq || type == kApRep) return;
    const TxId tx = out.open();
    if (type != 0) {
        out.fact(tx, Fact::krb5_message_type, type);
        put_detail(out, tx, "msg_type", name_of(type));
    }
    if (type == 0 || !fields.ok || fields.tag != ber::kSequence || !put_message(tx, type, fields.content, out))
        out.event(tx, AppEvent::krb5_malformed_data);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

}  // namespace sekisho::app::krb5
