// SQLite behind three small types. The only door to it; every failure becomes an Error that names the file.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"

namespace sekisho::store {

class Statement;

/// A numbered change of the schema; number n brings user_version from n - 1 to n.
struct Migration {
    const char* sql;
};

class Database {
  public:
    /// Opens or makes the file: WAL, each commit on disk before it returns, foreign keys on; brings the schema up to date.
    /// @error io; invalid when the file is no database, or newer than this program
    static Result<Database> open(const std::string& path, const Migration* migrations, std::size_t count);

    Status run(const char* sql);
    Result<Statement> prepare(std::string_view sql);
    std::int64_t last_id() const noexcept { return sqlite3_last_insert_rowid(handle_.get()); }
    std::int64_t changes() const noexcept { return sqlite3_changes64(handle_.get()); }
    tl::unexpected<Error> error() const;

  private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
    };
    Status migrate(const Migration* migrations, std::size_t count);

    std::unique_ptr<sqlite3, Close> handle_;
    std::string path_;
};

/// A prepared statement: bind from 1, run or step, read columns from 0. Reusable; not shared between threads.
class Statement {
  public:
    Statement& bind(int at, std::int64_t value) noexcept {
        sqlite3_bind_int64(handle_.get(), at, value);
        return *this;
    }
    /// The text must live until the statement ran.
    Statement& bind(int at, std::string_view value) noexcept {
        sqlite3_bind_text64(handle_.get(), at, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
        return *this;
    }
    Statement& bind_null(int at) noexcept {
        sqlite3_bind_null(handle_.get(), at);
        return *this;
    }
    /// Runs to the end, without rows.
    Status run();
    /// The next row: true, or false at the end.
    Result<bool> step();

    std::int64_t integer(int column) const noexcept { return sqlite3_column_int64(handle_.get(), column); }
    bool is_null(int column) const noexcept { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
    std::string text(int column) const;

    void reset() noexcept {
        sqlite3_reset(handle_.get());
        sqlite3_clear_bindings(handle_.get());
    }

  private:
    friend class Database;
    struct Finish {
        void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
    };
    std::unique_ptr<sqlite3_stmt, Finish> handle_;
};

/// All or nothing: rolls back unless committed.
class Transaction {
  public:
    static Result<Transaction> begin(Database& db) {
        if (auto begun = db.run("BEGIN IMMEDIATE"); !begun) return fail(begun.error());
        return Transaction(db);
    }
    Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() {
        if (db_ != nullptr) static_cast<void>(db_->run("ROLLBACK"));
    }
    Status commit() {
        auto done = db_->run("COMMIT");
        if (done) db_ = nullptr;
        return done;
    }

  private:
    explicit Transaction(Database& db) noexcept : db_(&db) {}
    Database* db_;
};

/// The first integer of a query without parameters; `otherwise` when there is no row.
Result<std::int64_t> single_integer(Database& db, std::string_view sql, std::int64_t otherwise);

}  // namespace sekisho::store
