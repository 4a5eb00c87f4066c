// The fast path: owns the data ports, inspects, forwards. One configuration file; everything else is asked
// through the control socket.
#include <getopt.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "sekisho/base/log.h"
#include "sekisho/fastpath/daemon.h"

namespace {

constexpr const char* kUsage =
    "usage: sekisho-fastpathd --config FILE [--user NAME] [--forward-only]\n"
    "  --config FILE    settings (/etc/sekisho/sekisho.yaml)\n"
    "  --user NAME      become this user once the ports are open\n"
    "  --forward-only   a plain wire without inspection, for when the engine cannot run;\n"
    "                   with failure_mode: closed it ends at once and nothing passes\n"
    "  --version, --help\n";

}  // namespace

int main(int argc, char** argv) {
    constexpr option kOptions[] = {{"config", required_argument, nullptr, 'c'}, {"user", required_argument, nullptr, 'u'},
                                   {"forward-only", no_argument, nullptr, 'f'}, {"version", no_argument, nullptr, 'v'},
                                   {"help", no_argument, nullptr, 'h'},         {}};
    sekisho::fastpath::DaemonOptions options;
    options.config_path = "/etc/sekisho/sekisho.yaml";
    for (int word = 0; (word = ::getopt_long(argc, argv, "c:u:fvh", kOptions, nullptr)) != -1;) {
        switch (word) {
            case 'c': options.config_path = optarg; break;
            case 'u': options.user = optarg; break;
            case 'f': options.forward_only = true; break;
            case 'v': std::puts("sekisho-fastpathd " SEKISHO_VERSION); return EXIT_SUCCESS;
            case 'h': std::fputs(kUsage, stdout); return EXIT_SUCCESS;
            default: std::fputs(kUsage, stderr); return 2;
        }
    }
    if (optind != argc) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    try {
        if (const auto ended = sekisho::fastpath::run_daemon(options); !ended) {
            sekisho::log::error(ended.error().message());
            return EXIT_FAILURE;
        }
    } catch (const std::exception& error) {  // out of memory, or a library's own
        sekisho::log::error(error.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
