// Pieces are kept as they came, sorted by offset; which of two overlapping copies counts is decided when the
// datagram is whole, by the order in which the pieces are written into the output.
#include "sekisho/packet/defrag.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "packet/datagram.h"
#include "packet/layers.h"
#include "sekisho/base/hash.h"
#include "sekisho/packet/checksum.h"
#include "sekisho/packet/decode.h"

namespace sekisho::packet {
namespace {

constexpr std::size_t kOutputBytes = kFragmentHeadersMax + kDatagramMax + 1;
constexpr std::size_t kFragmentHeader = 8;

DatagramKey key_of(const Packet& packet, bool by_vlan) noexcept {
    DatagramKey key;
    key.source = packet.src;
    key.destination = packet.dst;
    key.id = packet.fragment_id;
    if (by_vlan) key.vlan = packet.vlan;
    key.version = packet.ip_version;
    key.protocol = packet.ip_version == 4 ? packet.ip_protocol : std::uint8_t{0};
    key.tunnel_depth = packet.tunnel_depth;
    return key;
}

DecodeEvent by_version(const Packet& packet, DecodeEvent v4, DecodeEvent v6) noexcept {
    return packet.ip_version == 4 ? v4 : v6;
}

/// Order of writing: what is written later covers what was written before.
bool is_written_before(const Piece& a, const Piece& b, OverlapPolicy policy) noexcept {
    const bool same_start = a.fragment_start == b.fragment_start;
    switch (policy) {
        case OverlapPolicy::first: return a.arrival > b.arrival;
        case OverlapPolicy::last: return a.arrival < b.arrival;
        case OverlapPolicy::bsd: return same_start ? a.arrival > b.arrival : a.fragment_start > b.fragment_start;
        case OverlapPolicy::bsd_right: return same_start ? a.arrival < b.arrival : a.fragment_start < b.fragment_start;
        case OverlapPolicy::linux_: return same_start ? a.arrival < b.arrival : a.fragment_start > b.fragment_start;
    }
    return false;
}

}  // namespace

OverlapPolicy overlap_policy(HostSystem system) noexcept {
    switch (system) {
        case HostSystem::last: return OverlapPolicy::last;
        case HostSystem::bsd:
        case HostSystem::hpux10:
        case HostSystem::irix: return OverlapPolicy::bsd;
        case HostSystem::bsd_right: return OverlapPolicy::bsd_right;
        case HostSystem::linux_:
        case HostSystem::old_linux: return OverlapPolicy::linux_;
        default: return OverlapPolicy::first;
    }
}

struct Defragmenter::Impl {
    explicit Impl(const DefragConfig& c)
        : config(c),
          datagrams(std::max<std::uint32_t>(c.trackers, 1) + 1),
          buckets(std::bit_ceil(datagrams.size())),
          pool(c.pool_bytes),
          output((kTunnelDepthMax + 1) * kOutputBytes) {
        for (auto i = static_cast<std::uint32_t>(datagrams.size()) - 1; i >= 1; --i) {
            datagrams[i].chain = free_head;
            free_head = i;
        }
    }

    std::uint32_t& bucket(std::uint32_t hash) noexcept { return buckets[hash & (buckets.size() - 1)]; }

    std::uint32_t find(const DatagramKey& key, std::uint32_t hash) noexcept {
        std::uint32_t i = bucket(hash);
        while (i && !(datagrams[i].hash == hash && datagrams[i].key == key)) i = datagrams[i].chain;
        return i;
    }
    std::uint32_t add(const DatagramKey& key, std::uint32_t hash, TimeNs now) noexcept {
        if (!free_head) evict_oldest();
        const std::uint32_t i = free_head;
        Datagram& datagram = datagrams[i];
        free_head = datagram.chain;
        datagram = Datagram{};
        datagram.key = key;
        datagram.hash = hash;
        datagram.first_ns = now;
        datagram.chain = bucket(hash);
        bucket(hash) = i;
        datagram.older = youngest;
        (youngest ? datagrams[youngest].younger : oldest) = i;
        youngest = i;
        ++pending;
        return i;
    }
    void remove(std::uint32_t i) noexcept {
        Datagram& datagram = datagrams[i];
        drop_pieces(datagram);
        std::uint32_t* link = &bucket(datagram.hash);
        while (*link != i) link = &datagrams[*link].chain;
        *link = datagram.chain;
        (datagram.older ? datagrams[datagram.older].younger : oldest) = datagram.younger;
        (datagram.younger ? datagrams[datagram.younger].older : youngest) = datagram.older;
        datagram.chain = free_head;
        free_head = i;
        --pending;
    }
    void evict_oldest() noexcept {
        counters.add(DefragCounter::evicted);
        remove(oldest);
    }
    void drop_pieces(Datagram& datagram) noexcept {
        while (const std::uint32_t i = datagram.head) {
            datagram.head = pool[i].next;
            pool.give(i);
        }
        datagram.tail = 0;
    }
    Outcome refuse(Packet& packet, DecodeEvent event) noexcept {
        raise(packet, event);
        return Outcome::refused;
    }

