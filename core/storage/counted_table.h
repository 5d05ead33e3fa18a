// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/sqlite_connection.h"

#include <cstddef>
#include <string>

namespace tokenscope::storage {

/// A table that knows how many rows it has. Used by one thread at a time.
class CountedTable {
public:
    /// `connection` must outlive it; `name` is SQL.
    CountedTable(const SqliteConnection& connection, const char* name)
        : m_connection(connection), m_count(std::string("SELECT count(*) FROM ") + name)
    {
    }

    /// Counts all; afterwards rows() follows what the table's own operations do.
    SqliteResult<void> count()
    {
        const auto rows = m_connection.number(m_count);
        if (!rows)
            return tl::make_unexpected(rows.error());
        m_rows = static_cast<std::size_t>(*rows);
        return {};
    }
    std::size_t rows() const { return m_rows; }
    /// After a rollback.
    void reset_rows(std::size_t rows) { m_rows = rows; }

protected:
    const SqliteConnection& connection() const { return m_connection; }
    void add_row() { ++m_rows; }
    void remove_rows(std::size_t rows) { m_rows -= rows < m_rows ? rows : m_rows; }

private:
    const SqliteConnection& m_connection;
    const std::string m_count;
    std::size_t m_rows = 0;
};

} // namespace tokenscope::storage
