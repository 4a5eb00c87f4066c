// The yardstick of bench/throughput: what Hyperscan alone takes for the payload of a capture, with one literal
// per rule and nothing around it. The capture is read and its TCP payloads are laid side by side first;
// only the scans are timed. Block mode, every payload by itself, matches counted.
//
// Which literals: of each rule that HTTP traffic on port 80 can meet, the content it marks with fast_pattern, else
// its longest; and of those only the ones whose buffer is the payload or a body, since only these have to be looked
// for in all the bytes (a URI's literal is not looked for in a body). Each direction with its own literals; the
// lower port is the server's.
//   bare_scan CAPTURE RULES [ROUNDS]  ->  {"seconds": best, "octets": N, "literals": N, "matches": N}

#include <hs/hs.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

enum Side : unsigned { to_server, to_client, kSides };

struct Literal {
    std::string bytes;
    bool nocase = false;
    bool fast = false;
    bool in_payload = true;
    auto operator<=>(const Literal&) const = default;
};

struct Payloads {
    std::string bytes;
    std::vector<std::pair<std::size_t, unsigned>> pieces;  // offset, size
};

// A content's value as the rule writes it, |41 42| and backslashes resolved. Empty when it is not one.
std::string content_bytes(std::string_view text) {
    std::string out;
    bool hex = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '|') {
            hex = !hex;
        } else if (hex) {
            if (c == ' ') continue;
            if (i + 1 >= text.size()) return {};
            out += static_cast<char>(std::strtol(std::string(text.substr(i, 2)).c_str(), nullptr, 16));
            ++i;
        } else if (c == '\\' && i + 1 < text.size()) {
            out += text[++i];
        } else {
            out += c;
        }
    }
    return hex ? std::string{} : out;
}

// The options of a rule, split at semicolons outside quotes.
std::vector<std::string> options_of(std::string_view rule) {
    std::vector<std::string> out;
    const auto open = rule.find('(');
    const auto close = rule.rfind(')');
    if (open == rule.npos || close == rule.npos || close < open) return out;
    std::string option;
    bool quoted = false;
    for (std::size_t i = open + 1; i < close; ++i) {
        const char c = rule[i];
        if (c == '\\' && i + 1 < close) {
            option += c;
            option += rule[++i];
        } else if (c == ';' && !quoted) {
            out.push_back(option.substr(std::min(option.find_first_not_of(' '), option.size())));
            option.clear();
        } else {
            quoted ^= c == '"';
            option += c;
        }
    }
    return out;
}

// Whether a rule's port field lets port 80 through: any, a number, a range, a group, and lists and negations of them.
bool takes_http_port(std::string_view field) {
    constexpr std::string_view kHttpPorts = "$HTTP_PORTS";
    if (field.empty()) return false;
    if (field[0] == '!') return !takes_http_port(field.substr(1));
    if (field[0] == '[') {
        field = field.substr(1, field.size() - 2);
        bool named = false;
        bool any_positive = false;
        while (!field.empty()) {
            const auto item = field.substr(0, field.find(','));
            field = field.substr(std::min(item.size() + 1, field.size()));
            if (item.starts_with('!')) {
                if (!takes_http_port(item)) return false;
            } else {
                any_positive = true;
                named |= takes_http_port(item);
            }
        }
        return named || !any_positive;
    }
    if (field == "any" || field == kHttpPorts) return true;
    if (field[0] == '$') return false;
    const auto colon = field.find(':');
    const int low = std::atoi(std::string(field.substr(0, colon)).c_str());
    if (colon == field.npos) return low == 80;
    const std::string high(field.substr(colon + 1));
    return low <= 80 && (high.empty() || std::atoi(high.c_str()) >= 80);
}

constexpr std::array<std::string_view, 6> kProtocols{"tcp", "http", "http1", "ip", "tcp-stream", "tcp-pkt"};

