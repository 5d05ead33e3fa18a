// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/database_file.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace tokenscope::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds check_time{2};
/// What SQLite appends to the name for the files beside the database; first what must move first.
constexpr std::array<const char*, 3> suffixes = {"-wal", "-shm", ""};

/// Why a database could not be opened.
struct Trouble {
    Error error;
    bool damaged = false;
};

template <typename T>
using Opening = tl::expected<T, Trouble>;

struct Identity {
    std::int64_t application = 0;
    std::int64_t version = 0;
    std::int64_t tables = 0;
};

fs::path with_suffix(const fs::path& path, const char* suffix)
{
    auto name = path;
    name += suffix;
    return name;
}

tl::unexpected<Trouble> refuse(std::string message)
{
    return tl::make_unexpected(Trouble{.error = {.code = ErrorCode::config, .message = std::move(message)}});
}

tl::unexpected<Trouble> trouble(const fs::path& path, const DatabaseKind& kind, const SqliteError& error)
{
    return tl::make_unexpected(
        Trouble{.error = {.code = ErrorCode::internal,
                          .message = fmt::format("The {} in {} cannot be opened.", kind.content, path.string()),
                          .detail = error.text},
                .damaged = error.code == SQLITE_CORRUPT || error.code == SQLITE_NOTADB});
}

/// What SQLite works with: it puts its other files beside the file that a link leads to.
fs::path resolved(const fs::path& path)
{
    std::error_code failed;
    auto whole = fs::weakly_canonical(fs::absolute(path, failed), failed);
    return failed || whole.empty() ? path : whole;
}

/// Missing folders are made for their owner alone; those that exist are left as they are.
bool make_folders(const fs::path& folder)
{
    std::error_code ignored;
    if (folder.empty() || fs::is_directory(folder, ignored))
        return true;
    return make_folders(folder.parent_path()) && (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST);
}

