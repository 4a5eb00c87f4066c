// Holds the names of a transaction against the URL filter and remembers the first block for the verdict.
#pragma once

#include "app_layer.h"
#include "records.h"
#include "sekisho/engine/answer.h"
#include "sekisho/urlfilter/address_names.h"
#include "sekisho/urlfilter/consent.h"
#include "sekisho/urlfilter/filter.h"

namespace sekisho::engine {

class UrlFilterGate final : public UrlGate {
  public:
    UrlFilterGate(Records& records, urlfilter::AddressNames& names) : records_(records), names_(names) {}

    void begin(const Policy& policy, const flow::Flow* flow, signature::PatternScratch& scratch, TimeNs now, bool enforce) noexcept;
    void names_known(Transaction& tx) noexcept override;

    bool blocked() const noexcept { return blocked_; }
    app::Protocol protocol() const noexcept { return protocol_; }
    /// Frames that tell the client: block page, TLS alert, DNS answer. False when none could be made.
    bool answer(const packet::Packet& packet, AnswerBuilder& builder, Answers& answers) noexcept;

  private:
    /// The strictest decision so far about a transaction, with the name it is about.
    struct Finding {
        urlfilter::Decision decision;
        std::string_view host, path;
    };
    void judge_http(const detect::Message& message) noexcept;
    void judge_tls(Transaction& tx) noexcept;
    void judge_quic(Transaction& tx) noexcept;
    void judge_dns(const detect::Message& message) noexcept;
    void judge_ech(const detect::Message& message) noexcept;
    bool judge_certificate(const detect::Message& message) noexcept;
    urlfilter::Decision ask(std::string_view host, std::string_view path) const noexcept;
    void judge(std::string_view host, std::string_view path, Finding& strictest) const noexcept;
    void act(const Finding& finding) noexcept;
    void warn(const Finding& finding, std::string_view category) noexcept;
    void tell(const Finding& finding, std::string_view category, urlfilter::Action decided, std::string_view reason) noexcept;
    void keep_for_page(const detect::Message& message) noexcept;
    void learn(const detect::Message& message) noexcept;
    urlfilter::Client client() const noexcept;
    std::size_t make_page(MutableBytes out) const noexcept;
    bool answer_dns(const packet::Packet& packet, AnswerBuilder& builder, Answers& answers) const noexcept;

    enum class Answering : std::uint8_t { block, warn, go_on };
    static constexpr std::size_t kNameBytes = 256;
    static constexpr std::size_t kTargetBytes = 320;
    template <std::size_t N>
    struct Kept {
        std::array<char, N> octets{};
        std::size_t size = 0;
        void operator=(std::string_view text) noexcept {
            size = std::min(N, text.size());
            std::copy_n(text.begin(), size, octets.begin());
        }
        std::string_view view() const noexcept { return {octets.data(), size}; }
    };

    Records& records_;
    urlfilter::AddressNames& names_;
    const Policy* policy_ = nullptr;
    const flow::Flow* flow_ = nullptr;
    signature::PatternScratch* scratch_ = nullptr;
    std::uint64_t now_s_ = 0;
    bool enforce_ = false;
    bool blocked_ = false;
    bool head_ = false;
    Answering answering_ = Answering::block;
    app::Protocol protocol_ = app::Protocol::unknown;
    std::uint64_t incident_ = 0;
    urlfilter::AddressNames::Name learned_;
    std::string_view cookie_;  ///< of the transaction at hand
    urlfilter::ConsentToken token_{};
    // Kept for the page: the transaction may be gone when the answer is made.
    Kept<kNameBytes> host_, category_, language_, origin_;
    Kept<kTargetBytes> target_;
};

}  // namespace sekisho::engine
