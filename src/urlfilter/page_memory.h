// Zeroed memory of whole cache lines, on huge pages where the kernel has them to give: a table of 140 MB
// on 4 KiB pages would miss the TLB with every probe.
#pragma once

#include <sys/mman.h>

#include <new>
#include <utility>

#include "urlfilter/image.h"

namespace sekisho::urlfilter {

class PageMemory {
  public:
    PageMemory() = default;
    /// @throws std::bad_alloc   control plane only
    explicit PageMemory(std::size_t lines)
        : bytes_((lines * sizeof(Bucket) + kHuge - 1) / kHuge * kHuge), lines_(lines) {
        void* const memory =
            ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc();
        ::madvise(memory, bytes_, MADV_HUGEPAGE);  // a wish: refusal costs speed only
        data_ = static_cast<Bucket*>(memory);
    }
    PageMemory(PageMemory&& other) noexcept { *this = std::move(other); }
    PageMemory& operator=(PageMemory&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(bytes_, other.bytes_);
        std::swap(lines_, other.lines_);
        return *this;
    }
    ~PageMemory() {
        if (data_ != nullptr) ::munmap(data_, bytes_);
    }

    Bucket* data() noexcept { return data_; }
    std::size_t size() const noexcept { return lines_; }

  private:
    static constexpr std::size_t kHuge = MiB(2);

    Bucket* data_ = nullptr;
    std::size_t bytes_ = 0;
    std::size_t lines_ = 0;
};

}  // namespace sekisho::urlfilter
