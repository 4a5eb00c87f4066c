#include "sekisho/file/digests.h"

namespace sekisho::file {
namespace {

constexpr crypto::DigestAlgorithm algorithm_at(std::size_t i) noexcept { return static_cast<crypto::DigestAlgorithm>(i); }

}  // namespace

void Digests::start(DigestSet wanted) noexcept {
    wanted_ = wanted;
    finished_ = false;
    for (std::size_t i = 0; i < kDigestKinds; ++i)
        if ((wanted_ >> i & 1) != 0) running_[i].reset(algorithm_at(i));
}

void Digests::update(Bytes piece) noexcept {
    for (std::size_t i = 0; i < kDigestKinds; ++i)
        if ((wanted_ >> i & 1) != 0) running_[i].update(piece);
}

void Digests::finish() noexcept {
    if (finished_) return;
    finished_ = true;
    for (std::size_t i = 0; i < kDigestKinds; ++i)
        if ((wanted_ >> i & 1) != 0) values_[i] = running_[i].finish().octets;
}

Bytes Digests::value(crypto::DigestAlgorithm algorithm) const noexcept {
    const auto i = static_cast<std::size_t>(algorithm);
    if (!finished_ || (wanted_ >> i & 1) == 0) return {};
    return Bytes(values_[i]).first(crypto::digest_size(algorithm));
}

}  // namespace sekisho::file
