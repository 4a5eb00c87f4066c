#include "sekisho/appid/app_id.h"

#include <ndpi_api.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <mutex>
#include <new>
#include <vector>

#include "groups.h"
#include "sekisho/base/text.h"

namespace sekisho::appid {
namespace {

static_assert(NDPI_MAX_RISK == kRiskCount, "the names in sekisho/app/flow_risk.h follow nDPI's numbers");

constexpr std::size_t kRecordsMax = std::size_t{1} << 20;
constexpr std::size_t kPacketMaxBytes = 65535;  // nDPI counts in 16 bits
constexpr TimeNs kMillisecondNs = 1'000'000;

/// nDPI's initialisation writes tables of the process: one at a time.
std::mutex& initialisation() {
    static std::mutex mutex;
    return mutex;
}

struct ModuleDeleter {
    void operator()(ndpi_detection_module_struct* module) const noexcept {
        ndpi_exit_detection_module(module);
    }
};
using Module = std::unique_ptr<ndpi_detection_module_struct, ModuleDeleter>;

Module open_module() {
    const std::lock_guard lock(initialisation());
    Module module(ndpi_init_detection_module(ndpi_dont_load_tor_hosts));
    if (!module) return module;
    NDPI_PROTOCOL_BITMASK all;
    NDPI_BITMASK_SET_ALL(all);
    ndpi_set_protocol_detection_bitmask2(module.get(), &all);
    // The flow table knows who opened the flow; nDPI would guess it from ports.
    ndpi_set_detection_preferences(module.get(), ndpi_pref_direction_detect_disable, 1);
    ndpi_finalize_initialization(module.get());
    return module;
}

std::string_view text_of(const char* text) noexcept {
    return text == nullptr ? std::string_view{} : text;
}

/// The transport that nDPI will find in a packet: it walks the same extension headers of IPv6 in the same way, and none of
/// IPv4's tunnels. None where it stops before.
std::optional<std::uint8_t> transport_of(Bytes packet) noexcept {
    constexpr std::size_t kProtocol4 = 9, kHeader4 = 20, kNextHeader6 = 6, kHeader6 = 40, kUnit = 8;
    constexpr std::uint8_t kFragment = 44, kExtensions[] = {0, 43, kFragment, 60, 135};  // RFC 8200, RFC 6275
    const unsigned version = packet[0] >> 4;
    if (version == 4) return packet.size() < kHeader4 ? std::nullopt : std::optional(packet[kProtocol4]);
    if (version != 6 || packet.size() < kHeader6) return std::nullopt;
    std::uint8_t next = packet[kNextHeader6];
    for (Bytes rest = packet.subspan(kHeader6);
         std::find(std::begin(kExtensions), std::end(kExtensions), next) != std::end(kExtensions);) {
        if (rest.size() < kUnit) return std::nullopt;
        const std::size_t bytes = next == kFragment ? kUnit : (rest[1] + std::size_t{1}) * kUnit;
        if (rest.size() < bytes) return std::nullopt;
        next = rest[0];
        rest = rest.subspan(bytes);
    }
    return next;
}

}  // namespace

struct AppId::Library {
    Module module;
    AppIdLimits limits;
    std::size_t record_bytes = 0;
    std::vector<std::uint64_t> memory;     // all records, in words for their alignment
    std::vector<std::uint32_t> free_list;  // indexes; capacity never changes
    std::vector<std::uint8_t> fed;         // packets with payload shown, by index
    std::vector<std::uint8_t> transports;  // of the flow, by index
    Counters<AppIdCounter> counters;

