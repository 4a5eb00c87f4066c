// Results of the control plane: a value, or an error that names the object, the place and the cause.
// The only door to tl::expected (g++ 12 has no std::expected in C++20 mode; the spelling is the same).
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace sekisho {

enum class ErrorCode {
    invalid,      ///< the input is wrong; `where` names the place in it
    not_found,    ///< a file, name or id that does not exist
    denied,       ///< the caller may not
    limit,        ///< a stated limit would be exceeded
    io,           ///< the operating system refused; `what` holds its words
    unavailable,  ///< a peer or device does not answer; trying again may help
    internal,     ///< our own mistake
};

/// What went wrong, in words for the admin: object and cause in `what`, file:line or key path in `where`.
struct Error {
    ErrorCode code = ErrorCode::invalid;
    std::string what;
    std::string where;

    /// "where: what", or just `what`.
    std::string message() const { return where.empty() ? what : where + ": " + what; }
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string what, std::string where = {}) {
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace sekisho
