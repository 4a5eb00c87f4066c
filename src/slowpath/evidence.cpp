#include "slowpath/evidence.h"

#include <algorithm>
#include <filesystem>

#include "sekisho/base/file_text.h"
#include "sekisho/base/log.h"
#include "sekisho/base/text.h"
#include "sekisho/config/store.h"
#include "sekisho/crypto/digest.h"
#include "slowpath/limits.h"
#include "slowpath/pcapng.h"

namespace sekisho::slowpath {

namespace fs = std::filesystem;
using store::EvidenceLink;

namespace {

std::string sha256(std::string_view text) {
    const auto value = crypto::digest(crypto::DigestAlgorithm::sha256, as_bytes(text));
    return hex(value.octets.data(), value.size);
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto value = parse_int("0x" + std::string(text.substr(i, 2)), 0, 255);
        if (!value) return std::nullopt;
        out += static_cast<char>(*value);
    }
    return out;
}

std::uint64_t folder_size(const std::string& folder) {
    std::uint64_t size = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".pcapng") size += entry.file_size(error);
    return size;
}

std::string live_revision(const std::string& config_file) {
    if (config_file.empty()) return "unknown";
    const auto history = config::Store(config_file).history();
    if (!history) return "unknown";
    for (const auto& revision : *history)
        if (revision.live) return std::to_string(revision.number);
    return "not committed";
}

}  // namespace

std::string link_hash(const EvidenceLink& link) {
    return sha256("sekisho evidence\n" + std::to_string(link.number) + "\n" + std::to_string(link.alert) + "\n" + std::to_string(link.at_ns) +
                  "\n" + link.file + "\n" + link.digest + "\n" + link.previous + "\n");
}

Result<ChainReport> verify_chain(store::Journal& journal, const std::string& folder, const crypto::VerifyingKey& key) {
    ChainReport report;
    std::string previous;
    std::uint64_t last = 0;
    const auto fault = [&report](const EvidenceLink& link, const std::string& what) {
        if (report.faults.size() < kChainFaultsMax) report.faults.push_back("link " + std::to_string(link.number) + ", alert " + std::to_string(link.alert) + ": " + what);
        else ++report.faults_more;
    };
    while (true) {
        const auto links = journal.evidence_after(last, kChainStep);
        if (!links) return fail(links.error());
        if (links->empty()) return report;
        for (const EvidenceLink& link : *links) {
            const std::uint64_t before = report.faults.size() + report.faults_more;
            if (link.number != last + 1) fault(link, "links before it are missing");
            if (link.previous != previous) fault(link, "does not follow the link before");
            if (link.hash != link_hash(link)) fault(link, "was changed");
            const auto signature = from_hex(link.signature);
            if (!signature || !key.verifies(as_bytes(link.hash), as_bytes(*signature))) fault(link, "the signature is not this box's");
            const auto file = read_file(folder + "/" + link.file, kEvidenceFileMax);
            if (file && sha256(*file) != link.digest) fault(link, link.file + " was changed");
            if (!file && file.error().code != ErrorCode::not_found) fault(link, file.error().message());
            if (!file && file.error().code == ErrorCode::not_found) ++report.retired;
            ++report.links;
            if (report.faults.size() + report.faults_more == before) ++report.good;
            previous = link.hash;
            last = link.number;
        }
    }
}

EvidenceKeeper::EvidenceKeeper(const config::Settings& settings, std::string config_file, crypto::SigningKey key)
    : folder_(settings.slowpath.evidence_folder),
      box_(settings.box_name),
      run_folder_(settings.run_folder),
      config_file_(std::move(config_file)),
      folder_max_(MiB(settings.slowpath.evidence_max_mb)),
      key_(std::move(key)),
      rules_([&settings] {
          auto files = settings.rules.files;
          if (!settings.rules.local_file.empty()) files.push_back(settings.rules.local_file);
          return files;
      }()),
      folder_octets_(folder_size(settings.slowpath.evidence_folder)) {}

Result<std::unique_ptr<EvidenceKeeper>> EvidenceKeeper::open(const config::Settings& settings, const std::string& config_file) {
    const std::string& folder = settings.slowpath.evidence_folder;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(ErrorCode::io, error.message(), folder);
    auto key = crypto::SigningKey::open(folder + "/key.pem");
    if (!key) return fail(key.error());
    return std::unique_ptr<EvidenceKeeper>(new EvidenceKeeper(settings, config_file, std::move(*key)));
}

void EvidenceKeeper::read(bool look) {
    for (unsigned worker = 0; look && worker < kRingsMax; ++worker) {
        const auto known = rings_.find(worker);
        if (known != rings_.end() && !(known->second.waiting() == 0 && known->second.replaced())) continue;
        auto ring = event::RingReader::open(event::evidence_ring_path(run_folder_, worker));
        if (ring) rings_.insert_or_assign(worker, std::move(*ring));
    }
    for (auto& [worker, ring] : rings_) {
        for (std::size_t n = 0; n < kEvidenceBatch; ++n) {
            const auto outcome = ring.read(event_);
            if (outcome == event::RingReader::Outcome::empty) break;
            if (outcome == event::RingReader::Outcome::event && event_.kind == event::Kind::packet) take(event_);
        }
        ring.commit();  // packets are not worth repeating after a restart: their alert was told without them
    }
}

