// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/logging/log_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tokenscope::telemetry {

namespace fs = std::filesystem;

namespace {

constexpr mode_t readable_by_group = 0640;

} // namespace

LogFile::LogFile(std::string path, std::size_t bytes, std::size_t kept)
    : m_path(std::move(path)), m_bytes(bytes), m_kept(kept)
{
}

LogFile::~LogFile()
{
    if (m_file >= 0)
        ::close(m_file);
}

bool LogFile::fail(std::string_view action, int error)
{
    m_problem = fmt::format("cannot be {}: {}", action, std::generic_category().message(error));
    return false;
}

bool LogFile::open()
{
    return m_file >= 0 || open_again();
}

bool LogFile::open_again()
{
    std::error_code ignored; // opening says what is wrong
    if (const auto folder = fs::path(m_path).parent_path(); !folder.empty())
        fs::create_directories(folder, ignored);
    // Without O_NONBLOCK, a pipe that nobody reads would hold the log's thread for ever.
    const int file =
        ::open(m_path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, readable_by_group);
    if (file < 0)
        return fail("opened", errno);
    ::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) & ~O_NONBLOCK);
    struct stat status {};
    m_is_regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    m_size = m_is_regular ? status.st_size : 0;
    m_cut_line = false;
    if (m_file >= 0)
        ::close(m_file);
    m_file = file;
    return true;
}

bool LogFile::is_at_its_path() const
{
    struct stat ours {};
    struct stat there {};
    return ::fstat(m_file, &ours) == 0 && ::stat(m_path.c_str(), &there) == 0 && ours.st_ino == there.st_ino
           && ours.st_dev == there.st_dev;
}

std::string LogFile::name_of(std::size_t number) const
{
    const fs::path path(m_path);
    return (path.parent_path() / fmt::format("{}.{}{}", path.stem().string(), number, path.extension().string()))
        .string();
}

void LogFile::put_aside()
{
    // Another process that writes the same file may have the same idea.
    ::flock(m_file, LOCK_EX);
    if (is_at_its_path()) {
        for (std::size_t number = m_kept; number > 1; --number)
            ::rename(name_of(number - 1).c_str(), name_of(number).c_str());
        const bool gone = (m_kept > 0 ? ::rename(m_path.c_str(), name_of(1).c_str()) : ::unlink(m_path.c_str())) == 0;
        if (!gone) {
            ::flock(m_file, LOCK_UN);
            return;
        }
    }
    if (!open_again()) // and closes the lock with the file
        ::flock(m_file, LOCK_UN);
}

/// As many whole lines as the file still takes, one at least.
std::string_view LogFile::fitting(std::string_view lines) const
{
    const auto used = static_cast<std::size_t>(m_size);
    std::size_t end = lines.find('\n') + 1;
    if (!m_is_regular)
        return lines.substr(0, end); // a pipe takes a line in one piece
    for (auto next = end; next > 0; next = lines.find('\n', next) + 1) {
        if (used + next > m_bytes)
            break;
        end = next;
    }
    return lines.substr(0, end);
}

/// Returns as write().
std::size_t LogFile::append(std::string_view lines)
{
    std::string with_end;
    auto rest = lines;
    if (m_cut_line) { // so that it spoils no other line
        with_end = fmt::format("\n{}", lines);
        rest = with_end;
    }
    const auto wanted = rest.size();
    while (!rest.empty()) {
        const auto written = ::write(m_file, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            fail("written", written == 0 ? ENOSPC : errno);
            break;
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    const auto done = wanted - rest.size();
    if (done == 0)
        return 0;
    m_size += static_cast<off_t>(done);
    const auto extra = wanted - lines.size();
    const auto whole = done <= extra ? 0 : lines.substr(0, done - extra).rfind('\n') + 1;
    const auto cut = done - std::min(done, extra) - whole;
    m_cut_line = false;
    if (cut > 0) {
        struct stat status {};
        // Not where somebody else has written after us.
        const bool last =
            m_is_regular && ::fstat(m_file, &status) == 0 && status.st_size == ::lseek(m_file, 0, SEEK_CUR);
        m_cut_line = !last || ::ftruncate(m_file, status.st_size - static_cast<off_t>(cut)) != 0;
    }
    return whole;
}

std::size_t LogFile::write(std::string_view lines)
{
    const auto wanted = lines.size();
    if (m_file >= 0 && m_is_regular && !is_at_its_path())
        open_again(); // if that fails, what is open is still a place
    if (!open())
        return 0;
    while (!lines.empty()) {
        struct stat status {};
        if (m_is_regular && ::fstat(m_file, &status) == 0)
            m_size = status.st_size; // others may have written
        auto piece = fitting(lines);
        if (m_is_regular && m_size > 0 && static_cast<std::size_t>(m_size) + piece.size() > m_bytes) {
            put_aside();
            piece = fitting(lines);
        }
        const auto done = append(piece);
        lines.remove_prefix(done);
        if (done < piece.size())
            break;
    }
    return wanted - lines.size();
}

} // namespace tokenscope::telemetry
