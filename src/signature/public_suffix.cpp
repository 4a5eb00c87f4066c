#include "signature/public_suffix.h"

#include <libpsl.h>

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kNameMax = 253;

using Part = const char* (*)(const psl_ctx_t*, const char*);

/// A part that ends where the name ends.
Bytes part_of(Bytes host, Part part) noexcept {
    if (host.empty() || host.size() > kNameMax) return {};
    char name[kNameMax + 1];
    std::transform(host.begin(), host.end(), name, [](std::uint8_t c) { return static_cast<char>(ascii_lower(c)); });
    name[host.size()] = '\0';
    if (std::find(name, name + host.size(), '\0') != name + host.size()) return {};
    const char* found = part(psl_builtin(), name);
    return found == nullptr ? Bytes{} : host.subspan(static_cast<std::size_t>(found - name));
}

}  // namespace

Bytes registrable_domain(Bytes host) noexcept { return part_of(host, psl_registrable_domain); }

Bytes public_suffix(Bytes host) noexcept {
    return registrable_domain(host).empty() ? Bytes{} : part_of(host, psl_unregistrable_domain);
}

}  // namespace sekisho::signature