// Sticky buffers that are bodies, and the words that end a sticky buffer or move one content into a buffer.
bool is_body(std::string_view word) {
    return word == "file_data" || word == "file.data" || word == "http.response_body" || word == "http.request_body" ||
           word == "http_client_body" || word == "http_server_body" || word == "pkt_data";
}
bool is_buffer(std::string_view word) {
    static const std::set<std::string_view> kModifiers{
        "http_uri", "http_raw_uri", "http_header", "http_raw_header", "http_cookie", "http_method", "http_user_agent",
        "http_host", "http_raw_host", "http_stat_code", "http_stat_msg", "uricontent", "dns_query", "tls_sni",
        "tls_cert_subject", "tls_cert_issuer", "ssh_proto", "ssh_software", "ja3_hash"};
    return kModifiers.contains(word) || (word.find('.') != word.npos && !is_body(word));
}
// http_uri and its like follow their content; http.uri and its like stand before.
bool follows_content(std::string_view word) {
    return word.starts_with("http_");
}

struct RuleLiteral {
    Literal literal;
    std::array<bool, kSides> sides{true, true};
};

// The seven words before the options: action, protocol, addresses, ports, direction.
std::vector<std::string> head_of(std::string_view rule) {
    std::vector<std::string> out;
    std::string word;
    int depth = 0;
    for (const char c : rule.substr(0, rule.find('('))) {
        depth += (c == '[') - (c == ']');
        if (c == ' ' && depth == 0) {
            if (!word.empty()) out.push_back(std::move(word));
            word.clear();
        } else if (c != ' ') {
            word += c;
        }
    }
    return out;
}

std::optional<RuleLiteral> literal_of(std::string_view rule) {
    RuleLiteral out;
    const auto head = head_of(rule);
    if (head.size() != 7 || std::find(kProtocols.begin(), kProtocols.end(), head[1]) == kProtocols.end()) return std::nullopt;
    out.sides[to_server] = takes_http_port(head[6]) || (head[4] == "<>" && takes_http_port(head[3]));
    out.sides[to_client] = takes_http_port(head[3]) || (head[4] == "<>" && takes_http_port(head[6]));
    std::vector<Literal> all;
    bool sticky_payload = true;
    for (const std::string& option : options_of(rule)) {
        const auto colon = option.find(':');
        const std::string name = option.substr(0, colon);
        const std::string value = colon == option.npos ? std::string{} : option.substr(colon + 1);
        if (name == "content") {
            const auto first = value.find('"');
            const auto last = value.rfind('"');
            const bool negated = value.find('!') < first;
            all.emplace_back();
            all.back().in_payload = sticky_payload;
            if (!negated && first != value.npos && last > first)
                all.back().bytes = content_bytes(std::string_view(value).substr(first + 1, last - first - 1));
        } else if (name == "nocase" && !all.empty()) {
            all.back().nocase = true;
        } else if (name == "fast_pattern" && !all.empty()) {
            all.back().fast = true;
        } else if (name == "flow") {
            if (value.find("to_server") != value.npos || value.find("from_client") != value.npos) out.sides[to_client] = false;
            if (value.find("to_client") != value.npos || value.find("from_server") != value.npos) out.sides[to_server] = false;
        } else if (follows_content(name) && !all.empty() && is_buffer(name)) {
            all.back().in_payload = false;
        } else if (is_body(name) || is_buffer(name)) {
            sticky_payload = is_body(name);
        }
    }
    const auto better = [](const Literal& a, const Literal& b) {
        return a.fast != b.fast ? b.fast : a.bytes.size() < b.bytes.size();
    };
    const auto best = std::max_element(all.begin(), all.end(), better);
    if (best == all.end() || best->bytes.empty() || !best->in_payload) return std::nullopt;
    out.literal = *best;
    out.literal.fast = false;
    return out;
}

std::array<std::set<Literal>, kSides> read_literals(const char* path) {
    std::array<std::set<Literal>, kSides> out;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        const auto found = literal_of(line);
        if (!found) continue;
        for (unsigned side = 0; side < kSides; ++side)
            if (found->sides[side]) out[side].insert(found->literal);
    }
    return out;
}

std::uint16_t u16(const std::uint8_t* p) { return static_cast<std::uint16_t>(p[0] << 8 | p[1]); }