Result<void> prepare_file(const fs::path& path, const DatabaseKind& database)
{
    std::error_code absent;
    const auto kind = fs::status(path, absent).type();
    if (kind != fs::file_type::not_found && kind != fs::file_type::none && kind != fs::file_type::regular)
        return failure(ErrorCode::config,
                       fmt::format("{} must name a file; {} is {}.", database.setting, path.string(),
                                   kind == fs::file_type::directory ? "a folder" : "something else"));
    if (kind != fs::file_type::regular) {
        const int file = make_folders(path.parent_path())
                             ? ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)
                             : -1;
        if (file < 0 && errno != EEXIST)
            return failure(ErrorCode::internal,
                           fmt::format("The file for {}, {}, cannot be made.", database.content, path.string()),
                           std::strerror(errno));
        // A new file has no locks yet; closing any descriptor of an old one would drop SQLite's.
        if (file >= 0)
            ::close(file);
    }
    for (const auto* suffix : suffixes) {
        const auto name = with_suffix(path, suffix);
        struct stat facts {};
        if (::stat(name.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            (void)::chmod(name.c_str(), S_IRUSR | S_IWUSR); // fails for what belongs to somebody else
    }
    return {};
}

SqliteResult<Identity> identify(const SqliteConnection& connection)
{
    const auto tables = connection.number("SELECT count(*) FROM sqlite_schema");
    if (!tables)
        return tl::make_unexpected(tables.error());
    const auto application = connection.number("PRAGMA application_id");
    if (!application)
        return tl::make_unexpected(application.error());
    const auto version = connection.number("PRAGMA user_version");
    if (!version)
        return tl::make_unexpected(version.error());
    return Identity{.application = *application, .version = *version, .tables = *tables};
}

/// Durability: what is acknowledged must survive the death of this process at any moment, and the file that of the
/// machine. With a write-ahead log NORMAL does both: a commit has been handed to the system before it is acknowledged, and the
/// log is synced before its pages reach the file, so that a loss of power can cost the last commits but never
/// consistency. FULL would add a sync to every commit, with the client waiting, for replies that it has got anyway.
/// Where there can be no such log (no shared memory), the file's safety itself depends on FULL.
SqliteResult<void> configure(const SqliteConnection& connection, bool fresh)
{
    if (fresh) { // before the first table: later it would take rewriting the file
        if (auto set = connection.execute("PRAGMA auto_vacuum = INCREMENTAL"); !set)
            return set;
    }
    const auto set = connection.text("PRAGMA journal_mode = WAL");
    // Busy: another process is at this very point.
    if (!set && set.error().code != SQLITE_BUSY)
        return tl::make_unexpected(set.error());
    const bool wal = set && *set == "wal";
    // secure_delete: what a person deletes is to be gone, not just unlinked.
    return connection.execute(wal ? "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"
                                    "PRAGMA journal_size_limit = 67108864"
                                  : "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
}

SqliteResult<void> check(SqliteConnection& connection)
{
    const auto end = std::chrono::steady_clock::now() + check_time;
    connection.interrupt_when([end] { return std::chrono::steady_clock::now() > end; });
    const auto found = connection.text("PRAGMA quick_check(1)");
    connection.interrupt_when({});
    if (!found && found.error().code != SQLITE_INTERRUPT)
        return tl::make_unexpected(found.error());
    if (found && *found != "ok")
        return tl::make_unexpected(SqliteError{.code = SQLITE_CORRUPT, .text = *found});
    return {};
}

Opening<OpenedDatabase> open_existing(const fs::path& path, const DatabaseKind& kind)
{
    auto connection = SqliteConnection::open(path.string(), SqliteConnection::Mode::read_write);
    auto identity = connection.and_then(identify);
    std::error_code absent;
    const auto log_size = fs::file_size(with_suffix(path, "-wal"), absent);
    const auto cannot_begin_log = [](int code) { return code == SQLITE_CANTOPEN || code == SQLITE_READONLY; };
    if (!identity && cannot_begin_log(identity.error().code) && (absent || log_size == 0)) {
        // Its folder cannot be written: without a log, the file alone is the whole truth.
        connection = SqliteConnection::open(path.string(), SqliteConnection::Mode::immutable);
        identity = connection.and_then(identify);
    }
    if (!identity)
        return trouble(path, kind, identity.error());
    if (identity->tables > 0 && identity->application != kind.schema.application_id)
        return refuse(fmt::format("{} is a database of another program. Change {}.", path.string(), kind.setting));
    if (identity->version > static_cast<std::int64_t>(kind.schema.steps.size()))
        return refuse(fmt::format("The {} in {} were written by a newer version of Tokenscope (format {}; this one "
                                  "knows {}). Use that version, or change {}.",
                                  kind.content, path.string(), identity->version, kind.schema.steps.size(),
                                  kind.setting));
    auto healthy = check(*connection);
    const bool writable = !connection->read_only();
    if (healthy && writable)
        healthy =
            configure(*connection, identity->tables == 0).and_then([&] { return migrate(*connection, kind.schema); });
    if (!healthy)
        return trouble(path, kind, healthy.error());
    OpenedDatabase opened{.connection = std::move(*connection), .writable = writable};
    if (!writable) {
        if (identity->version != static_cast<std::int64_t>(kind.schema.steps.size()))
            return trouble(path, kind,
                           {.code = SQLITE_READONLY, .text = "it is read-only and needs to be brought up to date"});
        opened.warning = Error{.code = ErrorCode::internal,
                               .message = fmt::format("The {} in {} can be read but not written: new ones are kept "
                                                      "in memory only. Make the file and its folder writable and "
                                                      "start again.",
                                                      kind.content, path.string())};
    }
    return opened;
}

/// Where the damaged file is now.
Result<fs::path> move_aside(const fs::path& path, const DatabaseKind& kind, WallTime now)
{
    const auto stem = fmt::format("{}.damaged-{:%Y%m%d-%H%M%S}", path.string(),
                                  fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    fs::path aside = stem;
    std::error_code failed;
    for (int i = 2; fs::exists(aside, failed); ++i)
        aside = fmt::format("{}-{}", stem, i);
    for (const auto* suffix : suffixes) {
        const auto from = with_suffix(path, suffix);
        if (!fs::exists(from, failed))
            continue;
        fs::rename(from, with_suffix(aside, suffix), failed);
        if (failed)
            return failure(ErrorCode::internal,
                           fmt::format("The {} in {} are damaged, and the file cannot be moved aside.", kind.content,
                                       path.string()),
                           failed.message());
    }
    return aside;
}

} // namespace

Result<OpenedDatabase> open_database(const fs::path& given, const DatabaseKind& kind, WallTime now)
{
    const auto path = resolved(given);
    if (auto ready = prepare_file(path, kind); !ready)
        return failure(std::move(ready.error()));
    auto opened = open_existing(path, kind);
    if (!opened && opened.error().damaged) {
        const auto damage = opened.error().error.detail;
        const auto aside = move_aside(path, kind, now);
        if (!aside)
            return failure(aside.error());
        if (auto ready = prepare_file(path, kind); !ready)
            return failure(std::move(ready.error()));
        opened = open_existing(path, kind);
        if (opened)
            opened->warning = Error{
                .code = ErrorCode::internal,
                .message = fmt::format("The {} in {} were damaged. The file is kept as {}, and a new one has been "
                                       "begun.",
                                       kind.content, path.string(), aside->string()),
                .detail = damage};
    }
    if (!opened)
        return failure(std::move(opened.error().error));
    return std::move(*opened);
}

} // namespace tokenscope::storage
