// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace tokenscope::telemetry {

/// A file that lines are appended to, by this process and perhaps others at the same time. A line is there whole or not at
/// all: what a full disk cuts is taken back. One that is moved or deleted from outside (logrotate) is begun again at its
/// path with the next line; no signal is needed. Blocks. Not thread-safe.
class LogFile {
public:
    /// Beyond `bytes` (at least one line) the file is put aside: x.log becomes x.1.log, x.1.log x.2.log, and so on up to
    /// x.`kept`.log. Where that is not possible it goes on growing. What is no regular file never is put aside.
    LogFile(std::string path, std::size_t bytes, std::size_t kept);
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    const std::string& path() const { return m_path; }
    /// Opens it, if it is not, and makes its folder where there is none. False: see problem().
    bool open();
    /// Appends lines, each with its line feed. Returns how many bytes, always whole lines, are in the file now; fewer than
    /// given: see problem().
    std::size_t write(std::string_view lines);
    /// Of the last failure.
    const std::string& problem() const { return m_problem; }

private:
    bool open_again();
    bool is_at_its_path() const;
    void put_aside();
    std::string name_of(std::size_t number) const;
    std::string_view fitting(std::string_view lines) const;
    std::size_t append(std::string_view lines);
    bool fail(std::string_view action, int error);

    const std::string m_path;
    const std::size_t m_bytes;
    const std::size_t m_kept;
    int m_file = -1;
    off_t m_size = 0;          ///< as of the last look
    bool m_is_regular = false; ///< can be put aside and cut
    bool m_cut_line = false;   ///< a part of a line could not be taken back
    std::string m_problem;
};

} // namespace tokenscope::telemetry
