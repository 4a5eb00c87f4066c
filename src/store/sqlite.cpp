#include "store/sqlite.h"

#include <utility>

#include "store/limits.h"

namespace sekisho::store {

tl::unexpected<Error> Database::error() const {
    const int code = sqlite3_extended_errcode(handle_.get()) & 0xff;
    const ErrorCode kind = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? ErrorCode::invalid
                           : code == SQLITE_BUSY                           ? ErrorCode::unavailable
                                                                           : ErrorCode::io;
    return fail(kind, sqlite3_errmsg(handle_.get()), path_);
}

Result<Database> Database::open(const std::string& path, const Migration* migrations, std::size_t count) {
    Database db;
    db.path_ = path;
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const int opened = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    db.handle_.reset(handle);
    if (opened != SQLITE_OK) return db.error();
    sqlite3_busy_timeout(handle, kBusyMs);
    // A file from elsewhere must not run functions through its schema.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
                               "PRAGMA journal_size_limit=67108864"})
        if (auto done = db.run(pragma); !done) return fail(done.error());
    if (auto done = db.migrate(migrations, count); !done) return fail(done.error());
    return db;
}

Status Database::migrate(const Migration* migrations, std::size_t count) {
    const auto version = single_integer(*this, "PRAGMA user_version", 0);
    if (!version) return fail(version.error());
    if (*version > static_cast<std::int64_t>(count))
        return fail(ErrorCode::invalid, "was written by a newer version of this program", path_);
    for (auto next = static_cast<std::size_t>(*version); next < count; ++next) {
        auto change = Transaction::begin(*this);
        if (!change) return fail(change.error());
        if (auto done = run(migrations[next].sql); !done) return done;
        if (auto done = run(("PRAGMA user_version=" + std::to_string(next + 1)).c_str()); !done) return done;
        if (auto done = change->commit(); !done) return done;
    }
    return {};
}

Status Database::run(const char* sql) {
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error();
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle,
                           nullptr) != SQLITE_OK)
        return error();
    Statement statement;
    statement.handle_.reset(handle);
    return statement;
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3* db = sqlite3_db_handle(handle_.get());
    const char* file = sqlite3_db_filename(db, "main");
    return fail(ErrorCode::io, sqlite3_errmsg(db), file == nullptr ? "" : file);
}

Status Statement::run() {
    auto stepped = step();
    reset();
    if (!stepped) return fail(stepped.error());
    return {};
}

std::string Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    if (data == nullptr) return {};
    return std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

Result<std::int64_t> single_integer(Database& db, std::string_view sql, std::int64_t otherwise) {
    auto query = db.prepare(sql);
    if (!query) return fail(query.error());
    const auto row = query->step();
    if (!row) return fail(row.error());
    return *row && !query->is_null(0) ? query->integer(0) : otherwise;
}

}  // namespace sekisho::store
