#include "app/ldap/message.h"

#include <algorithm>

#include "app/detail.h"
#include "sekisho/app/limits.h"

namespace sekisho::app::ldap {
namespace {

using Code = LdapOperation;

constexpr Operation kOperations[] = {
    {Code::bind_request, "bind_request", Shape::bind, true, false},
    {Code::bind_response, "bind_response", Shape::result, false, true},
    {Code::unbind_request, "unbind_request", Shape::nothing, true, true},
    {Code::search_request, "search_request", Shape::about_dn, true, false},
    {Code::search_result_entry, "search_result_entry", Shape::about_dn, false, false},
    {Code::search_result_done, "search_result_done", Shape::result, false, true},
    {Code::modify_request, "modify_request", Shape::about_dn, true, false},
    {Code::modify_response, "modify_response", Shape::result, false, true},
    {Code::add_request, "add_request", Shape::about_dn, true, false},
    {Code::add_response, "add_response", Shape::result, false, true},
    {Code::del_request, "del_request", Shape::name, true, false},
    {Code::del_response, "del_response", Shape::result, false, true},
    {Code::mod_dn_request, "mod_dn_request", Shape::about_dn, true, false},
    {Code::mod_dn_response, "mod_dn_response", Shape::result, false, true},
    {Code::compare_request, "compare_request", Shape::about_dn, true, false},
    {Code::compare_response, "compare_response", Shape::result, false, true},
    {Code::abandon_request, "abandon_request", Shape::number, true, true},
    {Code::search_result_reference, "search_result_reference", Shape::reference, false, false},
    {Code::extended_request, "extended_request", Shape::extended, true, false},
    {Code::extended_response, "extended_response", Shape::result, false, true},
    {Code::intermediate_response, "intermediate_response", Shape::extended, false, false},
};

constexpr std::uint8_t kSet = 0x31, kBoolean = 0x01;
constexpr std::uint8_t kSimple = 0x80;         // AuthenticationChoice: a password
constexpr std::uint8_t kExtendedName = 0x80;   // [0] of an extended request
constexpr std::uint8_t kControls = 0xa0;       // [0] behind the operation
constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";  // section 4.14.1
constexpr std::uint32_t kIdMax = 0x7fffffff;

/// A number of at most four octets that is not negative.
std::optional<std::uint32_t> number(Bytes content) noexcept {
    if (content.empty() || content.size() > 4 || (content[0] & 0x80) != 0) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : content) value = value << 8 | octet;
    return value;
}

class Attributes {
  public:
    Attributes(TxId tx, Field field, std::uint8_t& told, FieldSink& out) noexcept : tx_(tx), field_(field), told_(told), out_(out) {}
    void tell(Bytes type) noexcept {
        if (told_ >= kLdapAttributesMax || type.empty()) return;
        ++told_;
        out_.put(tx_, field_, type);
    }

