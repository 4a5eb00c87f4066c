// The process's heap as the operating system sees it.
#pragma once

namespace sekisho {

/// Gives free pages of the heap back to the system. After a large build (a rule set, a URL list) the allocator keeps
/// what was freed; on a box of 4 GiB that is memory nobody else can have.
/// @cost milliseconds for 100 MB; other threads' allocations wait meanwhile   @thread control plane only
void release_free_memory() noexcept;

}  // namespace sekisho
