// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "storage/schema.h"
#include "storage/sqlite_connection.h"

#include <filesystem>
#include <optional>
#include <string_view>

namespace tokenscope::storage {

/// What a database holds, and how sentences to people speak of it.
struct DatabaseKind {
    std::string_view content; ///< in the plural, e.g. "conversations"
    std::string_view setting; ///< the configuration's key of its path, e.g. "conversations.path"
    Schema schema;
};

/// A database with the present schema.
struct OpenedDatabase {
    SqliteConnection connection;
    bool writable = true;         ///< false: what is there can be read, nothing more
    std::optional<Error> warning; ///< what a person should know: not writable, or the one before was damaged
};

/// Opens the database at `path`, or makes it, with folders (0700) and file (0600) that are its owner's alone. A damaged
/// file is moved aside, never deleted, and a new one begun; only so much of it is checked as can be within two seconds.
/// Takes that long at most, and is for the start of the program.
///
/// Errors: ErrorCode::config for what is a mistake (a folder, another program's database, one of a newer version), and
/// ErrorCode::internal for a disk that does not do what it should.
Result<OpenedDatabase> open_database(const std::filesystem::path& path, const DatabaseKind& kind, WallTime now);

} // namespace tokenscope::storage
