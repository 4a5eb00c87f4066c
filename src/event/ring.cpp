// Single producer, single consumer over a shared mapping (the classic Lamport queue: each side stores one
// position and loads the other's). Facts that keep it safe across deaths:
//   - a slot is filled before `head` moves, so a writer that dies half-way leaves nothing visible;
//   - `tail` moves only at commit(), so a reader that dies reads the same events again;
//   - the file is allocated in full when made: no later write can fail for want of space.
#include "sekisho/event/ring.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "event/ring_layout.h"

namespace sekisho::event {
namespace {

constexpr mode_t kRingMode = 0660;  // both daemons' users share a group
constexpr std::size_t kFixedOctets = sizeof(Event) - Event::kTextSpace;

tl::unexpected<Error> os_error(const std::string& path, const char* doing) {
    const int cause = errno;
    return fail(cause == ENOENT ? ErrorCode::not_found : ErrorCode::io, std::string(doing) + ": " + std::strerror(cause),
                path);
}

bool plausible(const RingHeader& header, std::size_t octets) noexcept {
    return header.magic == kRingMagic && header.version == kRingVersion && header.slot_octets == kEventSize &&
           header.capacity >= RingWriter::kMinCapacity && header.capacity <= RingWriter::kMaxCapacity &&
           std::has_single_bit(header.capacity) && octets == ring_octets(header.capacity);
}

std::uint64_t random_word() noexcept {
    std::uint64_t word = 0;
    if (::getrandom(&word, sizeof word, 0) != sizeof word) word = static_cast<std::uint64_t>(::getpid());
    return word;
}

/// Makes a complete ring beside `path` and moves it there, so that nobody ever maps half a file.
/// @return a locked descriptor
Result<int> make_file(const std::string& path, std::uint32_t capacity) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());
    const int fd = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kRingMode);
    if (fd < 0) return os_error(fresh, "cannot make the event ring");
    const auto give_up = [&](const char* doing) {
        auto error = os_error(fresh, doing);
        ::close(fd);
        ::unlink(fresh.c_str());
        return error;
    };
    if (::fchmod(fd, kRingMode) != 0) return give_up("cannot set the ring's mode");  // whatever the umask
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return give_up("cannot lock the ring");
    if (const int cause = ::posix_fallocate(fd, 0, static_cast<off_t>(ring_octets(capacity))); cause != 0) {
        errno = cause;
        return give_up("no room for the event ring");
    }
    void* base = ::mmap(nullptr, kRingHeaderOctets, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) return give_up("cannot map the ring");
    auto& header = *static_cast<RingHeader*>(base);
    header.version = kRingVersion;
    header.slot_octets = kEventSize;
    header.capacity = capacity;
    header.ring_id = random_word();
    header.magic = kRingMagic;
    ::munmap(base, kRingHeaderOctets);
    if (::rename(fresh.c_str(), path.c_str()) != 0) return give_up("cannot put the ring in its place");
    return fd;
}

}  // namespace

// ---- mapping

Result<std::unique_ptr<RingMapping>> RingMapping::map(int fd, const std::string& path) {
    std::unique_ptr<RingMapping> mapping(new RingMapping);
    mapping->fd_ = fd;
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) return os_error(path, "cannot read the ring's size");
    const auto octets = static_cast<std::size_t>(facts.st_size);
    if (!S_ISREG(facts.st_mode) || octets < kRingHeaderOctets || octets > ring_octets(RingWriter::kMaxCapacity))
        return fail(ErrorCode::invalid, "is not an event ring", path);
    void* base = ::mmap(nullptr, octets, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) return os_error(path, "cannot map the ring");
    mapping->base_ = base;
    mapping->octets_ = octets;
    if (!plausible(mapping->header(), octets))
        return fail(ErrorCode::invalid, "is not an event ring of this version", path);
    // Kept from the file's size, which was checked, and not from the page the other side can write.
    mapping->capacity_ = static_cast<std::uint32_t>((octets - kRingHeaderOctets) / kEventSize);
    mapping->device_ = facts.st_dev;
    mapping->inode_ = facts.st_ino;
    return mapping;
}

RingMapping::~RingMapping() {
    if (base_ != nullptr) ::munmap(base_, octets_);
    if (fd_ >= 0) ::close(fd_);
}

bool RingMapping::is_file_at(const std::string& path) const noexcept {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 && facts.st_dev == device_ && facts.st_ino == inode_;
}

std::string ring_path(const std::string& run_folder, unsigned worker) {
    return run_folder + "/events-" + std::to_string(worker) + ".ring";
}

std::string evidence_ring_path(const std::string& run_folder, unsigned worker) {
    return run_folder + "/evidence-" + std::to_string(worker) + ".ring";
}

// ---- writer

RingWriter::RingWriter(std::unique_ptr<RingMapping> mapping) noexcept : mapping_(std::move(mapping)) {
    RingHeader& header = mapping_->header();
    head_ = header.head.load(std::memory_order_relaxed);
    tail_seen_ = header.tail.load(std::memory_order_acquire);
    // Positions that cannot be true (a scribbled page) start over: nothing unread is left, as far as we know.
    if (head_ - tail_seen_ > mapping_->capacity()) tail_seen_ = head_;
    header.epoch.fetch_add(1, std::memory_order_release);
}
RingWriter::RingWriter(RingWriter&&) noexcept = default;
RingWriter& RingWriter::operator=(RingWriter&&) noexcept = default;
RingWriter::~RingWriter() = default;

