#include "fastpath/port.h"

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <array>

#include "fastpath/kernel_interface.h"
#include "fastpath/limits.h"
#include "fastpath/symmetric_hash.h"
#include "sekisho/base/log.h"

namespace sekisho::fastpath {
namespace {

constexpr std::uint16_t kNoPort = RTE_MAX_ETHPORTS;
constexpr std::uint16_t kJumboMtu = 9000;
constexpr std::uint64_t kHashedFields = RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_SCTP;
constexpr std::size_t kKeyOctetsMin = 40;  // covers two IPv6 addresses and two ports
constexpr unsigned kCacheBuffers = 256;

tl::unexpected<Error> device_error(const std::string& port, const std::string& doing, int code) {
    return fail(ErrorCode::io, doing + ": " + ::rte_strerror(code < 0 ? -code : code), port);
}

bool information(std::uint16_t id, rte_eth_dev_info& info) noexcept { return ::rte_eth_dev_info_get(id, &info) == 0; }

/// The symmetric key, as long as the device wants it.
struct HashKey {
    std::array<std::uint8_t, 64> octets;
    HashKey() {
        for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = kSymmetricKeyUnit[i % kSymmetricKeyUnit.size()];
    }
};

rte_eth_conf wire_configuration(const rte_eth_dev_info& info, Spread spread, HashKey& key) {
    rte_eth_conf conf{};
    // Checksums are only looked at, nothing is changed; the engine then need not sum again.
    conf.rxmode.offloads = info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_CHECKSUM;
    conf.txmode.offloads = info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
    if (spread == Spread::hardware) {
        conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
        conf.rx_adv_conf.rss_conf.rss_key = key.octets.data();
        conf.rx_adv_conf.rss_conf.rss_key_len =
            static_cast<std::uint8_t>(std::clamp<std::size_t>(info.hash_key_size, kKeyOctetsMin, key.octets.size()));
        conf.rx_adv_conf.rss_conf.rss_hf = kHashedFields & info.flow_type_rss_offloads;
    }
    return conf;
}

}  // namespace

const char* to_string(Spread spread) noexcept {
    switch (spread) {
        case Spread::single: return "single";
        case Spread::hardware: return "hardware";
        case Spread::fanout: return "fanout";
        case Spread::software: break;
    }
    return "software";
}

Result<BufferPool> BufferPool::make(std::uint32_t buffers) {
    rte_mempool* pool = ::rte_pktmbuf_pool_create("frames", buffers, kCacheBuffers, 0,
                                                  kBufferOctets + RTE_PKTMBUF_HEADROOM, static_cast<int>(::rte_socket_id()));
    if (pool == nullptr)
        return fail(ErrorCode::limit,
                    std::to_string(buffers) + " frame buffers do not fit: raise fastpath.memory_mb or lower fastpath.mbufs (" +
                        ::rte_strerror(rte_errno) + ")", "fastpath.mbufs");
    return BufferPool(pool);
}

BufferPool::~BufferPool() {
    if (pool_ != nullptr) ::rte_mempool_free(pool_);
}

Result<Port> Port::find(const Wire& wire) {
    std::uint16_t id = 0;
    std::string name = wire.device.name;
    if (wire.device.kind == Device::Kind::pci && name.size() == 7) name = "0000:" + name;
    if (::rte_eth_dev_get_port_by_name(name.c_str(), &id) != 0)
        return fail(ErrorCode::not_found, "DPDK has no device " + name + " (see its log above)", wire.name);
    return Port(wire, id);
}

Port::Port(Port&& other) noexcept
    : name_(std::move(other.name_)),
      device_(std::move(other.device_)),
      id_(std::exchange(other.id_, kNoPort)),
      rx_queues_(other.rx_queues_),
      mtu_(other.mtu_),
      started_(std::exchange(other.started_, false)) {}

Port::~Port() {
    if (id_ == kNoPort) return;
    if (started_) ::rte_eth_dev_stop(id_);
    ::rte_eth_dev_close(id_);
}

bool Port::can_hash_symmetrically() const noexcept {
    rte_eth_dev_info info{};
    // Virtual devices that claim to hash do it in ways of their own.
    return device_.kind == Device::Kind::pci && information(id_, info) && info.hash_key_size >= kKeyOctetsMin &&
           (info.flow_type_rss_offloads & kHashedFields) != 0;
}

Status Port::configure(Spread spread, std::uint16_t rx, std::uint16_t tx, rte_mempool* pool) {
    rte_eth_dev_info info{};
    if (!information(id_, info)) return fail(ErrorCode::io, "tells nothing about itself", name_);
    HashKey key;
    rte_eth_conf conf = wire_configuration(info, spread, key);
    // Jumbo frames come in several buffers; where the device cannot scatter, ordinary frames are the limit. The
    // kernel's interfaces keep the MTU that they have.
    if (device_.kind == Device::Kind::pci) {
        const bool scatter = info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
        if (scatter) conf.rxmode.offloads |= RTE_ETH_RX_OFFLOAD_SCATTER;
        conf.rxmode.mtu = std::min<std::uint32_t>(info.max_mtu, scatter ? kJumboMtu : RTE_ETHER_MTU);
    }
    if (const int code = ::rte_eth_dev_configure(id_, rx, tx, &conf); code != 0)
        return device_error(name_, "cannot be configured with " + std::to_string(rx) + " receive and " +
                                       std::to_string(tx) + " send queues", code);
    std::uint16_t rx_slots = kDescriptors, tx_slots = kDescriptors;
    ::rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx_slots, &tx_slots);
    const auto socket = static_cast<unsigned>(::rte_eth_dev_socket_id(id_));
    for (std::uint16_t queue = 0; queue < rx; ++queue)
        if (const int code = ::rte_eth_rx_queue_setup(id_, queue, rx_slots, socket, nullptr, pool); code != 0)
            return device_error(name_, "receive queue " + std::to_string(queue), code);
    for (std::uint16_t queue = 0; queue < tx; ++queue)
        if (const int code = ::rte_eth_tx_queue_setup(id_, queue, tx_slots, socket, nullptr); code != 0)
            return device_error(name_, "send queue " + std::to_string(queue), code);
    rx_queues_ = rx;
    return {};
}

