# Language level, warnings and hardening, the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  # ccache reuses results that came with precompiled headers only when it is told so.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_library(sekisho_options INTERFACE)
target_compile_options(sekisho_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
  -fstack-protector-strong -fno-strict-aliasing
  # Hyperscan, nDPI and DPDK need SSSE3/SSE4.2 themselves: every box has x86-64-v2.
  -march=x86-64-v2)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sekisho_options INTERFACE -fstack-clash-protection -fcf-protection)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  # g++ 12 sees uninitialised members in std::variant and std::optional when it inlines them (GCC bug 105562).
  target_compile_options(sekisho_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(sekisho_options INTERFACE _FORTIFY_SOURCE=2)
endif()
target_link_options(sekisho_options INTERFACE -Wl,-z,relro,-z,now)
target_include_directories(sekisho_options INTERFACE ${CMAKE_SOURCE_DIR}/include)
target_compile_definitions(sekisho_options INTERFACE SEKISHO_VERSION="${PROJECT_VERSION}")
