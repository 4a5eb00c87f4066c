// A rule while its options are read: which buffer is active, which content a modifier means, which variables
// exist. Suricata's rules of reading, in one place; keywords ask here and never touch Rule::buffers themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/parser.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

class RuleBuilder {
  public:
    RuleBuilder(Rule& rule, const ParseContext& context) : rule_(rule), context_(context) {}
    RuleBuilder(const RuleBuilder&) = delete;
    RuleBuilder& operator=(const RuleBuilder&) = delete;

    Rule& rule() noexcept { return rule_; }
    const ParseContext& context() const noexcept { return context_; }

    // --- buffers
    /// A sticky buffer: what follows is tested in `field` until another is selected.
    Status select(app::Field field);
    /// pkt_data: back to the payload and to legacy modifiers.
    Status select_payload();
    /// base64_data: what follows is tested in the result of the last base64_decode.
    Status select_base64();
    /// Only directly after a sticky buffer or another transform.
    Status add_transform(Transform transform);
    /// absent: what the rule says of a message without the active buffer. Only directly after its sticky buffer.
    Status set_absence(Absence absence);
    /// Rules with "=>": the side that the next keyword's buffer or file belongs to. any: as the field says, else the
    /// client's.
    void set_side(FlowDirection side) noexcept { side_ = side; }
    /// The side of what the present keyword adds.
    FlowDirection side_of(app::Field field) const noexcept;
    bool sticky() const noexcept { return active_.kind != Cursor::Kind::none; }
    /// The field that `sticky()` tests look at.
    app::Field active_field() const noexcept;

    // --- tests
    /// Into the active buffer, else the payload.
    void add(Test test);
    /// Into the active buffer; else, when relative, where the last match was; else the payload.
    void add_near_last_match(Test test, bool relative);
    /// Into `field`, without making it active (pcre letters, urilen, tls.subject).
    /// @error when another sticky buffer is active and `exclusive`
    Status add_to(app::Field field, Test test, bool exclusive);
    /// The content that a modifier like `nocase` means; null when there is none.
    Content* last_content() noexcept;
    /// Legacy modifiers (http_uri): the last payload content moves to `field`.
    Status move_last_content(app::Field field);
    /// Tests of a field in a fixed layout, written by one keyword: a group of its own, no buffer becomes active.
    Status add_group(BufferTests tests);
    /// base64_decode: into the active buffer (relative: near the last match), remembered for base64_data.
    void add_decode(Base64Decode decode);

    // --- variables of byte_extract and byte_math
    Result<Operand> operand(std::string_view text, std::int64_t min, std::int64_t max) const;
    Result<std::uint8_t> define_variable(std::string_view name);

    // --- whole rule
    /// The rule looks at this protocol. @error when header or an earlier keyword said another
    Status require_protocol(app::Protocol protocol, std::string_view keyword);
    void warn(std::string what) { warnings_.push_back(std::move(what)); }
    std::vector<std::string> take_warnings() noexcept { return std::move(warnings_); }
    /// `requires` found something that is not here: the rule is left out without an error.
    void skip() noexcept { skipped_ = true; }
    bool skipped() const noexcept { return skipped_; }
    app::Protocol protocol() const noexcept { return protocol_; }
    /// Nothing in the rule names a protocol so far.
    bool any_protocol() const noexcept { return protocol_ == app::Protocol::unknown && rule_.header.protocol == app::Protocol::unknown; }
    /// What can only be judged when all options are read. @error invalid
    Status finish();

  private:
    struct Cursor {
        enum class Kind : std::uint8_t { none, group, base64 } kind = Kind::none;
        std::size_t group = 0;
    };

    std::vector<Test>& tests(const Cursor& cursor) noexcept;
    Cursor payload_cursor() { return {Cursor::Kind::group, find_or_add(app::Field::payload)}; }
    Cursor target() { return sticky() ? active_ : payload_cursor(); }
    std::size_t find_or_add(app::Field field);
    std::size_t add_fresh(app::Field field);
    void put(const Cursor& cursor, Test test);
    void merge_transformed_group();

    Rule& rule_;
    const ParseContext& context_;
    Cursor active_;
    Cursor last_content_;  ///< its tests hold the last content of the rule
    Cursor last_match_;    ///< its tests hold the last test that moves the cursor
    FlowDirection side_ = FlowDirection::any;
    bool fresh_ = false;   ///< the sticky buffer has no tests yet: transforms may follow
    std::shared_ptr<Base64Decode> decode_;
    std::vector<std::string> variables_;
    app::Protocol protocol_ = app::Protocol::unknown;
    std::vector<std::string> warnings_;
    bool skipped_ = false;
};

}  // namespace sekisho::signature
