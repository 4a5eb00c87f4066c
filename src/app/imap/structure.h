// BODYSTRUCTURE (RFC 9051 section 7.5.2): what the parts of a mail are, how they are coded and called. Clients ask for it,
// then for parts without their heads.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/imap/section.h"
#include "app/mime/transfer_decoder.h"
#include "sekisho/app/limits.h"

namespace sekisho::app::imap {

struct Leaf {
    std::uint32_t message = 0;   ///< its number in the mail box; 0: none
    Section section;
    mime::Coding coding = mime::Coding::identity;
    bool is_text = false;
    bool is_mail = false;        ///< message/rfc822
    std::uint8_t name_size = 0;
    std::array<char, kImapNameMax> name{};
};

/// The parts of the mails whose structure was told last. When full, the oldest give way.
class Structures {
  public:
    /// Reads the structure in a FETCH response, when there is one. What is cut off or malformed ends it.
    void read(std::uint32_t message, std::string_view line) noexcept;
    /// @return null when it was not told
    const Leaf* find(std::uint32_t message, const Section& section) const noexcept;
    /// The numbers of mails have changed.
    void forget() noexcept;

  private:
    class Reader;
    std::array<Leaf, kImapPartsMax> leaves_{};
    std::uint8_t next_ = 0;
};

}  // namespace sekisho::app::imap
