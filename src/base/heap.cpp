#include "sekisho/base/heap.h"

#include <malloc.h>

namespace sekisho {

void release_free_memory() noexcept { ::malloc_trim(0); }

}  // namespace sekisho