    ndpi_flow_struct* record(Handle handle) noexcept {
        return reinterpret_cast<ndpi_flow_struct*>(memory.data() + handle.index * (record_bytes / 8));
    }
    /// nDPI gives back what it holds by the transport that its record names, and forgets that with a header that it cannot
    /// read and with a SYN, even one that carries data.
    void keep_transport(Handle handle) noexcept { record(handle)->l4_proto = transports[handle.index]; }
    Answer answer(const ndpi_protocol& found, const ndpi_flow_struct& flow) const noexcept {
        Answer answer;
        answer.risks = flow.risk;
        // nDPI puts a lone protocol into app_protocol; the master is set only below a second one.
        const bool two = found.master_protocol != NDPI_PROTOCOL_UNKNOWN;
        answer.protocol = two ? found.master_protocol : found.app_protocol;
        answer.application =
            two && found.app_protocol != found.master_protocol ? found.app_protocol : std::uint16_t{0};
        answer.category = static_cast<std::uint16_t>(found.category);
        return answer;
    }
    Answer show(Handle handle, Bytes packet, TimeNs time, Direction direction) noexcept {
        ndpi_flow_struct* const flow = record(handle);
        flow->packet_direction = direction == Direction::to_server ? 0 : 1;
        const ndpi_protocol found = ndpi_detection_process_packet(module.get(), flow, packet.data(),
                                                                  static_cast<std::uint16_t>(packet.size()), time / kMillisecondNs);
        keep_transport(handle);
        return answer(found, *flow);
    }
    Answer guess(Handle handle) noexcept {
        std::uint8_t guessed = 0;
        const ndpi_protocol found = ndpi_detection_giveup(module.get(), record(handle), 1, &guessed);
        Answer best = answer(found, *record(handle));
        best.decided = true;
        best.guessed = guessed != 0 && best.known();
        counters.add(!best.known()  ? AppIdCounter::unknown
                     : best.guessed ? AppIdCounter::guessed
                                    : AppIdCounter::decided);
        return best;
    }
};

AppId::AppId(std::unique_ptr<Library> library) : library_(std::move(library)) {}

AppId::~AppId() {
    for (std::uint32_t i = 0; i < library_->limits.records; ++i)
        ndpi_free_flow_data(library_->record({i}));
}

Result<std::unique_ptr<AppId>> AppId::create(const AppIdLimits& limits) {
    if (limits.records == 0 || limits.records > kRecordsMax || limits.packets == 0)
        return fail(ErrorCode::limit,
                    "application detection: 1 to 1,048,576 records and at least one packet");
    auto library = std::make_unique<Library>();
    library->module = open_module();
    if (!library->module) return fail(ErrorCode::unavailable, "nDPI cannot be started (out of memory?)");
    library->limits = limits;
    library->record_bytes = (ndpi_detection_get_sizeof_ndpi_flow_struct() + 7u) / 8u * 8u;
    library->memory.resize(limits.records * (library->record_bytes / 8));
    library->fed.resize(limits.records);
    library->transports.resize(limits.records);
    library->free_list.reserve(limits.records);
    for (std::size_t i = limits.records; i-- > 0;)
        library->free_list.push_back(static_cast<std::uint32_t>(i));
    return std::unique_ptr<AppId>(new AppId(std::move(library)));
}

Handle AppId::begin(std::uint8_t transport) noexcept {
    library_->counters.add(AppIdCounter::flows);
    if (library_->free_list.empty()) {
        library_->counters.add(AppIdCounter::no_record);
        return {};
    }
    const Handle handle{library_->free_list.back()};
    library_->free_list.pop_back();
    library_->fed[handle.index] = 0;
    library_->transports[handle.index] = transport;
    return handle;
}

Answer AppId::feed(Handle handle, Bytes packet, TimeNs time, Direction direction) noexcept {
    if (!handle || packet.empty() || packet.size() > kPacketMaxBytes) return {};
    library_->counters.add(AppIdCounter::packets);
    // What nDPI reads as of another transport (behind an authentication header, or forged) it is not shown; it counts as a
    // packet, so that the record does not wait for ever.
    Answer answer;
    if (transport_of(packet) == library_->transports[handle.index]) answer = library_->show(handle, packet, time, direction);
    // nDPI may ask for more once it has named a protocol (certificates of TLS, for risks). It does not get more: its code for
    // that reads beyond its buffers when the packets are hostile (4.2, ndpi_search_tls_tcp_memory).
    if (answer.known()) {
        answer.decided = true;
        library_->counters.add(AppIdCounter::decided);
        return answer;
    }
    if (++library_->fed[handle.index] >= library_->limits.packets) return library_->guess(handle);
    return answer;
}

Answer AppId::give_up(Handle handle) noexcept { return handle ? library_->guess(handle) : Answer{}; }

void AppId::end(Handle handle) noexcept {
    if (!handle) return;
    ndpi_flow_struct* const record = library_->record(handle);
    library_->keep_transport(handle);
    ndpi_free_flow_data(record);
    std::memset(static_cast<void*>(record), 0, library_->record_bytes);
    library_->free_list.push_back(handle.index);  // within the capacity reserved at start
}

std::string_view AppId::name(const Answer& answer) const noexcept {
    const std::uint16_t id = answer.application != 0 ? answer.application : answer.protocol;
    return text_of(ndpi_get_proto_name(library_->module.get(), id));
}

std::string_view AppId::protocol_name(const Answer& answer) const noexcept {
    return text_of(ndpi_get_proto_name(library_->module.get(), answer.protocol));
}

std::string_view AppId::category_name(const Answer& answer) const noexcept {
    return text_of(ndpi_category_get_name(library_->module.get(),
                                          static_cast<ndpi_protocol_category_t>(answer.category)));
}

std::size_t AppId::applications() const noexcept { return ndpi_get_num_supported_protocols(library_->module.get()); }

std::string_view AppId::name_of(std::uint16_t application) const noexcept {
    return text_of(ndpi_get_proto_name(library_->module.get(), application));
}

std::optional<std::uint16_t> AppId::find(std::string_view name) const noexcept {
    for (std::size_t id = 1; id < applications(); ++id)
        if (equals_nocase(name_of(static_cast<std::uint16_t>(id)), name)) return static_cast<std::uint16_t>(id);
    return std::nullopt;
}

std::uint16_t AppId::category_of(std::uint16_t application) const noexcept {
    if (application >= applications()) return 0;
    return static_cast<std::uint16_t>(ndpi_get_proto_defaults(library_->module.get())[application].protoCategory);
}

std::size_t AppId::group_of(std::uint16_t application) const noexcept {
    if (application == 0 || application >= applications()) return kNoGroup;
    const ndpi_proto_defaults_t& entry = ndpi_get_proto_defaults(library_->module.get())[application];
    return find_group(application, entry.protoCategory);
}

std::size_t AppId::borrowed() const noexcept {
    return library_->limits.records - library_->free_list.size();
}
const Counters<AppIdCounter>& AppId::counters() const noexcept { return library_->counters; }

}  // namespace sekisho::appid