  private:
    TxId tx_;
    Field field_;
    std::uint8_t& told_;
    FieldSink& out_;
};

/// SEQUENCE OF SEQUENCE { type, SET OF value }: the attributes of an entry.
bool tell_attribute_list(Bytes list, bool cut, Attributes& attributes) noexcept {
    Parts entries(list, cut);
    while (!entries.empty() && entries.sound()) {
        Parts attribute(entries.take(ber::kSequence), cut);
        attributes.tell(attribute.take(ber::kOctetString));
        attribute.take(kSet);
        if (!attribute.sound()) return false;
    }
    return entries.sound();
}

/// SearchRequest behind its base (section 4.5.1).
bool tell_search(Parts& parts, Attributes& attributes) noexcept {
    parts.take(ber::kEnumerated);  // scope
    parts.take(ber::kEnumerated);  // what is done with aliases
    parts.take(ber::kInteger);     // sizeLimit
    parts.take(ber::kInteger);     // timeLimit
    parts.take(kBoolean);          // typesOnly
    parts.next();                  // filter
    Parts wanted(parts.take(ber::kSequence), parts.cut());
    while (!wanted.empty() && wanted.sound()) attributes.tell(wanted.take(ber::kOctetString));
    return wanted.sound();
}

/// The changes of a ModifyRequest: SEQUENCE OF SEQUENCE { operation, attribute } (section 4.6).
bool tell_changes(Parts& parts, Attributes& attributes) noexcept {
    Parts changes(parts.take(ber::kSequence), parts.cut());
    while (!changes.empty() && changes.sound()) {
        Parts change(changes.take(ber::kSequence), parts.cut());
        change.take(ber::kEnumerated);
        Parts attribute(change.take(ber::kSequence), parts.cut());
        attributes.tell(attribute.take(ber::kOctetString));
        if (!change.sound() || !attribute.sound()) return false;
    }
    return changes.sound();
}

bool tell_behind_dn(Code code, Parts& parts, Attributes& attributes) noexcept {
    switch (code) {
        case Code::search_request: return tell_search(parts, attributes);
        case Code::modify_request: return tell_changes(parts, attributes);
        case Code::add_request: return tell_attribute_list(parts.take(ber::kSequence), parts.cut(), attributes);
        case Code::compare_request: {
            Parts assertion(parts.take(ber::kSequence), parts.cut());
            attributes.tell(assertion.take(ber::kOctetString));
            return assertion.sound();
        }
        default: return true;
    }
}

void tell_dn(TxId tx, Bytes dn, FieldSink& out) noexcept {
    out.put(tx, Field::ldap_request_dn, dn);
    put_detail(out, tx, "dn", as_text(dn));
}

Request tell_bind(TxId tx, const Message& message, FieldSink& out) noexcept {
    Request request;
    Parts parts(message.content, message.cut);
    const auto version = number(parts.take(ber::kInteger));
    if (version) put_detail(out, tx, "version", *version);
    tell_dn(tx, parts.take(ber::kOctetString), out);
    const ber::Value authentication = parts.next();
    request.sasl = authentication.tag != kSimple;
    put_detail(out, tx, "authentication", request.sasl ? "sasl" : "simple");
    request.sound = parts.sound() && version.has_value();
    return request;
}

Request tell_extended(TxId tx, const Message& message, FieldSink& out) noexcept {
    Request request;
    Parts parts(message.content, message.cut);
    const Bytes name = parts.take(kExtendedName);
    put_detail(out, tx, "name", as_text(name));
    request.start_tls = as_text(name) == kStartTls;
    request.sound = parts.sound();
    return request;
}

Request tell_about_dn(TxId tx, const Message& message, FieldSink& out) noexcept {
    Parts parts(message.content, message.cut);
    tell_dn(tx, parts.take(ber::kOctetString), out);
    std::uint8_t told = 0;
    Attributes attributes(tx, Field::ldap_request_attribute_type, told, out);
    Request request;
    request.sound = tell_behind_dn(message.operation->code, parts, attributes) && parts.sound();
    return request;
}

/// LDAPResult ::= { resultCode, matchedDN, diagnosticMessage, ... } (section 4.1.9).
Response tell_result(TxId tx, const Message& message, FieldSink& out) noexcept {
    Response response;
    Parts parts(message.content, message.cut);
    response.result = number(parts.take(ber::kEnumerated));
    out.put(tx, Field::ldap_responses_dn, parts.take(ber::kOctetString));
    const Bytes text = parts.take(ber::kOctetString);
    out.put(tx, Field::ldap_responses_message, text);
    if (response.result) put_detail(out, tx, "result_code", *response.result);
    put_detail(out, tx, "message", as_text(text));
    response.sound = parts.sound() && response.result.has_value();
    return response;
}

Response tell_entry(TxId tx, const Message& message, bool names, std::uint8_t& told, FieldSink& out) noexcept {
    Response response;
    Parts parts(message.content, message.cut);
    const Bytes dn = parts.take(ber::kOctetString);
    if (names) out.put(tx, Field::ldap_responses_dn, dn);
    Attributes attributes(tx, Field::ldap_responses_attribute_type, told, out);
    response.sound = tell_attribute_list(parts.take(ber::kSequence), message.cut, attributes) && parts.sound();
    return response;
}

/// Tag of the first part of an operation's content; nothing: there need be none, or any will do.
std::optional<std::uint8_t> first_tag(const Operation& operation) noexcept {
    switch (operation.shape) {
        case Shape::bind: return ber::kInteger;
        case Shape::about_dn:
        case Shape::reference: return ber::kOctetString;
        case Shape::result: return ber::kEnumerated;
        case Shape::extended: return operation.request ? std::optional(kExtendedName) : std::nullopt;
        default: return std::nullopt;
    }
}

}  // namespace

const Operation* find_operation(std::uint8_t tag) noexcept {
    const auto* found = std::find_if(std::begin(kOperations), std::end(kOperations), [tag](const Operation& o) { return o.tag() == tag; });
    return found == std::end(kOperations) ? nullptr : found;
}

