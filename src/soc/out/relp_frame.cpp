#include "soc/out/relp_frame.h"

#include <array>
#include <charconv>

namespace sekisho::soc {
namespace {

constexpr std::size_t kNumberDigits = 9;    // of TXNR and DATALEN
constexpr std::size_t kCommandLetters = 32;

/// Takes one word off the front. Nothing: its end is not here yet.
struct Word {
    std::string_view text;
    char end = 0;
};
std::optional<Word> take_word(std::string_view& rest) {
    const std::size_t size = rest.find_first_of(" \n");
    if (size == std::string_view::npos) return {};
    const Word word{rest.substr(0, size), rest[size]};
    rest.remove_prefix(size + 1);
    return word;
}

std::optional<std::uint32_t> number_of(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || text.size() > kNumberDigits || fault != std::errc{} || end != text.data() + text.size()) return {};
    return number;
}

tl::unexpected<Error> not_relp(std::string_view what) {
    return fail(ErrorCode::invalid, "the server does not speak RELP: " + std::string(what));
}

}  // namespace

std::string relp_frame(std::uint32_t transaction, std::string_view command, std::string_view data) {
    std::string frame = std::to_string(transaction) + ' ';
    frame.append(command).append(" ").append(std::to_string(data.size()));
    if (!data.empty()) frame.append(" ").append(data);
    return frame += '\n';
}

std::optional<unsigned> relp_status(std::string_view data) noexcept {
    return number_of(data.substr(0, data.find_first_of(" \n")));
}

Result<std::optional<RelpFrame>> RelpReader::next() {
    constexpr std::size_t kHeadMax = kNumberDigits + 1 + kCommandLetters + 1 + kNumberDigits + 1;
    std::string_view rest = pending_;
    const auto head = [&]() -> std::optional<std::array<Word, 3>> {
        std::array<Word, 3> words;
        for (Word& word : words) {
            const auto taken = take_word(rest);
            if (!taken) return {};
            word = *taken;
            if (word.end == '\n') break;
        }
        return words;
    }();
    if (!head) {
        if (pending_.size() > kHeadMax) return not_relp("no frame begins like its answer");
        return std::optional<RelpFrame>();
    }
    const auto& [transaction, command, length] = *head;
    const auto number = number_of(transaction.text);
    const auto octets = number_of(length.text);
    const bool command_fits = !command.text.empty() && command.text.size() <= kCommandLetters && command.end == ' ';
    if (transaction.end != ' ' || !number || !command_fits || !octets) return not_relp("an answer without number, command and length");
    if (*octets > kDataMax) return not_relp("an answer of " + std::to_string(*octets) + " octets");
    if (*octets != 0 && length.end == '\n') return not_relp("an answer ends before its data");
    std::size_t used = pending_.size() - rest.size();
    RelpFrame frame{*number, std::string(command.text), {}};
    if (length.end != '\n') {
        if (rest.size() < *octets + 1) return std::optional<RelpFrame>();
        if (rest[*octets] != '\n') return not_relp("an answer has no end");
        frame.data = rest.substr(0, *octets);
        used += *octets + 1;
    }
    pending_.erase(0, used);
    return std::optional<RelpFrame>(std::move(frame));
}

}  // namespace sekisho::soc
