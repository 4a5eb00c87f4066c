// A SOC and a box on loopback: a real rsyslogd that takes UDP, TCP and TLS, certificates made by openssl,
// settings for a real sekisho-slowpathd, and the fast path's end of an event ring.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sekisho/control/client.h"
#include "sekisho/event/ring.h"
#include "slowpath/process.h"

namespace sekisho::slowpath_test {

using Json = nlohmann::json;

inline std::uint16_t free_port(int type) {
    const int fd = ::socket(AF_INET, type, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

class SocFixture : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-slowpath-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        ASSERT_TRUE(std::filesystem::exists(kDaemon)) << kDaemon << " is not built";
    }
    void TearDown() override {
        daemon_.end(SIGKILL);
        rsyslogd_.end(SIGKILL);
        if (HasFailure()) std::fprintf(stderr, "%s\n%s\n", content(path("daemon.log")).c_str(), content(path("rsyslogd.log")).c_str());
        std::filesystem::remove_all(folder_);
    }

    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    static bool have_rsyslogd() { return std::filesystem::exists(kRsyslogd); }

    void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

    /// A CA named `ca`.pem/.key.
    void make_ca(const std::string& ca) {
        ASSERT_EQ(openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                           "/CN=" + ca, "-keyout", path(ca + ".key"), "-out", path(ca + ".pem")}),
                  0);
    }
    /// A certificate for one DNS name, signed by `ca`, in `file`.pem/.key.
    void make_certificate(const std::string& file, const std::string& dns, const std::string& ca) {
        write(file + ".ext", "subjectAltName=DNS:" + dns + "\n");
        ASSERT_EQ(openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + dns, "-keyout",
                           path(file + ".key"), "-out", path(file + ".csr")}),
                  0);
        ASSERT_EQ(openssl({"x509", "-req", "-days", "2", "-in", path(file + ".csr"), "-CA", path(ca + ".pem"), "-CAkey", path(ca + ".key"),
                           "-CAcreateserial", "-extfile", path(file + ".ext"), "-out", path(file + ".pem")}),
                  0);
    }
    int openssl(std::vector<std::string> words) {
        words.insert(words.begin(), "openssl");
        return run(words, path("openssl.log"));
    }

    void make_certificates() {
        make_ca("ca");
        make_ca("rogue");
        make_certificate("soc", "soc.test", "ca");
        make_certificate("box", "box.test", "ca");
        make_certificate("stranger", "box.test", "rogue");
    }

    void start_rsyslogd() {
        udp_port_ = free_port(SOCK_DGRAM);
        tcp_port_ = free_port(SOCK_STREAM);
        tls_port_ = free_port(SOCK_STREAM);
        const std::string listen = "address=\"127.0.0.1\" ";
        std::string conf = "global(workDirectory=\"" + folder_ + "\")\nmodule(load=\"imudp\")\nmodule(load=\"imtcp\")\n"
                           "template(name=\"raw\" type=\"string\" string=\"%rawmsg%\\n\")\n";
        for (const char* way : {"udp", "tcp", "tls"})
            conf += std::string("ruleset(name=\"") + way + "\") { action(type=\"omfile\" file=\"" + path(std::string(way) + ".log") +
                    "\" template=\"raw\" flushOnTXEnd=\"on\") }\n";
        conf += "input(type=\"imudp\" " + listen + "port=\"" + std::to_string(udp_port_) + "\" ruleset=\"udp\")\n";
        conf += "input(type=\"imtcp\" " + listen + "port=\"" + std::to_string(tcp_port_) + "\" ruleset=\"tcp\")\n";
        conf += "input(type=\"imtcp\" " + listen + "port=\"" + std::to_string(tls_port_) +
                "\" ruleset=\"tls\" streamDriver.name=\"ossl\" streamDriver.mode=\"1\" streamDriver.authMode=\"x509/name\" "
                "permittedPeer=[\"box.test\"] streamDriver.caFile=\"" + path("ca.pem") + "\" streamDriver.certFile=\"" + path("soc.pem") +
                "\" streamDriver.keyFile=\"" + path("soc.key") + "\")\n";
        write("rsyslog.conf", conf);
        rsyslogd_ = Process({kRsyslogd, "-n", "-f", path("rsyslog.conf"), "-i", path("rsyslogd.pid")}, path("rsyslogd.log"));
        ASSERT_TRUE(eventually([this] { return connects(tls_port_) && connects(tcp_port_); })) << "rsyslogd does not listen";
    }
    static bool connects(std::uint16_t port) {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        const bool done = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(fd);
        return done;
    }

    std::string tls_target(const std::string& certificate, const std::string& server_name, const std::string& ca = "ca") const {
        return "    - {name: tls, host: 127.0.0.1, port: " + std::to_string(tls_port_) + ", transport: tls, ca_file: " + path(ca + ".pem") +
               ", certificate_file: " + path(certificate + ".pem") + ", key_file: " + path(certificate + ".key") +
               ", server_name: " + server_name + "}\n";
    }

    void settings(const std::string& targets) {
        std::filesystem::create_directories(path("run"));
        write("sekisho.yaml", "version: 1\nbox_name: box1\nrun_folder: " + path("run") +
                                  "\nslowpath:\n  database: " + path("alerts.db") + "\n  queue_file: " + path("queue.db") +
                                  "\n  severity_table: " SEKISHO_SOURCE_DIR "/rules/severity.yaml" +
                                  "\n  messages: " SEKISHO_SOURCE_DIR "/rules/messages.yaml" + "\n  host_table: " SEKISHO_SOURCE_DIR "/rules/hosts.yaml" + "\n  evidence_folder: " + path("evidence") + "\n  json_log_file: " + path("events.json") +
                                  "\n  soc:" + (targets.empty() ? " []\n" : "\n" + targets));
    }

    void start_daemon() {
        daemon_ = Process({kDaemon, "--config", path("sekisho.yaml")}, path("daemon.log"));
        ASSERT_TRUE(eventually([this] { return !status().is_null(); })) << content(path("daemon.log"));
    }
    std::string ask(const std::string& command, std::vector<std::string> args = {}) const {
        const auto reply = control::call(path("run/slowpath.sock"), {command, std::move(args)}, std::chrono::seconds(5));
        return reply && reply->ok ? reply->text : std::string();
    }
    Json status() const {
        const std::string text = ask("status");
        return text.empty() ? Json() : Json::parse(text);
    }
    std::vector<Json> alerts() const {
        std::vector<Json> all;
        std::istringstream text(ask("alerts", {"limit=1000"}));
        for (std::string line; std::getline(text, line);) all.push_back(Json::parse(line));
        return all;
    }

    /// Our host `n` calls a control server.
    static event::Event call_out(std::uint32_t n) {
        event::Event e;
        e.kind = event::Kind::alert;
        e.time_ns = SystemClock().now();
        e.sid = 9000001;
        e.rev = 1;
        e.ip_protocol = 6;
        e.src = e.client = IpAddress::v4(0xc0a80000U + n);
        e.dst = e.server = IpAddress::v4(0xcb007107U);
        e.src_port = e.client_port = 40000;
        e.dst_port = e.server_port = 80;
        e.action = event::Action::blocked;
        e.set(event::Text::classtype, "command-and-control");
        e.set(event::Text::signature, "TEST \"call\" ] home");
        e.set(event::Text::host, "関所.example");
        return e;
    }
    static constexpr std::uint32_t kFirstHost = 0x0100;  // 192.168.1.0

    static constexpr const char* kDaemon = SEKISHO_BINARY_DIR "/sekisho-slowpathd";
    static constexpr const char* kRsyslogd = "/usr/sbin/rsyslogd";
    std::string folder_;
    std::uint16_t udp_port_ = 0, tcp_port_ = 0, tls_port_ = 0;
    Process rsyslogd_, daemon_;
};

}  // namespace sekisho::slowpath_test
