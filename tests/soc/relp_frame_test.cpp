#include "soc/out/relp_frame.h"

#include <gtest/gtest.h>

namespace sekisho::soc {
namespace {

std::string told(RelpReader& reader) {
    std::string all;
    while (true) {
        const auto frame = reader.next();
        if (!frame) return all + "!" + frame.error().what;
        if (!*frame) return all;
        all += std::to_string((*frame)->transaction) + "/" + (*frame)->command + "/" + (*frame)->data + ";";
    }
}

TEST(RelpFrame, IsWrittenAsTheProtocolHasIt) {
    EXPECT_EQ(relp_frame(1, "syslog", "abc"), "1 syslog 3 abc\n");
    EXPECT_EQ(relp_frame(999'999'999, "close", ""), "999999999 close 0\n");
}

TEST(RelpFrame, IsReadHoweverItIsCut) {
    const std::string octets = "1 rsp 93 200 OK\nrelp_version=0\nrelp_software=librelp,1.11.0,http://librelp.adiscon.com\ncommands=syslog\n"
                               "2 rsp 6 200 OK\n0 serverclose 0\n3 rsp 0\n";
    RelpReader whole;
    whole.add(octets);
    const std::string expected = told(whole);
    EXPECT_EQ(expected, "1/rsp/200 OK\nrelp_version=0\nrelp_software=librelp,1.11.0,http://librelp.adiscon.com\ncommands=syslog;"
                        "2/rsp/200 OK;0/serverclose/;3/rsp/;");
    for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
        RelpReader reader;
        reader.add(octets.substr(0, cut));
        std::string all = told(reader);
        reader.add(octets.substr(cut));
        EXPECT_EQ(all + told(reader), expected) << cut;
    }
}

TEST(RelpFrame, WhatIsNotRelpIsToldInWords) {
    for (const std::string octets : {"HTTP/1.1 400 Bad Request\r\n", "1 rsp\n", "1 rsp x OK\n", "1 rsp 99999 OK\n", "1  6 200 OK\n",
                                     "1 rsp 6 200 OKx", "1 rsp 6\n", "4294967296 rsp 0\n", " \n\n\n"}) {
        RelpReader reader;
        reader.add(octets);
        EXPECT_NE(told(reader).find("does not speak RELP"), std::string::npos) << octets;
    }
    RelpReader endless;
    endless.add(std::string(4096, '1'));
    EXPECT_NE(told(endless).find("does not speak RELP"), std::string::npos);
}

TEST(RelpFrame, StatusIsTheFirstNumber) {
    EXPECT_EQ(relp_status("200 OK"), 200u);
    EXPECT_EQ(relp_status("500 no\nmore"), 500u);
    EXPECT_FALSE(relp_status(""));
    EXPECT_FALSE(relp_status("OK"));
}

}  // namespace
}  // namespace sekisho::soc
