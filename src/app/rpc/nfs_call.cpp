#include "app/rpc/nfs_call.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "app/detail.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::rpc {
namespace {

// How the arguments of a procedure are laid out, a letter each: f handle (v2: 32 octets; else counted), n name,
// s counted octets, 4 / 8 / 6 so many octets (6: sixteen), b bitmap. What follows the last letter is not read; a
// letter that has no end here ends the walk.
struct Procedure {
    std::uint32_t number;
    std::string_view name;
    std::string_view shape;
};

constexpr Procedure kVersion2[] = {
    {0, "NULL", ""},        {1, "GETATTR", "f"},   {2, "SETATTR", "f"},  {4, "LOOKUP", "fn"},   {5, "READLINK", "f"},
    {6, "READ", "f"},       {8, "WRITE", "f"},     {9, "CREATE", "fn"},  {10, "REMOVE", "fn"},  {11, "RENAME", "fnfn"},
    {12, "LINK", "ffn"},    {13, "SYMLINK", "fn"}, {14, "MKDIR", "fn"},  {15, "RMDIR", "fn"},   {16, "READDIR", "f"},
    {17, "STATFS", "f"},
};
constexpr Procedure kVersion3[] = {
    {0, "NULL", ""},        {1, "GETATTR", "f"},   {2, "SETATTR", "f"},  {3, "LOOKUP", "fn"},   {4, "ACCESS", "f"},
    {5, "READLINK", "f"},   {6, "READ", "f"},      {7, "WRITE", "f"},    {8, "CREATE", "fn"},   {9, "MKDIR", "fn"},
    {10, "SYMLINK", "fn"},  {11, "MKNOD", "fn"},   {12, "REMOVE", "fn"}, {13, "RMDIR", "fn"},   {14, "RENAME", "fnfn"},
    {15, "LINK", "ffn"},    {16, "READDIR", "f"},  {17, "READDIRPLUS", "f"}, {18, "FSSTAT", "f"}, {19, "FSINFO", "f"},
    {20, "PATHCONF", "f"},  {21, "COMMIT", "f"},
};
// Operations of a version 4 compound, which must be walked through to reach the next one.
constexpr Procedure kOperations[] = {
    {3, "ACCESS", "4"},      {4, "CLOSE", "46"},       {5, "COMMIT", "84"},     {7, "DELEGPURGE", "8"}, {8, "DELEGRETURN", "6"},
    {9, "GETATTR", "b"},     {10, "GETFH", ""},        {11, "LINK", "n"},       {15, "LOOKUP", "n"},    {16, "LOOKUPP", ""},
    {20, "OPEN_CONFIRM", "64"}, {22, "PUTFH", "f"},    {23, "PUTPUBFH", ""},    {24, "PUTROOTFH", ""},  {25, "READ", "684"},
    {26, "READDIR", "8844b"}, {27, "READLINK", ""},    {28, "REMOVE", "n"},     {29, "RENAME", "nn"},   {30, "RENEW", "8"},
    {31, "RESTOREFH", ""},   {32, "SAVEFH", ""},       {33, "SECINFO", "n"},    {34, "SETATTR", "6bs"}, {38, "WRITE", "684s"},
    {44, "DESTROY_SESSION", "6"}, {52, "SECINFO_NO_NAME", "4"}, {53, "SEQUENCE", "64444"}, {57, "DESTROY_CLIENTID", "8"},
    {58, "RECLAIM_COMPLETE", "4"},
};
constexpr std::size_t kOperationsMax = 32;  ///< of one compound; further ones are not told

const Procedure* find(std::span<const Procedure> table, std::uint32_t number) noexcept {
    const auto found = std::find_if(table.begin(), table.end(), [number](const Procedure& p) { return p.number == number; });
    return found == table.end() ? nullptr : &*found;
}

Bytes counted(ByteReader& reader) noexcept {
    const std::size_t size = reader.u32();
    const Bytes octets = reader.bytes(size);
    reader.skip((4 - size % 4) % 4);
    return octets;
}

/// False when the arguments do not end inside the message.
bool walk(std::string_view shape, std::uint32_t version, ByteReader& reader, TxId tx, FieldSink& out) noexcept {
    constexpr std::size_t kHandle2 = 32;
    std::string_view key = "filename";
    for (const char letter : shape) {
        switch (letter) {
            case 'f':
                if (version == 2) reader.skip(kHandle2);
                else counted(reader);
                break;
            case 'n': {
                const Bytes name = counted(reader);
                if (reader.ok() || !name.empty()) put_detail(out, tx, key, as_text(name));
                key = "new_name";
                break;
            }
            case 's': counted(reader); break;
            case 'b': reader.skip(std::size_t{reader.u32()} * 4); break;
            case '6': reader.skip(16); break;
            default: reader.skip(static_cast<std::size_t>(letter - '0')); break;
        }
        if (!reader.ok()) return false;
    }
    return true;
}

void put_procedure(TxId tx, std::uint32_t number, FieldSink& out) noexcept {
    const std::array<std::uint8_t, 4> octets = {static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
                                                static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
    out.put(tx, Field::nfs_procedure, octets);
}

// COMPOUND4args: tag, minor version, array of operations.
void tell_compound(TxId tx, Bytes arguments, FieldSink& out) noexcept {
    ByteReader reader(arguments);
    counted(reader);
    reader.skip(4);
    const std::size_t count = std::min<std::size_t>(reader.u32(), kOperationsMax);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t number = reader.u32();
        if (!reader.ok()) return;
        put_procedure(tx, number, out);
        const Procedure* operation = find(kOperations, number);
        if (operation == nullptr) return;
        put_detail(out, tx, "procedure", operation->name);
        if (!walk(operation->shape, 4, reader, tx, out)) return;
    }
}

}  // namespace

void tell_nfs_call(TxId tx, const Call& call, FieldSink& out) noexcept {
    out.fact(tx, Fact::nfs_version, call.version);
    put_detail(out, tx, "version", call.version);
    if (call.version == 4 && call.procedure == 1) return tell_compound(tx, call.arguments, out);
    put_procedure(tx, call.procedure, out);
    const auto table = call.version == 2 ? std::span<const Procedure>(kVersion2) : std::span<const Procedure>(kVersion3);
    const Procedure* procedure = find(table, call.procedure);
    if (procedure == nullptr) return;
    put_detail(out, tx, "procedure", procedure->name);
    ByteReader reader(call.arguments);
    walk(procedure->shape, call.version, reader, tx, out);
}

}  // namespace sekisho::app::rpc
