#include "fastpath/device.h"

#include <gtest/gtest.h>

namespace sekisho::fastpath {
namespace {

TEST(Device, PciAddressesAreAllowedAsTheyStand) {
    for (const char* text : {"0000:01:00.0", "01:00.0", "0000:01:00.1,rx-burst=64"}) {
        const auto device = parse_device(text, 2);
        ASSERT_TRUE(device) << text;
        EXPECT_EQ(device->kind, Device::Kind::pci);
        EXPECT_EQ(device->argument, text);
    }
    EXPECT_EQ(parse_device("0000:01:00.1,rx-burst=64", 1)->name, "0000:01:00.1");
}

TEST(Device, PacketPortsGetAQueueForEachWorkerAndALongRing) {
    const auto device = parse_device("net_af_packet0,iface=eth1", 3);
    ASSERT_TRUE(device);
    EXPECT_EQ(device->kind, Device::Kind::virtual_device);
    EXPECT_TRUE(device->is_af_packet());
    EXPECT_EQ(device->name, "net_af_packet0");
    EXPECT_EQ(device->interface, "eth1");
    EXPECT_EQ(device_option(device->argument, "qpairs"), "3");
    EXPECT_EQ(device_option(device->argument, "framecnt"), "4096");
}

TEST(Device, WhatTheSettingSaysIsKept) {
    const auto device = parse_device("net_af_packet1,iface=eth1,qpairs=1,framecnt=64,framesz=2048,blocksz=4096", 3);
    ASSERT_TRUE(device);
    EXPECT_EQ(device->argument, "net_af_packet1,iface=eth1,qpairs=1,framecnt=64,framesz=2048,blocksz=4096");
    EXPECT_EQ(parse_device("net_tap0,iface=t0", 2)->argument, "net_tap0,iface=t0");
}

TEST(Device, MistakesAreNamed) {
    EXPECT_FALSE(parse_device("", 1));
    EXPECT_FALSE(parse_device("eth1", 1));
    EXPECT_FALSE(parse_device("crypto_null0", 1));
    EXPECT_FALSE(parse_device("0000:01:00", 1));
    const auto nameless = parse_device("net_af_packet0", 1);
    ASSERT_FALSE(nameless);
    EXPECT_NE(nameless.error().message().find("iface="), std::string::npos);
}

TEST(Device, OptionsAreFoundByWholeName) {
    EXPECT_EQ(device_option("net_x,iface=a,xiface=b", "xiface"), "b");
    EXPECT_EQ(device_option("net_x,xiface=b", "iface"), "");
    EXPECT_EQ(device_option("net_x,iface", "iface"), "");
}

}  // namespace
}  // namespace sekisho::fastpath
