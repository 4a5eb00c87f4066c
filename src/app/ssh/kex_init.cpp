#include "app/ssh/kex_init.h"

#include <array>
#include <cstring>

#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::app::ssh {
namespace {

constexpr std::size_t kCookie = 16;

// The lists in their order; of those that exist for each way a side tells its own.
enum List : std::size_t { kex, host_key, cipher_up, cipher_down, mac_up, mac_down, compression_up, compression_down, kLists };

}  // namespace

void put_kex_init(TxId tx, Direction direction, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    reader.skip(kCookie);
    std::array<Bytes, kLists> lists;
    for (Bytes& list : lists) list = reader.bytes(reader.u32());
    if (!reader.ok()) return out.event(tx, AppEvent::ssh_invalid_record);
    const bool client = direction == Direction::to_server;
    const List told[] = {kex, client ? cipher_up : cipher_down, client ? mac_up : mac_down, client ? compression_up : compression_down};
    std::array<std::uint8_t, kSshKexMax> text;
    std::size_t size = 0;
    for (const List list : told) {
        if (list != kex) text[size++] = ';';
        if (!lists[list].empty()) std::memcpy(text.data() + size, lists[list].data(), lists[list].size());
        size += lists[list].size();
    }
    std::array<std::uint8_t, 2 * crypto::kDigestMax> hex;
    const Bytes joined = Bytes(text).first(size);
    const auto hash = crypto::digest(crypto::DigestAlgorithm::md5, joined);
    out.put(tx, client ? Field::ssh_hassh_string : Field::ssh_hassh_server_string, joined);
    out.put(tx, client ? Field::ssh_hassh : Field::ssh_hassh_server, Bytes(hex).first(crypto::write_hex(hash.bytes(), '\0', false, hex)));
}

}  // namespace sekisho::app::ssh
