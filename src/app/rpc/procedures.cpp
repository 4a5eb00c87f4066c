#include "app/rpc/procedures.h"

#include <algorithm>
#include <span>

namespace sekisho::app::rpc {
namespace {

constexpr Procedure kVersion2[] = {
    {0, "NULL", "", ""},
    {1, "GETATTR", "f", ""},
    {2, "SETATTR", "f", ""},
    {4, "LOOKUP", "fn", "f", Role::name},
    {5, "READLINK", "f", ""},
    {6, "READ", "fw", "ad", Role::read},
    {8, "WRITE", "f4w4d", "", Role::write},
    {9, "CREATE", "fn", "f", Role::name},
    {10, "REMOVE", "fn", ""},
    {11, "RENAME", "fnfn", ""},
    {12, "LINK", "ffn", ""},
    {13, "SYMLINK", "fn", ""},
    {14, "MKDIR", "fn", ""},
    {15, "RMDIR", "fn", ""},
    {16, "READDIR", "f", ""},
    {17, "STATFS", "f", ""},
};
constexpr Procedure kVersion3[] = {
    {0, "NULL", "", ""},
    {1, "GETATTR", "f", ""},
    {2, "SETATTR", "f", ""},
    {3, "LOOKUP", "fn", "f", Role::name},
    {4, "ACCESS", "f", ""},
    {5, "READLINK", "f", ""},
    {6, "READ", "fo", "p4ed", Role::read},
    {7, "WRITE", "fo8d", "", Role::write},
    {8, "CREATE", "fn", "h", Role::name},
    {9, "MKDIR", "fn", ""},
    {10, "SYMLINK", "fn", ""},
    {11, "MKNOD", "fn", ""},
    {12, "REMOVE", "fn", ""},
    {13, "RMDIR", "fn", ""},
    {14, "RENAME", "fnfn", ""},
    {15, "LINK", "ffn", ""},
    {16, "READDIR", "f", ""},
    {17, "READDIRPLUS", "f", ""},
    {18, "FSSTAT", "f", ""},
    {19, "FSINFO", "f", ""},
    {20, "PATHCONF", "f", ""},
    {21, "COMMIT", "f", "", Role::finish},
};
constexpr Procedure kVersion4[] = {{0, "NULL", "", ""}};

// Each must be walked through to reach the next one. In version 4 CLOSE says that a content is whole; COMMIT comes in
// the middle of large ones too.
constexpr Procedure kOperations[] = {
    {3, "ACCESS", "4", "8"},
    {4, "CLOSE", "46", "6", Role::finish},
    {5, "COMMIT", "84", "8"},
    {6, "CREATE", "Tnbs", "488b", Role::name},
    {7, "DELEGPURGE", "8", ""},
    {8, "DELEGRETURN", "6", ""},
    {9, "GETATTR", "b", "bs"},
    {10, "GETFH", "", "f", Role::get_handle},
    {11, "LINK", "n", "488"},
    {12, "LOCK", "4488L", "6"},
    {13, "LOCKT", "4888s", ""},
    {14, "LOCKU", "44688", "6"},
    {15, "LOOKUP", "n", "", Role::name},
    {16, "LOOKUPP", "", "", Role::parent},
    {17, "NVERIFY", "bs", ""},
    {18, "OPEN", "4448sOC", "64884bD", Role::name},
    {19, "OPENATTR", "4", "", Role::parent},
    {20, "OPEN_CONFIRM", "64", "6"},
    {21, "OPEN_DOWNGRADE", "6444", "6"},
    {22, "PUTFH", "f", ""},
    {23, "PUTPUBFH", "", "", Role::root},
    {24, "PUTROOTFH", "", "", Role::root},
    {25, "READ", "6o4", "ed", Role::read},
    {26, "READDIR", "8844b", "!"},
    {27, "READLINK", "", "s"},
    {28, "REMOVE", "n", "488"},
    {29, "RENAME", "nn", "488488"},
    {30, "RENEW", "8", ""},
    {31, "RESTOREFH", "", "", Role::restore},
    {32, "SAVEFH", "", "", Role::save},
    {33, "SECINFO", "n", "!"},
    {34, "SETATTR", "6bs", "b"},
    {35, "SETCLIENTID", "8s4ss4", "88"},
    {36, "SETCLIENTID_CONFIRM", "88", ""},
    {37, "VERIFY", "bs", ""},
    {38, "WRITE", "6o4d", "88", Role::write},
    {39, "RELEASE_LOCKOWNER", "8s", ""},
    {40, "BACKCHANNEL_CTL", "!", ""},
    {41, "BIND_CONN_TO_SESSION", "644", "644"},
    {42, "EXCHANGE_ID", "!", "!"},
    {43, "CREATE_SESSION", "!", "!"},
    {44, "DESTROY_SESSION", "6", ""},
    {45, "FREE_STATEID", "6", ""},
    {46, "GET_DIR_DELEGATION", "!", "!"},
    {47, "GETDEVICEINFO", "644b", "!"},
    {48, "GETDEVICELIST", "4488", "!"},
    {49, "LAYOUTCOMMIT", "!", "!"},
    {50, "LAYOUTGET", "44488864", "!"},
    {51, "LAYOUTRETURN", "!", "!"},
    {52, "SECINFO_NO_NAME", "4", "!"},
    {53, "SEQUENCE", "64444", "644444"},
    {54, "SET_SSV", "ss", "s"},
    {55, "TEST_STATEID", "!", "!"},
    {56, "WANT_DELEGATION", "!", "!"},
    {57, "DESTROY_CLIENTID", "8", ""},
    {58, "RECLAIM_COMPLETE", "4", ""},
    {59, "ALLOCATE", "688", ""},
    {60, "COPY", "!", "!"},
    {61, "COPY_NOTIFY", "!", "!"},
    {62, "DEALLOCATE", "688", ""},
    {63, "IO_ADVISE", "688b", "b"},
    {64, "LAYOUTERROR", "!", "!"},
    {65, "LAYOUTSTATS", "!", "!"},
    {66, "OFFLOAD_CANCEL", "6", ""},
    {67, "OFFLOAD_STATUS", "6", "!"},
    {68, "READ_PLUS", "684", "!"},
    {69, "SEEK", "684", "48"},
    {70, "WRITE_SAME", "!", "!"},
    {71, "CLONE", "66888", ""},
};

const Procedure* find(std::span<const Procedure> table, std::uint32_t number) noexcept {
    const auto found = std::find_if(table.begin(), table.end(), [number](const Procedure& p) { return p.number == number; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace

const Procedure* find_procedure(std::uint32_t version, std::uint32_t number) noexcept {
    switch (version) {
        case 2: return find(kVersion2, number);
        case 3: return find(kVersion3, number);
        case 4: return find(kVersion4, number);
        default: return nullptr;
    }
}

const Procedure* find_operation(std::uint32_t number) noexcept { return find(kOperations, number); }

}  // namespace sekisho::app::rpc
