# Third-party libraries by the short name a room's DOOR uses. All come from Debian packages (packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# sekisho_door(name pkgconfig-module): an interface target sekisho::door::name, its headers as system headers.
function(sekisho_door name module)
  pkg_check_modules(${name}_pc REQUIRED IMPORTED_TARGET ${module})
  add_library(sekisho_door_${name} INTERFACE)
  target_include_directories(sekisho_door_${name} SYSTEM INTERFACE ${${name}_pc_INCLUDE_DIRS})
  target_link_libraries(sekisho_door_${name} INTERFACE PkgConfig::${name}_pc)
endfunction()

# sekisho_door_header(name): a header-only library that sits in the default include path.
function(sekisho_door_header name)
  add_library(sekisho_door_${name} INTERFACE)
endfunction()

sekisho_door(spdlog spdlog)
sekisho_door_header(expected)
sekisho_door_header(json)
sekisho_door(yaml yaml-cpp)
sekisho_door(openssl openssl)
sekisho_door(zlib zlib)
sekisho_door(brotli libbrotlidec)
sekisho_door(hyperscan libhs)
sekisho_door(pcre2 libpcre2-8)
sekisho_door(ndpi libndpi)
sekisho_door(pcap libpcap)
sekisho_door(sqlite sqlite3)
sekisho_door_header(cli11)
sekisho_door(edit libedit)
if(SEKISHO_FASTPATH)
  sekisho_door(dpdk libdpdk)
endif()
