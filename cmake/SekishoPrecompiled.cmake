# Half of the time of a clean build went into reading the same headers of the standard library and GoogleTest again and
# again: they are read once. Of our own headers none is precompiled, and the other presets build without: a file that
# forgets an #include does not compile there.
option(SEKISHO_PRECOMPILED "Precompile the headers of the standard library and GoogleTest" OFF)
set(CMAKE_PCH_WARN_INVALID OFF)  # where a library's options do not fit (DPDK's), the headers are read as ever

# What tests assert is not worth an optimizer's time; what they test is in the rooms' libraries, optimized as ever. Most
# of what a test costs the compiler is what it includes, so that some files are compiled as one: what two files of a room
# both need has one name in a header.
function(sekisho_quick_to_compile target)
  if(SEKISHO_PRECOMPILED)
    target_compile_options(${target} PRIVATE -O0 -U_FORTIFY_SOURCE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()

if(SEKISHO_PRECOMPILED)
  # g++ 12 takes what is precompiled for no system header and warns about std::string's inside (GCC bugs 105329, 105651).
  target_compile_options(sekisho_options INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "// Its headers count.\n")
  set(standard <algorithm> <array> <atomic> <bit> <chrono> <cstdint> <cstring> <functional> <map> <memory> <mutex>
    <optional> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>)

  add_library(sekisho_precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(sekisho_precompiled PRIVATE sekisho_options Threads::Threads)
  target_precompile_headers(sekisho_precompiled PRIVATE ${standard})

  if(SEKISHO_TESTS)
    find_package(GTest REQUIRED)
    add_library(sekisho_precompiled_tests OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
    target_link_libraries(sekisho_precompiled_tests PRIVATE sekisho_options Threads::Threads GTest::gmock)
    sekisho_quick_to_compile(sekisho_precompiled_tests)
    target_precompile_headers(sekisho_precompiled_tests PRIVATE ${standard} <fstream> <sstream> <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endif()

# sekisho_precompile(TARGET [TESTS])
function(sekisho_precompile target)
  if(NOT SEKISHO_PRECOMPILED)
    return()
  endif()
  if("TESTS" IN_LIST ARGN)
    target_precompile_headers(${target} REUSE_FROM sekisho_precompiled_tests)
  else()
    target_precompile_headers(${target} REUSE_FROM sekisho_precompiled)
  endif()
endfunction()
