// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tokenscope::storage {

/// What SQLite says: its primary result code (SQLITE_FULL, ...) and words.
struct SqliteError {
    int code = 0;
    std::string text;
};

template <typename T>
using SqliteResult = tl::expected<T, SqliteError>;

/// A prepared statement, finalised when it goes out of scope. Parameters and columns count as in SQLite: from 1, from 0.
class SqliteStatement {
public:
    explicit SqliteStatement(sqlite3_stmt* statement) : m_statement(statement) {}

    // The bytes must stay where they are until the statement is gone. Failing to bind shows in step().
    SqliteStatement& text(int parameter, std::string_view value);
    SqliteStatement& blob(int parameter, std::string_view value);
    SqliteStatement& number(int parameter, std::int64_t value);
    SqliteStatement& number(int parameter, std::optional<std::int64_t> value); ///< absent: NULL
    SqliteStatement& real(int parameter, std::optional<double> value);

    /// Whether there is a row.
    SqliteResult<bool> step();
    std::string bytes(int column) const;
    std::int64_t number(int column) const; ///< 0 for NULL
    double real(int column) const;
    bool is_null(int column) const;

private:
    SqliteStatement& bound(int code);

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_bind_error = 0;
};

/// One connection to a database file, closed when it goes out of scope. Used by one thread at a time.
class SqliteConnection {
public:
    enum class Mode {
        read_write, ///< read-only where the file permits no more
        immutable,  ///< nobody changes the file: needs neither locks nor files beside it
    };

    /// Of an existing file. `path` is absolute.
    static SqliteResult<SqliteConnection> open(const std::string& path, Mode mode);

    SqliteResult<SqliteStatement> prepare(std::string_view sql) const;
    /// Runs one statement or several; rows are ignored.
    SqliteResult<void> execute(const char* sql) const;
    /// The first column of the first row, as bytes or as a number; "" and 0 if there is no row.
    SqliteResult<std::string> text(std::string_view sql) const;
    SqliteResult<std::int64_t> number(std::string_view sql) const;

    /// Rows changed by the last INSERT, UPDATE or DELETE.
    std::int64_t changes() const;
    bool in_transaction() const;
    bool read_only() const;
    /// Asks `stop` every so often while a statement runs; once it says yes, the statement fails with SQLITE_INTERRUPT.
    /// An empty function ends that.
    void interrupt_when(std::function<bool()> stop);

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    explicit SqliteConnection(sqlite3* database) : m_database(database) {}

    std::unique_ptr<std::function<bool()>> m_stop;
    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace tokenscope::storage
