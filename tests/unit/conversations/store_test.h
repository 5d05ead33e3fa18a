// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "conversations/conversation_store.h"
#include "conversations/sqlite_store.h"
#include "storage/database_file.h"

#include <QTemporaryDir>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tokenscope::test {

/// Runs the loop until the task has ended.
template <typename T>
T run(boost::asio::io_context& io, net::Task<T> task)
{
    std::optional<T> result;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr, T value) { result.emplace(std::move(value)); });
    io.restart();
    while (!result && io.run_one() > 0) {}
    return result ? std::move(*result) : T(tl::make_unexpected(Error{.message = "the operation never ended"}));
}

inline conversations::StoredResponse response(const std::string& id, const std::string& previous = {})
{
    return {.id = id,
            .previous_id = previous,
            .model = "phi4",
            .provider = "ollama",
            .created = WallTime(std::chrono::milliseconds(1'700'000'000'123)),
            .input = R"([{"role":"user","content":"hi"}])",
            .body = R"({"id":")" + id + R"(","output":[]})"};
}

/// As it comes back: the store has filled in when it expires.
inline conversations::StoredResponse expiring(conversations::StoredResponse kept, WallTime expires)
{
    kept.expires = expires;
    return kept;
}

inline Result<storage::OpenedDatabase> open_database(const std::string& path, WallTime now)
{
    return storage::open_database(path, conversations::database_kind, now);
}

inline std::string path_in(const QTemporaryDir& folder, const char* name = "conversations.db")
{
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}

/// A folder that cannot be written, for as long as this lives; for root, by giving up its powers over files.
class ReadOnlyFolder {
public:
    explicit ReadOnlyFolder(const QTemporaryDir& folder) : m_path(folder.path().toStdString())
    {
        constexpr unsigned nobody = 65534;
        if (geteuid() == 0) {
            (void)!chown(m_path.c_str(), nobody, nobody);
            (void)setfsuid(nobody);
        }
        (void)!chmod(m_path.c_str(), S_IRUSR | S_IXUSR);
    }
    ~ReadOnlyFolder()
    {
        (void)!chmod(m_path.c_str(), S_IRWXU);
        (void)setfsuid(geteuid());
    }
    ReadOnlyFolder(const ReadOnlyFolder&) = delete;
    ReadOnlyFolder& operator=(const ReadOnlyFolder&) = delete;

private:
    std::string m_path;
};

} // namespace tokenscope::test
