// Holds the names of a transaction against the URL filter and remembers the first block for the verdict.
#pragma once

#include "app_layer.h"
#include "records.h"
#include "sekisho/engine/answer.h"
#include "sekisho/urlfilter/filter.h"

namespace sekisho::engine {

class UrlFilterGate final : public UrlGate {
  public:
    explicit UrlFilterGate(Records& records) : records_(records) {}

    void begin(const Policy& policy, const flow::Flow* flow, bool enforce) noexcept;
    void names_known(Transaction& tx) noexcept override;

    bool blocked() const noexcept { return blocked_; }
    app::Protocol protocol() const noexcept { return protocol_; }
    /// Frames that tell the client: block page, TLS alert, DNS answer. False when none could be made.
    bool answer(const packet::Packet& packet, AnswerBuilder& builder, Answers& answers) noexcept;

  private:
    void judge(std::string_view host, std::string_view path) noexcept;

    Records& records_;
    const Policy* policy_ = nullptr;
    const flow::Flow* flow_ = nullptr;
    bool enforce_ = false;
    bool blocked_ = false;
    app::Protocol protocol_ = app::Protocol::unknown;
    std::uint64_t incident_ = 0;
    bool head_ = false;
    // Kept for the page: the transaction may be gone when the answer is made.
    static constexpr std::size_t kNameBytes = 256;
    std::array<char, kNameBytes> host_{}, category_{}, language_{};
    std::size_t host_size_ = 0, category_size_ = 0, language_size_ = 0;
};

}  // namespace sekisho::engine
