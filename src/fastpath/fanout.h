// Keeps the kernel from putting IP fragments together on AF_PACKET ports.
#pragma once

namespace sekisho::fastpath {

/// True when the correction in fanout.cpp is in force; false would mean that fragmented datagrams are cut.
bool fragments_stay_apart() noexcept;

}  // namespace sekisho::fastpath
