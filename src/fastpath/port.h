// One data port: an ethdev configured as a wire. Nothing is filtered, stripped, merged or computed on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fastpath/wiring.h"
#include "sekisho/base/result.h"

struct rte_mempool;

namespace sekisho::fastpath {

/// Who decides which worker gets a frame. One way for all ports, because both directions of a conversation
/// have to meet on one worker.
enum class Spread : std::uint8_t {
    single,    ///< one worker
    hardware,  ///< every NIC hashes with the symmetric key
    fanout,    ///< the kernel hashes symmetrically between the queues of every AF_PACKET port
    software,  ///< a port is read by one worker, which hashes and hands over
};
const char* to_string(Spread spread) noexcept;

/// Frame buffers for all ports and answers; freed by the destructor.
class BufferPool {
  public:
    /// @error limit  the memory given to DPDK does not hold so many
    static Result<BufferPool> make(std::uint32_t buffers);
    BufferPool(BufferPool&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
    BufferPool& operator=(BufferPool&&) = delete;
    ~BufferPool();
    rte_mempool* get() const noexcept { return pool_; }

  private:
    explicit BufferPool(rte_mempool* pool) noexcept : pool_(pool) {}
    rte_mempool* pool_;
};

struct PortStatistics {
    std::uint64_t rx_frames = 0, rx_octets = 0, rx_missed = 0, rx_errors = 0, rx_no_buffer = 0;
    std::uint64_t tx_frames = 0, tx_octets = 0, tx_errors = 0;
};

class Port {
  public:
    /// The ethdev of `wire`, found but not yet configured. @error not_found
    static Result<Port> find(const Wire& wire);
    Port(Port&& other) noexcept;
    Port& operator=(Port&&) = delete;
    ~Port();  ///< stops and closes the device

    /// Gives it queues and starts it. @error io; limit when it has too few send queues for the workers
    Status start(Spread spread, unsigned workers, rte_mempool* pool);

    bool can_hash_symmetrically() const noexcept;
    std::uint16_t id() const noexcept { return id_; }
    const std::string& name() const noexcept { return name_; }
    const Device& device() const noexcept { return device_; }
    std::uint16_t rx_queues() const noexcept { return rx_queues_; }
    std::uint16_t mtu() const noexcept { return mtu_; }

    PortStatistics statistics() const noexcept;
    bool link_up() const noexcept;

  private:
    Port(const Wire& wire, std::uint16_t id) : name_(wire.name), device_(wire.device), id_(id) {}
    Status configure(Spread spread, std::uint16_t rx, std::uint16_t tx, rte_mempool* pool);

    std::string name_;
    Device device_;
    std::uint16_t id_;
    std::uint16_t rx_queues_ = 0;
    std::uint16_t mtu_ = 0;
    bool started_ = false;
};

Spread choose_spread(const std::vector<Port>& ports, unsigned workers) noexcept;

}  // namespace sekisho::fastpath
