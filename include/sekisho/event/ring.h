// The event ring: one producer (a fast-path worker), one consumer (the slow path), in a file that both map.
// It outlives either: whoever dies comes back to the positions it left. The producer never waits; when the
// ring is full it counts the event as lost and goes on.
//
//   offset 0        header, one page          (src/event/ring_layout.h draws it)
//   offset 4096     capacity slots of kEventSize octets; event number n stands in slot n mod capacity
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/event/event.h"

namespace sekisho::event {

class RingMapping;  // the mapped file; src/event/ring_layout.h

/// The name of a worker's ring in the run folder: "<run_folder>/events-<worker>.ring".
std::string ring_path(const std::string& run_folder, unsigned worker);
/// The same for the packets it keeps as evidence: "<run_folder>/evidence-<worker>.ring".
std::string evidence_ring_path(const std::string& run_folder, unsigned worker);

class RingWriter final : public Sink {
  public:
    static constexpr std::uint32_t kMinCapacity = 16;
    static constexpr std::uint32_t kMaxCapacity = 1U << 20;

    /// Opens the ring or makes it. A sound ring of the same capacity is continued where it stood, with a new
    /// epoch; any other is replaced by a fresh file, and a reader that still holds the old one can drain it.
    /// @param capacity  events, rounded up to a power of two in [kMinCapacity, kMaxCapacity]
    /// @error io; unavailable when another living writer holds the ring
    static Result<RingWriter> open(const std::string& path, std::uint32_t capacity);

    RingWriter(RingWriter&&) noexcept;
    RingWriter& operator=(RingWriter&&) noexcept;
    ~RingWriter() override;

    /// Copies the event's used octets into the next slot and publishes it; sets its `sequence`. When the ring
    /// is full the event is counted as lost.  @thread the one worker that owns the ring  @cost one bounded copy
    void write(const Event& event) noexcept override;

    std::uint64_t written() const noexcept;  ///< since the ring was made, over all restarts
    std::uint64_t lost() const noexcept;     ///< the same; each lost event left a gap in `sequence`
    std::uint64_t epoch() const noexcept;    ///< 1 for a fresh ring, one more for each writer since

  private:
    explicit RingWriter(std::unique_ptr<RingMapping> mapping) noexcept;

    std::unique_ptr<RingMapping> mapping_;
    std::uint64_t head_ = 0;         ///< next event number
    std::uint64_t tail_seen_ = 0;    ///< the reader's position when last looked at: spares its cache line
};

class RingReader {
  public:
    enum class Outcome { event, empty, damaged };

    /// Maps an existing ring. Nothing in the file is believed: sizes are checked here, positions and records
    /// on each read.  @error not_found, io; invalid when it is not a ring of this version
    static Result<RingReader> open(const std::string& path);

    RingReader(RingReader&&) noexcept;
    RingReader& operator=(RingReader&&) noexcept;
    ~RingReader();

    /// Takes a copy of the next event. `damaged`: a record or position that cannot be true was stepped over
    /// (counted in damaged()). Does not free the slot; commit() does.  @thread one
    Outcome read(Event& out) noexcept;
    /// Tells the writer that everything read so far is dealt with: its slots may be written again.
    void commit() noexcept;

    /// Number of the next event to read: what was read before the last commit() is never given again.
    std::uint64_t position() const noexcept { return position_; }
    /// Goes forward to a remembered position, when the ring still holds it.  @return whether it does
    bool seek(std::uint64_t position) noexcept;

    std::uint64_t ring_id() const noexcept;   ///< drawn when the file was made: tells two rings of one path apart
    std::uint64_t epoch() const noexcept;     ///< changes when the writer restarted
    std::uint64_t lost() const noexcept;      ///< events the writer could not place, since the ring was made
    std::uint64_t waiting() const noexcept;   ///< events written and not read yet; at most the capacity
    std::uint32_t capacity() const noexcept;
    std::uint64_t damaged() const noexcept { return damaged_; }
    /// True when the path now names another file: drain this one, then open again.
    bool replaced() const noexcept;

  private:
    RingReader(std::string path, std::unique_ptr<RingMapping> mapping) noexcept;

    std::string path_;
    std::unique_ptr<RingMapping> mapping_;
    std::uint64_t position_ = 0;
    std::uint64_t damaged_ = 0;
};

}  // namespace sekisho::event