    Outcome take(Packet& packet) noexcept;
    bool check_overlap(Datagram& datagram, Packet& packet, std::uint32_t start, Bytes data) noexcept;
    bool store(std::uint32_t self, std::uint32_t start, Bytes data) noexcept;
    void keep_headers(Datagram& datagram, const Packet& packet) noexcept;
    bool is_whole(const Datagram& datagram) noexcept;
    void write(Datagram& datagram, Packet& packet) noexcept;

    const DefragConfig config;
    Counters<DefragCounter> counters;
    std::vector<Datagram> datagrams;  // 0 is not used
    std::vector<std::uint32_t> buckets;
    PiecePool pool;
    std::vector<std::uint8_t> output;  // one per tunnel depth: an outer datagram lives on while an inner is built
    struct WholeKey {
        DatagramKey key;
        std::uint32_t hash = 0;
        TimeNs now = 0;
    };
    std::array<WholeKey, kTunnelDepthMax + 1> whole_keys{};  // of the datagram made whole last, by tunnel depth
    std::array<std::uint32_t, kPiecesMax> order{};
    std::uint32_t free_head = 0, oldest = 0, youngest = 0;
    std::size_t pending = 0;
    const std::uint64_t seed = process_hash_seed();
};

Defragmenter::Outcome Defragmenter::Impl::take(Packet& packet) noexcept {
    const auto ignored = by_version(packet, DecodeEvent::ipv4_frag_ignored, DecodeEvent::ipv6_frag_ignored);
    const bool v6 = packet.ip_version == 6;
    const std::uint32_t start = packet.fragment_offset;
    const bool last = !packet.has(Packet::kMoreFragments);
    Bytes data = packet.payload_bytes();
    const std::size_t headers = static_cast<std::size_t>(packet.payload - packet.l3) - (v6 ? kFragmentHeader : 0);
    counters.add(DefragCounter::fragments);
    // All but the last are multiples of 8. IPv6 hosts discard others (RFC 8200 section 4.5), IPv4 hosts cut.
    if (!last && data.size() % 8 != 0) {
        if (v6) return refuse(packet, DecodeEvent::ipv6_frag_invalid_length);
        data = data.first(data.size() / 8 * 8);
    }
    const std::size_t reach = start + data.size() + (v6 ? headers - 40 : headers);
    if (reach > kDatagramMax) {
        counters.add(DefragCounter::too_large);
        return refuse(packet, by_version(packet, DecodeEvent::ipv4_frag_pkt_too_large, DecodeEvent::ipv6_frag_pkt_too_large));
    }
    if (data.empty() || headers > kFragmentHeadersMax) return refuse(packet, ignored);

    const DatagramKey key = key_of(packet, config.by_vlan);
    const std::uint64_t mixed = hash_bytes({reinterpret_cast<const std::uint8_t*>(&key), sizeof key}, seed);
    const auto hash = static_cast<std::uint32_t>(mixed ^ mixed >> 32);
    std::uint32_t self = find(key, hash);
    if (self && packet.time_ns - datagrams[self].first_ns > config.timeout_seconds * kSecondNs &&
        packet.time_ns > datagrams[self].first_ns) {
        counters.add(DefragCounter::expired);  // the identification is in use again
        remove(self);
        self = 0;
    }
    if (!self) self = add(key, hash, packet.time_ns);
    Datagram& datagram = datagrams[self];
    if (datagram.poisoned) return refuse(packet, ignored);

    const std::uint32_t end = start + static_cast<std::uint32_t>(data.size());
    if (!check_overlap(datagram, packet, start, data)) {
        counters.add(DefragCounter::conflicts);
        datagram.poisoned = true;
        drop_pieces(datagram);
        return Outcome::refused;
    }
    // Beyond the end that the last fragment gave, or a second end.
    if (datagram.size != 0 && (end > datagram.size || (last && end != datagram.size))) return refuse(packet, ignored);
    if (last && datagram.tail && pool[datagram.tail].end() > end) return refuse(packet, ignored);
    if (!store(self, start, data)) {
        counters.add(DefragCounter::refused_full);
        return refuse(packet, ignored);
    }
    if (last) datagram.size = end;
    if (start == 0 && datagram.headers_size == 0) keep_headers(datagram, packet);
    if (!is_whole(datagram)) return Outcome::held;
    whole_keys[std::min(packet.tunnel_depth, kTunnelDepthMax)] = {key, hash, packet.time_ns};
    write(datagram, packet);
    remove(self);
    counters.add(DefragCounter::whole);
    // A fragment again: one fragment header is all there may be (RFC 8200 section 4.5), some hosts go on all the same.
    if (packet.has(Packet::kFragment)) return refuse(packet, DecodeEvent::ipv6_exthdr_dupl_fh);
    return Outcome::whole;
}

/// False: the datagram is to be given up.
bool Defragmenter::Impl::check_overlap(Datagram& datagram, Packet& packet, std::uint32_t start, Bytes data) noexcept {
    const auto end = start + static_cast<std::uint32_t>(data.size());
    if (!datagram.tail || pool[datagram.tail].end() <= start) return true;
    bool overlap = false, differ = false;
    for (std::uint32_t i = datagram.head; i && pool[i].offset < end; i = pool[i].next) {
        const Piece& piece = pool[i];
        const std::uint32_t from = std::max<std::uint32_t>(start, piece.offset), to = std::min(end, piece.end());
        if (from >= to) continue;
        overlap = true;
        differ = differ || std::memcmp(data.data() + (from - start), piece.data + (from - piece.offset), to - from) != 0;
    }
    if (!overlap) return true;
    datagram.overlapping = true;
    counters.add(DefragCounter::overlaps);
    raise(packet, by_version(packet, DecodeEvent::ipv4_frag_overlap, DecodeEvent::ipv6_frag_overlap));
    return !(differ && config.refuse_conflicts);
}

/// Copies `data` into pieces and sorts them in. False: no memory, or too many pieces.
bool Defragmenter::Impl::store(std::uint32_t self, std::uint32_t start, Bytes data) noexcept {
    Datagram& datagram = datagrams[self];
    const std::uint16_t arrival = datagram.fragments++;
    const std::uint32_t fragment_start = start;
    std::uint32_t before = 0, behind = datagram.head;
    if (datagram.tail && pool[datagram.tail].offset <= start) {  // in order: the usual case
        before = datagram.tail;
        behind = 0;
    }
    while (!data.empty()) {
        if (datagram.pieces == kPiecesMax) return false;
        std::uint32_t i = pool.take();
        while (!i && oldest != self) {
            evict_oldest();
            i = pool.take();
        }
        if (!i) return false;
        while (behind && pool[behind].offset <= start) {
            before = behind;
            behind = pool[behind].next;
        }
        Piece& piece = pool[i];
        const std::size_t size = std::min(data.size(), Piece::kRoom);
        piece.next = behind;
        piece.offset = offset16(start);
        piece.size = offset16(size);
        piece.fragment_start = offset16(fragment_start);
        piece.arrival = arrival;
        std::memcpy(piece.data, data.data(), size);
        (before ? pool[before].next : datagram.head) = i;
        if (!behind) datagram.tail = i;
        before = i;
        ++datagram.pieces;
        datagram.covered += static_cast<std::uint32_t>(size);
        start += static_cast<std::uint32_t>(size);
        data = data.subspan(size);
    }
    return true;
}

void Defragmenter::Impl::keep_headers(Datagram& datagram, const Packet& packet) noexcept {
    const bool v6 = packet.ip_version == 6;
    const std::size_t size = static_cast<std::size_t>(packet.payload - packet.l3) - (v6 ? kFragmentHeader : 0);
    std::memcpy(datagram.headers.data(), packet.data.data() + packet.l3, size);
    datagram.headers_size = offset16(size);
    if (!v6) return;
    datagram.link = static_cast<std::uint16_t>(packet.fragment_link - packet.l3);
    datagram.next_header = packet.data[packet.payload - kFragmentHeader];
}

bool Defragmenter::Impl::is_whole(const Datagram& datagram) noexcept {
    if (datagram.size == 0 || datagram.headers_size == 0 || datagram.covered < datagram.size) return false;
    if (!datagram.overlapping) return datagram.covered == datagram.size;
    std::uint32_t reached = 0;
    for (std::uint32_t i = datagram.head; i && pool[i].offset <= reached; i = pool[i].next)
        reached = std::max(reached, pool[i].end());
    return reached >= datagram.size;
}

void Defragmenter::Impl::write(Datagram& datagram, Packet& packet) noexcept {
    std::uint8_t* out = output.data() + std::min(packet.tunnel_depth, kTunnelDepthMax) * kOutputBytes;
    std::uint8_t* payload = out + datagram.headers_size;
    std::memcpy(out, datagram.headers.data(), datagram.headers_size);
    std::size_t count = 0;
    for (std::uint32_t i = datagram.head; i; i = pool[i].next) order[count++] = i;
    if (datagram.overlapping) {
        const auto system = config.hosts.find(packet.dst);
        const OverlapPolicy policy = system ? overlap_policy(*system) : config.overlap;
        std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), [&](std::uint32_t a, std::uint32_t b) {
            return is_written_before(pool[a], pool[b], policy);
        });
    }
    for (std::size_t n = 0; n < count; ++n) {
        const Piece& piece = pool[order[n]];
        std::memcpy(payload + piece.offset, piece.data, piece.size);
    }
    const std::size_t size = datagram.headers_size + datagram.size;
    const auto put16 = [out](std::size_t at, std::size_t value) {
        out[at] = static_cast<std::uint8_t>(value >> 8);
        out[at + 1] = static_cast<std::uint8_t>(value);
    };
    if (packet.ip_version == 4) {
        put16(2, size);
        put16(6, 0);
        put16(10, 0);
        put16(10, internet_checksum({out, datagram.headers_size}));
    } else {
        put16(4, size - 40);
        out[datagram.link] = datagram.next_header;
    }
    decode_again(packet, {out, size});
}