ber::Value Parts::next() noexcept {
    if (empty() || !sound_) {
        sound_ = sound_ && cut_;
        return {};
    }
    const ber::Head head = ber::read_head(reader_);
    const bool whole = reader_.ok() && head.length <= reader_.remaining();
    if (!head.definite || (!whole && !cut_)) {
        sound_ = false;
        return {};
    }
    if (!reader_.ok()) {  // cut inside the head
        reader_ = ByteReader({});
        return {};
    }
    return {head.tag, reader_.bytes(std::min<std::size_t>(head.length, reader_.remaining())), true};
}

Bytes Parts::take(std::uint8_t tag) noexcept {
    const ber::Value value = next();
    if (value.ok && value.tag == tag) return value.content;
    sound_ = sound_ && !value.ok && cut_;
    return {};
}

HeadResult read_head(Bytes in, Head& head) noexcept {
    ByteReader reader(in);
    const ber::Head outer = ber::read_head(reader);
    if (!in.empty() && outer.tag != ber::kSequence) return HeadResult::bad;
    if (!outer.definite) return HeadResult::bad;
    if (!reader.ok()) return HeadResult::need_more;
    head = {reader.position(), outer.length};
    return HeadResult::good;
}

std::optional<Message> read_message(Bytes content, bool cut) noexcept {
    Parts parts(content, cut);
    const auto id = number(parts.take(ber::kInteger));
    ber::Value operation = parts.next();
    // Connectionless LDAP has a user's name here (RFC 1798 section 4.1).
    if (operation.ok && operation.tag == ber::kOctetString) operation = parts.next();
    if (!id || *id > kIdMax || !operation.ok) return std::nullopt;
    const Operation* known = find_operation(operation.tag);
    if (known == nullptr) return std::nullopt;
    const bool operation_cut = cut && parts.empty();
    while (!parts.empty() && parts.sound()) parts.next();  // controls
    if (!parts.sound()) return std::nullopt;
    return Message{*id, known, operation.content, operation_cut};
}

Request tell_request(TxId tx, const Message& message, FieldSink& out) noexcept {
    const Operation& operation = *message.operation;
    out.fact(tx, Fact::ldap_request_operation, static_cast<std::uint64_t>(operation.code));
    put_detail(out, tx, "operation", operation.name);
    put_detail(out, tx, "message_id", message.id);
    Request request;
    switch (operation.shape) {
        case Shape::bind: return tell_bind(tx, message, out);
        case Shape::extended: return tell_extended(tx, message, out);
        case Shape::about_dn: return tell_about_dn(tx, message, out);
        case Shape::name: tell_dn(tx, message.content, out); break;
        case Shape::number: {
            const auto meant = number(message.content);
            request.sound = meant.has_value();
            request.abandons = meant.value_or(0);
            break;
        }
        case Shape::nothing: request.sound = message.content.empty(); break;
        default: break;
    }
    return request;
}

Response tell_response(TxId tx, const Message& message, bool names, std::uint8_t& attributes, FieldSink& out) noexcept {
    switch (message.operation->shape) {
        case Shape::result: return tell_result(tx, message, out);
        case Shape::about_dn: return tell_entry(tx, message, names, attributes, out);
        default: return {};
    }
}

Look look(Bytes in) noexcept {
    Head outer;
    const HeadResult result = read_head(in, outer);
    if (in.empty() || result == HeadResult::bad) return {};
    if (result == HeadResult::need_more) return {Probe::maybe, false};
    ByteReader reader(in.subspan(outer.size));
    const ber::Head id_head = ber::read_head(reader);
    const Bytes id = reader.bytes(id_head.length);
    if (!reader.ok()) return {in.size() < outer.size + outer.length && id_head.length <= 4 ? Probe::maybe : Probe::no, false};
    if (id_head.tag != ber::kInteger || !number(id)) return {};
    const ber::Head head = ber::read_head(reader);
    if (!reader.ok()) return {in.size() < outer.size + outer.length ? Probe::maybe : Probe::no, false};
    const Operation* operation = find_operation(head.tag);
    if (operation == nullptr || !head.definite) return {};
    const std::uint64_t end = reader.position() + std::uint64_t{head.length};
    if (end > outer.length) return {};
    const auto first = first_tag(*operation);
    if (first && head.length == 0) return {};
    if (first && reader.remaining() == 0) return {Probe::maybe, operation->request};
    if (first && reader.rest()[0] != *first) return {};
    // What follows the operation can only be controls.
    if (end < outer.length && outer.size + end < in.size() && in[outer.size + static_cast<std::size_t>(end)] != kControls) return {};
    return {Probe::yes, operation->request};
}

}  // namespace sekisho::app::ldap
