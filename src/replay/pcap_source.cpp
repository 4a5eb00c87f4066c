#include "sekisho/replay/pcap_source.h"

#include <pcap/pcap.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace sekisho::replay {
namespace {

struct LinkName {
    int dlt;
    packet::Frame::Link link;
};

constexpr LinkName kLinks[] = {
    {DLT_EN10MB, packet::Frame::Link::ethernet},       {DLT_RAW, packet::Frame::Link::raw_ip},
    {101, packet::Frame::Link::raw_ip},                {12, packet::Frame::Link::raw_ip},
    {14, packet::Frame::Link::raw_ip},                 {DLT_IPV4, packet::Frame::Link::raw_ip},
    {DLT_IPV6, packet::Frame::Link::raw_ip},           {DLT_NULL, packet::Frame::Link::null_loopback},
    {DLT_LOOP, packet::Frame::Link::null_loopback},    {DLT_LINUX_SLL, packet::Frame::Link::linux_sll},
    {DLT_LINUX_SLL2, packet::Frame::Link::linux_sll2}, {DLT_PPP, packet::Frame::Link::ppp},
    {DLT_C_HDLC, packet::Frame::Link::cisco_hdlc},
};

constexpr std::size_t kReadBuffer = KiB(512);

}  // namespace

struct PcapSource::Handle {
    pcap_t* pcap = nullptr;
    std::vector<char> buffer = std::vector<char>(kReadBuffer);  ///< the stream's, so it outlives it
    ~Handle() {
        if (pcap != nullptr) pcap_close(pcap);
    }
};

PcapSource::~PcapSource() = default;

Result<std::unique_ptr<PcapSource>> PcapSource::open(const std::string& path, const std::string& filter) {
    char words[PCAP_ERRBUF_SIZE] = "";
    std::unique_ptr<PcapSource> source(new PcapSource);
    source->handle_ = std::make_unique<Handle>();
    pcap_t*& pcap = source->handle_->pcap;
    std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
    if (file == nullptr) return fail(ErrorCode::not_found, std::strerror(errno), path);
    // libpcap reads a packet with two short reads; the C library's own buffer would ask the system for each page, and
    // its size cannot be set without handing over the memory.
    std::vector<char>& buffer = source->handle_->buffer;
    std::setvbuf(file, buffer.data(), _IOFBF, buffer.size());
    pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, words);
    if (pcap == nullptr) {
        if (file != stdin) std::fclose(file);
        return fail(ErrorCode::invalid, words, path);
    }

    const int dlt = pcap_datalink(pcap);
    bool known = false;
    for (const LinkName& name : kLinks) {
        if (name.dlt != dlt) continue;
        source->link_ = name.link;
        known = true;
    }
    if (!known) {
        const char* name = pcap_datalink_val_to_name(dlt);
        return fail(ErrorCode::invalid,
                    std::string("link type ") + (name != nullptr ? name : std::to_string(dlt).c_str()) + " is not decoded", path);
    }
    if (!filter.empty()) {
        bpf_program program{};
        if (pcap_compile(pcap, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
            return fail(ErrorCode::invalid, std::string("filter '") + filter + "': " + pcap_geterr(pcap), path);
        const int set = pcap_setfilter(pcap, &program);
        pcap_freecode(&program);
        if (set != 0) return fail(ErrorCode::invalid, pcap_geterr(pcap), path);
    }
    return source;
}

bool PcapSource::next(packet::Frame& frame) {
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    const int answer = pcap_next_ex(handle_->pcap, &header, &data);
    if (answer != 1) {
        if (answer == PCAP_ERROR) error_ = pcap_geterr(handle_->pcap);
        return false;
    }
    frame.bytes = {data, header->caplen};
    // With nanosecond precision tv_usec holds nanoseconds.
    frame.time_ns = static_cast<TimeNs>(header->ts.tv_sec) * kSecondNs + static_cast<TimeNs>(header->ts.tv_usec);
    frame.number = ++number_;
    frame.port = 0;
    frame.link = link_;
    frame.checksums_verified = false;
    return true;
}

}  // namespace sekisho::replay