Defragmenter::Defragmenter(const DefragConfig& config) : impl_(std::make_unique<Impl>(config)) {}
Defragmenter::~Defragmenter() = default;

Defragmenter::Outcome Defragmenter::accept(Packet& packet) noexcept {
    if (!packet.has(Packet::kFragment)) return Outcome::not_fragment;
    return impl_->take(packet);
}

void Defragmenter::condemn(std::uint8_t tunnel_depth) noexcept {
    const Impl::WholeKey& whole = impl_->whole_keys[std::min(tunnel_depth, kTunnelDepthMax)];
    std::uint32_t self = impl_->find(whole.key, whole.hash);
    if (!self) self = impl_->add(whole.key, whole.hash, whole.now);
    impl_->datagrams[self].poisoned = true;
}

void Defragmenter::expire(TimeNs now, std::size_t budget) noexcept {
    const TimeNs timeout = impl_->config.timeout_seconds * kSecondNs;
    for (; budget > 0 && impl_->oldest; --budget) {
        const TimeNs first = impl_->datagrams[impl_->oldest].first_ns;
        if (now <= first || now - first <= timeout) return;
        impl_->remove(impl_->oldest);
        impl_->counters.add(DefragCounter::expired);
    }
}

std::size_t Defragmenter::pending() const noexcept { return impl_->pending; }
const Counters<DefragCounter>& Defragmenter::counters() const noexcept { return impl_->counters; }

}  // namespace sekisho::packet
