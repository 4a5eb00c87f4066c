// A database of countries, however damaged, is refused or answers.
#include "sekisho/signature/countries.h"

/// libmaxminddb 1.7 does not give back 5 KB where it refuses a file whose list of languages is damaged: once for each time that
/// an admin loads such a file. What Sekisho itself takes is looked at.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libmaxminddb\n"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho;
    const auto database = signature::CountryDatabase::read({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!database) return 0;
    for (const char* ip : {"0.0.0.0", "192.0.2.1", "192.0.2.200", "255.255.255.255", "2001:db8::1", "ffff:ffff::1"}) {
        const auto code = (*database)->country(*IpAddress::parse(ip));
        if (code && ((*code >> 8) < 'A' || (*code >> 8) > 'Z' || (*code & 0xff) < 'A' || (*code & 0xff) > 'Z')) __builtin_trap();
    }
    return 0;
}
