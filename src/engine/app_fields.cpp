// The sink side of the application layer: fields, facts, bodies and stages into transactions and scans.
#include <algorithm>

#include "ambiguity.h"
#include "app_layer.h"
#include "sekisho/signature/compiled_set.h"
#include "sekisho/urlfilter/filter.h"

namespace sekisho::engine {
namespace {

using app::Direction;
using app::Field;
using app::Stage;
using detect::BodySlot;

constexpr std::size_t kUploadSlot = 2;

/// Fields that records and the URL filter read, whatever the rules do.
constexpr bool always_kept(Field field) noexcept {
    switch (field) {
        case Field::http_host:
        case Field::http_uri_raw:
        case Field::http_method:
        case Field::http_user_agent:
        case Field::http_header:
        case Field::http_accept_lang:
        case Field::http_cookie:
        case Field::tls_subjectaltname:
        case Field::quic_sni:
        case Field::http_content_type:
        case Field::tls_sni:
        case Field::tls_cert_subject:
        case Field::tls_cert_issuer:
        case Field::tls_cert_fingerprint:
        case Field::tls_alpn:
        case Field::ja3_hash:
        case Field::ja3s_hash:
        case Field::ja4_hash:
        case Field::quic_ua:
        case Field::dns_query:
        case Field::dns_answer:
        case Field::detail:
        case Field::smtp_helo:
        case Field::smtp_mail_from:
        case Field::smtp_rcpt_to:
        case Field::email_subject:
        case Field::ftp_command:
        case Field::ftp_command_data:
        case Field::ftp_reply:
        case Field::tftp_file: return true;
        default: return false;
    }
}

/// Direction of a value: the field's own, or the one being parsed where both are possible.
Direction direction_of(Field field, flow::Direction parsing) noexcept {
    switch (app::info(field).direction) {
        case app::FieldDirection::to_server: return Direction::to_server;
        case app::FieldDirection::to_client: return Direction::to_client;
        case app::FieldDirection::both:
        case app::FieldDirection::either: break;
    }
    return static_cast<Direction>(parsing);
}

std::size_t slot_of(Direction direction, Field field) noexcept {
    if (direction == Direction::to_client) return 1;
    return field == Field::file_data ? kUploadSlot : 0;
}

}  // namespace

app::TxId AppLayer::open() noexcept {
    flow::Session& s = *session_;
    if (s.open_transactions >= kTransactionsPerFlow) {
        if (Transaction* oldest = transactions_.oldest_open(s)) close(oldest->message.id);
        ++counters_.transactions_dropped;
    }
    if (transactions_.open(s) == nullptr) ++counters_.transactions_dropped;
    ++counters_.transactions;
    return s.next_tx++;
}

void AppLayer::put(app::TxId id, Field field, Bytes value) noexcept {
    if (field == Field::file_name) {
        Transaction* tx = watches_files() ? transactions_.find(*session_, id) : nullptr;
        if (tx != nullptr && !transactions_.keep_name(*tx, direction_of(field, parsing_), value)) ++counters_.fields_dropped;
        return;
    }
    if (!always_kept(field) && !policy_->rules().uses(field)) return;
    Transaction* tx = transactions_.find(*session_, id);
    if (tx == nullptr) return;
    if (!transactions_.keep(*tx, field, direction_of(field, parsing_), value)) ++counters_.fields_dropped;
}

void AppLayer::append(app::TxId id, Field field, Bytes more) noexcept {
    if (!always_kept(field) && !policy_->rules().uses(field)) return;
    Transaction* tx = transactions_.find(*session_, id);
    if (tx == nullptr || more.empty()) return;
    if (!transactions_.append(*tx, field, direction_of(field, parsing_), more)) ++counters_.fields_dropped;
}

void AppLayer::fact(app::TxId id, app::Fact fact, std::uint64_t value) noexcept {
    Transaction* tx = transactions_.find(*session_, id);
    if (tx == nullptr) return;
    tx->message.facts[static_cast<std::size_t>(fact)] = value;
    tx->message.facts_set |= std::uint64_t{1} << static_cast<unsigned>(fact);
}

void AppLayer::event(app::TxId id, app::AppEvent event) noexcept {
    if (Transaction* tx = transactions_.find(*session_, id)) {
        tx->message.events.set(static_cast<std::size_t>(event) % detect::kAppEvents);
        matcher_.event_raised(tx->message, static_cast<Direction>(parsing_), event);
    }
    ambiguous_ = ambiguous_ || is_ambiguous(event);
    records_.anomaly(flow_, session_->protocol, app::to_string(event));
}

void AppLayer::scan_fields(Transaction& tx, Direction direction) noexcept {
    const auto bit = static_cast<std::uint8_t>(1u << static_cast<unsigned>(direction));
    for (detect::FieldValue& value : tx.message.fields) {
        if ((value.scanned & bit) != 0 || !value.belongs_to(direction)) continue;
        value.scanned |= bit;
        const auto* group = policy_->rules().field_group(value.field, direction);
        if (group != nullptr && !value.bytes.empty()) matcher_.scan_field(*group, value.bytes, 0, 0, tx.message, direction);
    }
}

void AppLayer::stage(app::TxId id, Direction direction, Stage stage) noexcept {
    Transaction* tx = transactions_.find(*session_, id);
    if (tx == nullptr) return;
    Stage& reached = tx->message.stages[static_cast<std::size_t>(direction)];
    reached = std::max(reached, stage);
    if (matcher_.crowded()) matcher_.settle();
    if (stage == Stage::complete)
        for (BodySlot& slot : tx->message.bodies)
            if (slot.direction == direction) slot.view.complete = true;
    scan_fields(*tx, direction);
    matcher_.revisit(tx->message, direction);
    if (stage >= Stage::headers && !tx->url_judged) gate_.names_known(*tx);
}

/// A body that lies in the stream as it is needs no copy, as long as its pieces follow each other there.
bool AppLayer::adopt_stream_bytes(BodyStore& store, Bytes piece) noexcept {
    const stream::Window* window = windows_[flow::index(parsing_)];
    if (window == nullptr) return false;
    const Bytes all = window->all();
    const bool inside = piece.data() >= all.data() && piece.data() + piece.size() <= all.data() + all.size();
    if (!inside) return false;
    const std::uint64_t offset = window->begin() + static_cast<std::uint64_t>(piece.data() - all.data());
    if (store.octets == 0) {
        store.stream_begin = offset;
        store.in_stream = true;
        return true;
    }
    return store.in_stream && offset == store.stream_begin + store.octets;
}

void AppLayer::store_body(Transaction& tx, std::size_t index, Bytes piece) noexcept {
    BodyStore& store = tx.bodies[index];
    BodySlot& slot = tx.message.bodies[index];
    stream::WindowPool& memory = transactions_.memory();
    if (store.in_stream) {
        // Pieces no longer follow each other in the stream: go on in a window of our own.
        store.in_stream = false;
        store.window.restart_at(slot.view.base);
        store.lost = !store.window.append(slot.view.bytes, memory);
    }
    store.window.keep_from(store.window.end());
    while (!piece.empty() && !store.lost) {
        const Bytes part = piece.first(std::min(piece.size(), kSettleBytes));
        piece = piece.subspan(part.size());
        if (!store.window.append(part, memory)) {
            store.lost = true;
            ++counters_.bodies_lost;
            return;
        }
        slot.fresh_from = store.octets;
        store.octets += part.size();
        slot.view.bytes = store.window.all();
        slot.view.base = store.window.begin();
        scan_body(tx, index, slot.view.bytes, slot.view.bytes.size() - part.size());
        store.window.keep_from(store.window.end());
        if (piece.empty()) break;
        matcher_.settle();
        store.settled_at = store.octets;
    }
}

void AppLayer::scan_body(Transaction& tx, std::size_t index, Bytes view, std::size_t offset) noexcept {
    const BodySlot& slot = tx.message.bodies[index];
    const bool upload = slot.field == Field::file_data;
    const auto scan = [&](Field field) {
        if (const auto* group = policy_->rules().field_group(field, slot.direction))
            matcher_.scan_field(*group, view, offset, slot.view.base, tx.message, slot.direction);
    };
    if (!upload && slot.direction == Direction::to_server) scan(Field::http_request_body);
    scan(Field::file_data);
}

void AppLayer::body(app::TxId id, Direction direction, Field field, Bytes piece, app::BodyPart part) noexcept {
    Transaction* tx = transactions_.find(*session_, id);
    if (tx == nullptr) return;
    const std::size_t index = slot_of(direction, field);
    const auto& file = tx->message.file(direction, false);
    take_body(*tx, index, direction, field, piece, part);
    // A file inside a form takes the place of the form's own body.
    if (file.begun && file.body == index) grow_file(*tx, direction, false, piece, part.last);
}

void AppLayer::take_body(Transaction& tx, std::size_t index, Direction direction, Field field, Bytes piece,
                         app::BodyPart part) noexcept {
    BodyStore& store = tx.bodies[index];
    BodySlot& slot = tx.message.bodies[index];
    if (part.first && store.started) {
        // The next file of the same transaction: a body of its own.
        matcher_.settle();
        store.window.release(transactions_.memory());
        store = BodyStore{};
        slot = BodySlot{};
        for (detect::MessageCandidate& waiting : tx.message.pending) waiting.anchor = 0;  // places of the file before
    }
    const bool member = index >= detect::kMemberSlot;
    if (!store.started && !member) begin_file(tx, direction, false, index, name_for(tx, direction));
    store.started = true;
    // Rules see a stretch before the newest piece: candidates of a large packet are tried while they are in it.
    if (store.octets - store.settled_at > kSettleBytes) {
        matcher_.settle();
        store.settled_at = store.octets;
    }
    slot.fresh_from = store.octets;
    slot.field = field;
    slot.direction = direction;
    slot.view.complete = false;
    Stage& reached = tx.message.stages[static_cast<std::size_t>(direction)];
    reached = std::max(reached, Stage::body);
    if (!piece.empty() && !store.lost) {
        if (adopt_stream_bytes(store, piece)) put_in_place(tx, index, piece);
        else store_body(tx, index, piece);
    }
    if (part.last) slot.view.complete = true;
    if (part.last || !tx.message.pending.empty()) matcher_.revisit(tx.message, direction);
}

/// A piece that lies in the stream: the view grows over it. Payload and response body are scanned once where one
/// database holds both.
void AppLayer::put_in_place(Transaction& tx, std::size_t index, Bytes piece) noexcept {
    BodyStore& store = tx.bodies[index];
    BodySlot& slot = tx.message.bodies[index];
    const stream::Window& window = *windows_[flow::index(parsing_)];
    const auto from = static_cast<std::uint64_t>(piece.data() - window.all().data()) + window.begin();
    store.octets += piece.size();
    const std::uint64_t begin = std::max(store.stream_begin, window.begin());
    slot.view.base = begin - store.stream_begin;
    slot.view.bytes = window.from(begin).first(static_cast<std::size_t>(from + piece.size() - begin));
    const bool http = tx.message.protocol == app::Protocol::http;
    const auto* combined = http && index == 1 && parsing_ == matcher_.context().direction
                               ? policy_->rules().payload_and_body_group(server_port())
                               : nullptr;
    if (combined == nullptr) return scan_body(tx, index, slot.view.bytes, slot.view.bytes.size() - piece.size());
    scan_payload(parsing_, window, from);
    const auto end = static_cast<std::size_t>(from + piece.size() - window.begin());
    matcher_.scan_payload_and_body(*combined, window.all().first(end), static_cast<std::size_t>(from - window.begin()),
                                   window.begin(), tx.message);
    session_->scanned[flow::index(parsing_)] = from + piece.size();
}

void AppLayer::speaks(app::TxId id, app::Protocol protocol) noexcept {
    session_->protocol = protocol;
    if (Transaction* tx = transactions_.find(*session_, id)) tx->message.protocol = protocol;
}

void AppLayer::expect(const app::Expected& conversation) noexcept {
    const bool server = conversation.listener == Direction::to_server;
    ExpectedEnds ends;
    ends.listener = server ? flow_->server : flow_->client;
    ends.other = server ? flow_->client : flow_->server;
    ends.port = conversation.port != 0 ? conversation.port : server ? flow_->server_port : flow_->client_port;
    ends.ip_protocol = flow_->ip_protocol;
    expectations_.put(ends, conversation, matcher_.context().now);
}

void AppLayer::close(app::TxId id) noexcept {
    Transaction* tx = transactions_.find(*session_, id);
    if (tx == nullptr || tx->closed) return;
    tx->closed = true;
    any_closed_ = true;
    --session_->open_transactions;
    records_.transaction(*flow_, tx->message, matcher_.context().now);
}

}  // namespace sekisho::engine