Status Port::start(Spread spread, unsigned workers, rte_mempool* pool) {
    const auto tx = static_cast<std::uint16_t>(workers);
    rte_eth_dev_info info{};
    if (information(id_, info) && info.max_tx_queues < tx)
        return fail(ErrorCode::limit, "has " + std::to_string(info.max_tx_queues) + " send queues, fewer than the " +
                                          std::to_string(workers) + " workers: lower fastpath.workers", name_);
    const bool spread_before_us = spread != Spread::software;
    Status done = configure(spread, spread_before_us ? tx : std::uint16_t{1}, tx, pool);
    // Some devices (net_tap) insist on as many queues in as out; the one worker then reads them all.
    if (!done && !spread_before_us) done = configure(spread, tx, tx, pool);
    if (!done) return done;
    if (const int code = ::rte_eth_dev_start(id_); code != 0) return device_error(name_, "does not start", code);
    started_ = true;
    if (const int code = ::rte_eth_promiscuous_enable(id_); code != 0 && code != -ENOTSUP)
        log::warning(name_ + ": promiscuous mode is refused: frames for others will be missed");
    ::rte_eth_dev_get_mtu(id_, &mtu_);
    return {};
}

PortStatistics Port::statistics() const noexcept {
    rte_eth_stats stats{};
    if (::rte_eth_stats_get(id_, &stats) != 0) return {};
    return {.rx_frames = stats.ipackets, .rx_octets = stats.ibytes, .rx_missed = stats.imissed,
            .rx_errors = stats.ierrors, .rx_no_buffer = stats.rx_nombuf, .tx_frames = stats.opackets,
            .tx_octets = stats.obytes, .tx_errors = stats.oerrors};
}

bool Port::link_up() const noexcept {
    if (!device_.interface.empty()) return interface_running(device_.interface);  // the driver always says up
    rte_eth_link link{};
    return ::rte_eth_link_get_nowait(id_, &link) == 0 && link.link_status == RTE_ETH_LINK_UP;
}

Spread choose_spread(const std::vector<Port>& ports, unsigned workers) noexcept {
    if (workers == 1) return Spread::single;
    const auto all = [&](auto can) { return std::all_of(ports.begin(), ports.end(), can); };
    if (all([](const Port& port) { return port.can_hash_symmetrically(); })) return Spread::hardware;
    if (all([&](const Port& port) {
            return port.device().is_af_packet() &&
                   device_option(port.device().argument, "qpairs") == std::to_string(workers);
        }))
        return Spread::fanout;
    return Spread::software;
}

}  // namespace sekisho::fastpath