// Payload of a plain Ethernet / IPv4 / TCP frame; all that an HTTP capture has.
void take_payload(const std::uint8_t* p, std::size_t size, std::array<Payloads, kSides>& out) {
    if (size < 34 || u16(p + 12) != 0x0800) return;
    const std::size_t ip_header = (p[14] & 15u) * 4u;
    const std::size_t end = std::min<std::size_t>(size, 14u + u16(p + 16));
    const std::uint8_t* transport = p + 14 + ip_header;
    const std::size_t at = 14 + ip_header;
    if (at + 20 > end) return;
    const std::size_t header = (transport[12] >> 4) * 4u;
    if (p[23] != 6 || at + header >= end) return;
    Payloads& side = out[u16(transport + 2) < u16(transport) ? to_server : to_client];
    side.pieces.emplace_back(side.bytes.size(), static_cast<unsigned>(end - at - header));
    side.bytes.append(reinterpret_cast<const char*>(transport + header), end - at - header);
}

bool read_capture(const char* path, std::array<Payloads, kSides>& out) {
    std::array<char, PCAP_ERRBUF_SIZE> error{};
    pcap_t* file = pcap_open_offline(path, error.data());
    if (!file) {
        std::fprintf(stderr, "bare_scan: %s\n", error.data());
        return false;
    }
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* bytes = nullptr;
    while (pcap_next_ex(file, &header, &bytes) == 1) take_payload(bytes, header->caplen, out);
    pcap_close(file);
    return true;
}

hs_database_t* compile(const std::set<Literal>& literals) {
    std::vector<std::string> expressions;
    std::vector<unsigned> flags;
    for (const Literal& literal : literals) {
        std::string expression;
        for (const char c : literal.bytes) {
            std::array<char, 5> hex{};
            std::snprintf(hex.data(), hex.size(), "\\x%02x", static_cast<unsigned char>(c));
            expression += hex.data();
        }
        expressions.push_back(std::move(expression));
        flags.push_back(literal.nocase ? HS_FLAG_CASELESS : 0);
    }
    std::vector<const char*> pointers;
    std::vector<unsigned> ids;
    for (const std::string& expression : expressions) {
        ids.push_back(static_cast<unsigned>(ids.size()));
        pointers.push_back(expression.c_str());
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(pointers.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()), HS_MODE_BLOCK, nullptr,
                         &database, &error) != HS_SUCCESS) {
        std::fprintf(stderr, "bare_scan: %s\n", error->message);
        hs_free_compile_error(error);
    }
    return database;
}

int count_match(unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
    ++*static_cast<std::uint64_t*>(context);
    return 0;
}

struct Timing {
    double seconds = 0;
    std::uint64_t matches = 0;
};

Timing scan(const std::array<Payloads, kSides>& payloads, const std::array<hs_database_t*, kSides>& databases, hs_scratch_t* scratch) {
    Timing out;
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned side = 0; side < kSides; ++side) {
        if (!databases[side]) continue;
        for (const auto& [offset, size] : payloads[side].pieces)
            hs_scan(databases[side], payloads[side].bytes.data() + offset, size, 0, scratch, count_match, &out.matches);
    }
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: bare_scan CAPTURE RULES [ROUNDS]\n");
        return 2;
    }
    std::array<Payloads, kSides> payloads;
    if (!read_capture(argv[1], payloads)) return 1;
    const auto literals = read_literals(argv[2]);
    std::array<hs_database_t*, kSides> databases{};
    hs_scratch_t* scratch = nullptr;
    for (unsigned side = 0; side < kSides; ++side) {
        if (literals[side].empty()) continue;
        databases[side] = compile(literals[side]);
        if (!databases[side] || hs_alloc_scratch(databases[side], &scratch) != HS_SUCCESS) return 1;
    }
    Timing best{1e9, 0};
    for (int round = 0; round < (argc > 3 ? std::atoi(argv[3]) : 1); ++round) {
        const Timing timing = scan(payloads, databases, scratch);
        if (timing.seconds < best.seconds) best = timing;
    }
    std::printf("{\"seconds\":%.6f,\"octets\":%zu,\"literals\":%zu,\"matches\":%llu}\n", best.seconds,
                payloads[to_server].bytes.size() + payloads[to_client].bytes.size(),
                literals[to_server].size() + literals[to_client].size(), static_cast<unsigned long long>(best.matches));
    hs_free_scratch(scratch);
    for (hs_database_t* database : databases) hs_free_database(database);
    return 0;
}