void EvidenceKeeper::take(const event::Event& e) {
    ++counts_.packets;
    Conversation& conversation = conversations_[e.flow_id];
    if (conversation.packets.empty()) conversation.age = ages_.insert(ages_.end(), e.flow_id);
    if (conversation.packets.size() >= kEvidencePacketsMax) return;
    conversation.packets.push_back({e.time_ns, e.frame_number, e.sid, static_cast<std::uint32_t>(e.length), std::string(as_text(e.packet_octets()))});
    const std::size_t size = conversation.packets.back().octets.size() + sizeof(Packet);
    conversation.octets += size;
    octets_ += size;
    while (octets_ > kEvidenceMemory && ages_.size() > 1) {
        const auto oldest = conversations_.find(ages_.front());
        octets_ -= oldest->second.octets;
        conversations_.erase(oldest);
        ages_.pop_front();
    }
}

void EvidenceKeeper::want(const event::Alert& alert) {
    if (wanted_.size() < kEvidenceWantedMax) wanted_.push_back({alert, std::chrono::steady_clock::now() + kEvidenceWait});
    else ++counts_.passed_over;
}

void EvidenceKeeper::write_due(store::Journal& journal, bool all) {
    const auto now = std::chrono::steady_clock::now();
    for (std::size_t n = 0; n < kEvidenceFilesAtOnce || all; ++n) {
        if (wanted_.empty() || (!all && wanted_.front().due > now)) return;
        const Wanted wanted = std::move(wanted_.front());
        wanted_.pop_front();
        if (auto done = write(journal, wanted.alert); !done) {
            if (counts_.refused++ == 0) log::error("evidence: " + done.error().message());
        } else {
            ++counts_.written;
        }
    }
}

std::vector<std::string> EvidenceKeeper::papers(const event::Alert& alert) {
    std::string told;
    append_json(told, alert);
    std::vector<std::string> all{"Sekisho evidence: box " + box_ + ", alert " + std::to_string(alert.id) + ", telling " +
                                     std::to_string(alert.telling) + ", configuration revision " + live_revision(config_file_),
                                 told};
    if (alert.gid != 1 || alert.sid == 0) return all;
    const RuleText rule = rules_.find(alert.sid);
    if (rule.text.empty()) all.push_back("rule " + std::to_string(alert.sid) + ": its text is in no file that the settings name");
    else all.push_back("rule " + std::to_string(alert.sid) + " rev " + std::to_string(alert.rev) + " from " + rule.file + ", SHA-256 " + sha256(rule.text) + ":\n" + rule.text);
    return all;
}

Status EvidenceKeeper::write(store::Journal& journal, const event::Alert& alert) {
    Pcapng capture(papers(alert));
    if (const auto found = conversations_.find(alert.flow_id); alert.flow_id != 0 && found != conversations_.end()) {
        auto packets = found->second.packets;
        std::stable_sort(packets.begin(), packets.end(), [](const Packet& a, const Packet& b) { return a.at < b.at; });
        for (const Packet& packet : packets)
            capture.packet(packet.at, as_bytes(packet.octets), packet.wire_size,
                           packet.sid == 0 ? std::string() : "matched by rule " + std::to_string(packet.sid) + (packet.sid == alert.sid ? ": " + alert.signature : ""));
    }
    EvidenceLink link;
    link.alert = alert.id;
    link.at_ns = alert.last_ns;
    link.file = std::to_string(alert.id) + "-" + std::to_string(alert.telling) + ".pcapng";
    link.digest = sha256(capture.text());
    if (auto done = write_file_atomic(folder_ + "/" + link.file, capture.text()); !done) return done;
    const auto last = journal.last_evidence();
    if (!last) return fail(last.error());
    link.number = last->number + 1;
    link.previous = last->hash;
    link.hash = link_hash(link);
    const auto signature = key_.sign(as_bytes(link.hash));
    if (!signature) return fail(signature.error());
    link.signature = hex(signature->data(), signature->size());
    if (auto done = journal.add_evidence(link); !done) return done;
    folder_octets_ += capture.text().size();
    if (folder_octets_ > folder_max_) retire();
    return {};
}

/// The oldest files go until nine tenths are left, so that this is not done for each new one.
void EvidenceKeeper::retire() {
    std::vector<std::pair<fs::file_time_type, fs::path>> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_, error))
        if (entry.path().extension() == ".pcapng") files.emplace_back(entry.last_write_time(error), entry.path());
    std::sort(files.begin(), files.end());
    folder_octets_ = folder_size(folder_);
    for (const auto& [time, path] : files) {
        if (folder_octets_ <= folder_max_ / 10 * 9) return;
        const auto size = fs::file_size(path, error);
        if (fs::remove(path, error)) folder_octets_ -= std::min<std::uint64_t>(size, folder_octets_);
    }
}

EvidenceKeeper::Counts EvidenceKeeper::counts() const {
    Counts counts = counts_;
    for (const auto& [worker, ring] : rings_) counts.lost += ring.lost();
    return counts;
}

}  // namespace sekisho::slowpath
