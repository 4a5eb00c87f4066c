// Programs: MZ with its PE header ([MS] PE Format), ELF (System V gABI), Mach-O, Java classes (JVMS section 4.1).
#include "file/magic_formats.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::file {
namespace {

struct Named {
    std::uint32_t number;
    std::string_view name;
};

constexpr Named kPeMachines[] = {{0x014c, "Intel 80386"}, {0x8664, "x86-64"},  {0xaa64, "Aarch64"}, {0x01c0, "ARM"},
                                 {0x01c4, "ARMv7 Thumb"}, {0x0200, "Intel Itanium"}, {0x0ebc, "EFI byte code"}};
constexpr Named kElfMachines[] = {{2, "SPARC"},  {3, "Intel 80386"}, {8, "MIPS"},       {20, "PowerPC or cisco 4500"},
                                  {40, "ARM"},   {42, "Renesas SH"}, {62, "x86-64"},    {183, "ARM aarch64"},
                                  {243, "UCB RISC-V"}};
constexpr Named kElfTypes[] = {{1, "relocatable"}, {2, "executable"}, {3, "shared object"}, {4, "core file"}};

template <std::size_t N>
std::string_view name_of(const Named (&table)[N], std::uint32_t number, std::string_view otherwise) noexcept {
    for (const Named& known : table)
        if (known.number == number) return known.name;
    return otherwise;
}

std::uint32_t little_at(Bytes head, std::size_t offset, std::size_t octets) noexcept {
    if (offset + octets > head.size()) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = octets; i > 0; --i) value = value << 8 | head[offset + i - 1];
    return value;
}

void tell_pe(Bytes head, std::size_t at, MagicText& out) noexcept {
    const std::uint32_t kind = little_at(head, at + 24, 2);
    out.append(kind == 0x20b ? "PE32+ executable" : "PE32 executable");
    if ((little_at(head, at + 22, 2) & 0x2000) != 0) out.append(" (DLL)");
    switch (little_at(head, at + 92, 2)) {
        case 1: out.append(" (native)"); break;
        case 2: out.append(" (GUI)"); break;
        case 3: out.append(" (console)"); break;
        case 10: out.append(" (EFI application)"); break;
        default: break;
    }
    out.append(" ");
    out.append(name_of(kPeMachines, little_at(head, at + 4, 2), "unknown processor"));
    // A program for the common language runtime has a 15th directory (CLR header).
    const std::size_t directories = at + 24 + (kind == 0x20b ? 112u : 96u);
    if (little_at(head, directories + 14 * 8, 4) != 0) out.append(" Mono/.Net assembly");
    out.append(", for MS Windows, ");
    out.append(std::uint64_t{little_at(head, at + 6, 2)});
    out.append(" sections");
}

void tell_mz(Bytes head, MagicText& out) noexcept {
    const std::size_t at = little_at(head, 60, 4);
    if (at >= 64 && at < head.size() && stands_at(head, at, std::string_view("PE\0\0", 4))) return tell_pe(head, at, out);
    if (at >= 64 && at < head.size() && stands_at(head, at, "NE")) {
        out.append("MS-DOS executable, NE for MS Windows 3.x");
        return;
    }
    // The header lies behind what is looked at: a new-style program all the same.
    if (at >= head.size() && head.size() == kMagicHead) return out.append("PE32 executable, for MS Windows");
    out.append("MS-DOS executable");
}

void tell_elf(Bytes head, MagicText& out) noexcept {
    const bool big = head[5] == 2;
    ByteReader reader(head.subspan(16));
    const std::uint16_t type = big ? reader.u16() : reader.u16_le();
    const std::uint16_t machine = big ? reader.u16() : reader.u16_le();
    out.append(head[4] == 2 ? "ELF 64-bit " : "ELF 32-bit ");
    out.append(big ? "MSB " : "LSB ");
    out.append(name_of(kElfTypes, type, "no file type"));
    out.append(", ");
    out.append(name_of(kElfMachines, machine, "unknown processor"));
    out.append(", version 1 (");
    out.append(head[7] == 3 ? "GNU/Linux)" : head[7] == 9 ? "FreeBSD)" : "SYSV)");
}

}  // namespace

bool tell_executable(Bytes head, MagicText& out) noexcept {
    if (starts(head, "MZ") && head.size() >= 64) {
        tell_mz(head, out);
        return true;
    }
    if (starts(head, "MZ")) {
        out.append("MS-DOS executable");
        return true;
    }
    if (starts(head, "\x7f""ELF") && head.size() >= 20) {
        tell_elf(head, out);
        return true;
    }
    ByteReader reader(head);
    switch (reader.u32()) {
        case 0xcafebabe: {
            const std::uint16_t minor = reader.u16(), major = reader.u16();
            if (minor == 0 && major < 45) {
                out.append("Mach-O universal binary with ");
                out.append(std::uint64_t{major});
                out.append(" architectures");
                return true;
            }
            out.append("compiled Java class data, version ");
            out.append(std::uint64_t{major});
            out.append(".");
            out.append(std::uint64_t{minor});
            return true;
        }
        case 0xfeedface:
        case 0xcefaedfe: out.append("Mach-O executable"); return true;
        case 0xfeedfacf:
        case 0xcffaedfe: out.append("Mach-O 64-bit executable"); return true;
        default: return false;
    }
}

}  // namespace sekisho::file
