// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/sqlite_connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace tokenscope::storage {

namespace {

/// How long a statement waits for another process that writes.
constexpr int busy_timeout_ms = 5'000;
/// Virtual machine steps between two calls of the progress handler: some microseconds.
constexpr int steps_between_checks = 10'000;
constexpr int primary_code = 0xFF;

tl::unexpected<SqliteError> last_error(sqlite3* database, int code)
{
    auto text = fmt::format("{} (SQLite error {})", database ? sqlite3_errmsg(database) : sqlite3_errstr(code), code);
    return tl::make_unexpected(SqliteError{.code = code & primary_code, .text = std::move(text)});
}

/// The file as a URI, which alone can say "immutable".
std::string immutable_uri(const std::string& path)
{
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?' || c == '#' || c == '%')
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            uri += c;
    }
    return uri + "?immutable=1";
}

int ask_to_stop(void* function)
{
    return (*static_cast<std::function<bool()>*>(function))() ? 1 : 0;
}

} // namespace

SqliteStatement& SqliteStatement::bound(int code)
{
    m_bind_error = code == SQLITE_OK ? m_bind_error : code;
    return *this;
}

SqliteStatement& SqliteStatement::text(int parameter, std::string_view value)
{
    return bound(sqlite3_bind_text64(m_statement.get(), parameter, value.empty() ? "" : value.data(), value.size(),
                                     SQLITE_STATIC, SQLITE_UTF8));
}

SqliteStatement& SqliteStatement::blob(int parameter, std::string_view value)
{
    return bound(sqlite3_bind_blob64(m_statement.get(), parameter, value.empty() ? "" : value.data(), value.size(),
                                     SQLITE_STATIC));
}

SqliteStatement& SqliteStatement::number(int parameter, std::int64_t value)
{
    return bound(sqlite3_bind_int64(m_statement.get(), parameter, value));
}

SqliteStatement& SqliteStatement::number(int parameter, std::optional<std::int64_t> value)
{
    return value ? number(parameter, *value) : bound(sqlite3_bind_null(m_statement.get(), parameter));
}

SqliteStatement& SqliteStatement::real(int parameter, std::optional<double> value)
{
    return bound(value ? sqlite3_bind_double(m_statement.get(), parameter, *value)
                       : sqlite3_bind_null(m_statement.get(), parameter));
}

SqliteResult<bool> SqliteStatement::step()
{
    auto* const database = sqlite3_db_handle(m_statement.get());
    if (m_bind_error != SQLITE_OK)
        return last_error(nullptr, m_bind_error);
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return code == SQLITE_ROW;
    return last_error(database, code);
}

std::string SqliteStatement::bytes(int column) const
{
    // The pointer first: asking for it may change the length.
    const auto* const data = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return data ? std::string(data, size) : std::string();
}

std::int64_t SqliteStatement::number(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

double SqliteStatement::real(int column) const
{
    return sqlite3_column_double(m_statement.get(), column);
}

bool SqliteStatement::is_null(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

SqliteResult<SqliteConnection> SqliteConnection::open(const std::string& path, Mode mode)
{
    const bool immutable = mode == Mode::immutable;
    const int flags =
        SQLITE_OPEN_NOMUTEX | (immutable ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE);
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(immutable ? immutable_uri(path).c_str() : path.c_str(), &database, flags, nullptr);
    SqliteConnection connection(database);
    if (code != SQLITE_OK)
        return last_error(database, code);
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, busy_timeout_ms);
    return connection;
}

SqliteResult<SqliteStatement> SqliteConnection::prepare(std::string_view sql) const
{
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(m_database.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK)
        return last_error(m_database.get(), code);
    return SqliteStatement(statement);
}

SqliteResult<void> SqliteConnection::execute(const char* sql) const
{
    const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return last_error(m_database.get(), code);
    return {};
}

SqliteResult<std::string> SqliteConnection::text(std::string_view sql) const
{
    auto statement = prepare(sql);
    if (!statement)
        return tl::make_unexpected(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return tl::make_unexpected(row.error());
    return *row ? statement->bytes(0) : std::string();
}

SqliteResult<std::int64_t> SqliteConnection::number(std::string_view sql) const
{
    auto statement = prepare(sql);
    if (!statement)
        return tl::make_unexpected(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return tl::make_unexpected(row.error());
    return *row ? statement->number(0) : 0;
}

std::int64_t SqliteConnection::changes() const
{
    return sqlite3_changes64(m_database.get());
}

bool SqliteConnection::in_transaction() const
{
    return sqlite3_get_autocommit(m_database.get()) == 0;
}

bool SqliteConnection::read_only() const
{
    return sqlite3_db_readonly(m_database.get(), "main") != 0;
}

void SqliteConnection::interrupt_when(std::function<bool()> stop)
{
    auto kept = stop ? std::make_unique<std::function<bool()>>(std::move(stop)) : nullptr;
    sqlite3_progress_handler(m_database.get(), kept ? steps_between_checks : 0, kept ? ask_to_stop : nullptr,
                             kept.get());
    m_stop = std::move(kept);
}

void SqliteConnection::Close::operator()(sqlite3* database) const
{
    sqlite3_close_v2(database);
}

} // namespace tokenscope::storage