Result<RingWriter> RingWriter::open(const std::string& path, std::uint32_t capacity) {
    capacity = std::bit_ceil(std::clamp(capacity, kMinCapacity, kMaxCapacity));
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd);
            return fail(ErrorCode::unavailable, "another writer holds this event ring", path);
        }
        auto mapping = RingMapping::map(fd, path);
        if (mapping && (*mapping)->capacity() == capacity) return RingWriter(std::move(*mapping));
    }
    const auto made = make_file(path, capacity);
    if (!made) return fail(made.error());
    auto mapping = RingMapping::map(*made, path);
    if (!mapping) return fail(mapping.error());
    return RingWriter(std::move(*mapping));
}

void RingWriter::write(const Event& event) noexcept {
    RingHeader& header = mapping_->header();
    const std::uint64_t lost = header.lost.load(std::memory_order_relaxed);
    if (head_ - tail_seen_ >= mapping_->capacity()) {
        // Only a position within the ring is believed: a reader gone mad can make us lose events, no more.
        const std::uint64_t tail = header.tail.load(std::memory_order_acquire);
        if (head_ - tail <= mapping_->capacity()) tail_seen_ = tail;
        if (head_ - tail_seen_ >= mapping_->capacity()) {
            header.lost.store(lost + 1, std::memory_order_relaxed);
            return;
        }
    }
    std::byte* slot = mapping_->slot(head_);
    const std::uint64_t sequence = head_ + lost;
    std::memcpy(slot, &event, std::min(event.used(), sizeof(Event)));
    std::memcpy(slot + offsetof(Event, sequence), &sequence, sizeof sequence);
    header.head.store(++head_, std::memory_order_release);
}

std::uint64_t RingWriter::written() const noexcept { return head_; }
std::uint64_t RingWriter::lost() const noexcept { return mapping_->header().lost.load(std::memory_order_relaxed); }
std::uint64_t RingWriter::epoch() const noexcept { return mapping_->header().epoch.load(std::memory_order_relaxed); }

// ---- reader

RingReader::RingReader(std::string path, std::unique_ptr<RingMapping> mapping) noexcept
    : path_(std::move(path)), mapping_(std::move(mapping)) {
    position_ = mapping_->header().tail.load(std::memory_order_relaxed);
}
RingReader::RingReader(RingReader&&) noexcept = default;
RingReader& RingReader::operator=(RingReader&&) noexcept = default;
RingReader::~RingReader() = default;

Result<RingReader> RingReader::open(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return os_error(path, "cannot open the event ring");
    auto mapping = RingMapping::map(fd, path);
    if (!mapping) return fail(mapping.error());
    return RingReader(path, std::move(*mapping));
}

RingReader::Outcome RingReader::read(Event& out) noexcept {
    const std::uint64_t head = mapping_->header().head.load(std::memory_order_acquire);
    if (head == position_) return Outcome::empty;
    if (head - position_ > mapping_->capacity()) {
        // No writer of ours leaves such positions. What the slots hold cannot be told apart: start at its head.
        position_ = head;
        ++damaged_;
        return Outcome::damaged;
    }
    // Copy first, check the copy: the page may change under our eyes.
    const std::byte* slot = mapping_->slot(position_++);
    std::memcpy(static_cast<void*>(&out), slot, kFixedOctets);
    const std::size_t text = std::min<std::size_t>(out.text_used, Event::kTextSpace);
    std::memcpy(out.text.data(), slot + kFixedOctets, text);
    if (out.sound()) return Outcome::event;
    ++damaged_;
    return Outcome::damaged;
}

void RingReader::commit() noexcept { mapping_->header().tail.store(position_, std::memory_order_release); }

bool RingReader::seek(std::uint64_t position) noexcept {
    const std::uint64_t head = mapping_->header().head.load(std::memory_order_acquire);
    // Forward only: what was committed may have been written over since.
    if (head - position_ > mapping_->capacity() || position - position_ > head - position_) return false;
    position_ = position;
    return true;
}

std::uint64_t RingReader::ring_id() const noexcept { return mapping_->header().ring_id; }
std::uint64_t RingReader::epoch() const noexcept { return mapping_->header().epoch.load(std::memory_order_acquire); }
std::uint64_t RingReader::lost() const noexcept { return mapping_->header().lost.load(std::memory_order_relaxed); }
std::uint64_t RingReader::waiting() const noexcept {
    const std::uint64_t ahead = mapping_->header().head.load(std::memory_order_relaxed) - position_;
    return std::min<std::uint64_t>(ahead, mapping_->capacity());
}
std::uint32_t RingReader::capacity() const noexcept { return mapping_->capacity(); }
bool RingReader::replaced() const noexcept { return !mapping_->is_file_at(path_); }

}  // namespace sekisho::event
