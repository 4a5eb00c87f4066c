#include "app/rpc/layout.h"

#include <algorithm>

namespace sekisho::app::rpc {
namespace {

constexpr std::size_t kHandle2 = 32;
constexpr std::size_t kStateId = 16, kVerifier = 8;

constexpr std::size_t padding_of(std::size_t size) noexcept { return (4 - size % 4) % 4; }

void skip_bitmap(ByteReader& reader) noexcept { reader.skip(std::size_t{reader.u32()} * 4); }

void skip_attributes4(ByteReader& reader) noexcept {
    skip_bitmap(reader);
    read_counted(reader);
}

void read_handle(std::uint32_t version, ByteReader& reader, Found& found) noexcept {
    found.handle = version == 2 ? reader.bytes(kHandle2) : read_counted(reader);
}

void read_name(ByteReader& reader, Found& found) noexcept {
    const Bytes name = read_counted(reader);
    if (!reader.ok() && name.empty()) return;
    (found.names == 0 ? found.name : found.new_name) = name;
    ++found.names;
}

void read_content(ByteReader& reader, Found& found) noexcept {
    const std::uint32_t octets = reader.u32();
    if (!reader.ok()) return;
    found.has_content = true;
    found.content = reader.bytes(std::min<std::size_t>(octets, reader.remaining()));
    found.behind = octets - static_cast<std::uint32_t>(found.content.size());
    const std::size_t padding = padding_of(octets), here = std::min(padding, reader.remaining());
    reader.skip(here);
    found.padding = static_cast<std::uint8_t>(padding - here);
}

// fattr (RFC 1094 section 2.3.5): type, mode, links, owner, group, size.
void read_attributes2(ByteReader& reader, Found& found) noexcept {
    reader.skip(20);
    found.size = reader.u32();
    reader.skip(44);
}

// fattr3 (RFC 1813 section 2.5) likewise.
void read_attributes3(ByteReader& reader, Found& found) noexcept {
    if (reader.u32() == 0) return;
    reader.skip(20);
    found.size = reader.u64();
    reader.skip(56);
}

// createtype4: links and devices say more.
void skip_created_type(ByteReader& reader) noexcept {
    constexpr std::uint32_t kBlock = 3, kCharacter = 4, kLink = 5;
    const std::uint32_t type = reader.u32();
    if (type == kLink) read_counted(reader);
    if (type == kBlock || type == kCharacter) reader.skip(8);
}

// openflag4: whether and how the file is made.
void skip_open_how(ByteReader& reader) noexcept {
    constexpr std::uint32_t kCreate = 1, kExclusive = 2, kExclusive41 = 3;
    if (reader.u32() != kCreate) return;
    const std::uint32_t mode = reader.u32();
    if (mode == kExclusive || mode == kExclusive41) reader.skip(kVerifier);
    if (mode != kExclusive) skip_attributes4(reader);
}

// open_claim4: a name in the current folder, or the current file itself.
void read_claim(ByteReader& reader, Found& found) noexcept {
    switch (reader.u32()) {
        case 0:                                             // CLAIM_NULL
        case 3: return read_name(reader, found);            // CLAIM_DELEGATE_PREV
        case 1: reader.skip(4); return;                     // CLAIM_PREVIOUS
        case 2:                                             // CLAIM_DELEGATE_CUR
            reader.skip(kStateId);
            return read_name(reader, found);
        case 5: reader.skip(kStateId); return;              // CLAIM_DELEG_CUR_FH
        default: return;                                    // CLAIM_FH, CLAIM_DELEG_PREV_FH
    }
}

// open_delegation4.
void skip_delegation(ByteReader& reader) noexcept {
    constexpr std::uint32_t kRead = 1, kWrite = 2, kNoneBecause = 3;
    constexpr std::size_t kSpaceLimit = 12, kAceHead = 12;
    const std::uint32_t type = reader.u32();
    if (type == kRead || type == kWrite) {
        reader.skip(kStateId + 4);
        if (type == kWrite) reader.skip(kSpaceLimit);
        reader.skip(kAceHead);
        read_counted(reader);
    } else if (type == kNoneBecause) {
        const std::uint32_t why = reader.u32();
        if (why == 1 || why == 2) reader.skip(4);           // contention, resource: whether it will be told later
    }
}

// locker4: a new owner of locks, or one that is known.
void skip_locker(ByteReader& reader) noexcept {
    if (reader.u32() == 0) {
        reader.skip(kStateId + 4);
        return;
    }
    reader.skip(4 + kStateId + 4 + 8);
    read_counted(reader);
}

}  // namespace

Bytes read_counted(ByteReader& reader) noexcept {
    const std::size_t size = reader.u32();
    const Bytes octets = reader.bytes(size);
    reader.skip(padding_of(size));
    return octets;
}

bool walk(std::string_view layout, std::uint32_t version, ByteReader& reader, Found& found) noexcept {
    for (const char letter : layout) {
        switch (letter) {
            case 'f': read_handle(version, reader, found); break;
            case 'h':
                if (reader.u32() != 0) read_handle(version, reader, found);
                break;
            case 'n': read_name(reader, found); break;
            case 's': read_counted(reader); break;
            case 'b': skip_bitmap(reader); break;
            case 'o': found.offset = reader.u64(); break;
            case 'w': found.offset = reader.u32(); break;
            case 'e': found.end_of_file = reader.u32() != 0; break;
            case 'd': read_content(reader, found); break;
            case 'a': read_attributes2(reader, found); break;
            case 'p': read_attributes3(reader, found); break;
            case 'T': skip_created_type(reader); break;
            case 'O': skip_open_how(reader); break;
            case 'C': read_claim(reader, found); break;
            case 'D': skip_delegation(reader); break;
            case 'L': skip_locker(reader); break;
            case '6': reader.skip(16); break;
            case '4': reader.skip(4); break;
            case '8': reader.skip(8); break;
            default: return false;
        }
        if (!reader.ok()) return false;
    }
    return true;
}

}  // namespace sekisho::app::rpc
