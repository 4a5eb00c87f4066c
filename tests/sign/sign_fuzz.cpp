// Any bytes as any of the messages signs are read from.
#include <cstdint>
#include <cstdlib>

#include "sekisho/sign/sign.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const Bytes bytes(data, size);
    const auto check = [](const std::optional<sign::Sign>& sign) {
        if (!sign) return;
        for (const auto text : {sign->name.view(), sign->system.view()})
            for (const char c : text)
                if (c < 0x20 || c > 0x7e) std::abort();
    };
    check(sign::read_dhcp(bytes));
    check(sign::read_mdns(bytes, IpAddress::v4(0xc0a80114U)));
    check(sign::read_netbios_name(bytes));
    check(sign::read_netbios_datagram(bytes));
    check(sign::read_smb(bytes));
    check(sign::read_syn(size == 0 ? std::uint8_t{0} : data[0], 1024, bytes));
    return 0;
}
