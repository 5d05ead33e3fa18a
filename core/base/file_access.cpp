// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file_access.h"

#include "base/file_replacement.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tokenscope {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }

    explicit operator bool() const { return m_number >= 0; }
    int number() const { return m_number; }

private:
    const int m_number;
};

tl::unexpected<Error> unreadable(std::string sentence, int reason)
{
    return failure(ErrorCode::invalid_request, std::move(sentence), reason == 0 ? "" : std::strerror(reason));
}

} // namespace

Result<std::string> read_whole(const fs::path& file, std::size_t most)
{
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!opened)
        return unreadable("The file cannot be opened.", errno);
    struct stat info = {};
    if (::fstat(opened.number(), &info) != 0 || !S_ISREG(info.st_mode))
        return unreadable("It is not a file, but a folder, a pipe or a device.", 0);
    std::string content;
    char piece[16384];
    for (;;) {
        const auto got = ::read(opened.number(), piece, sizeof(piece));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return unreadable("The file cannot be read.", errno);
        if (got == 0)
            return content;
        content.append(piece, static_cast<std::size_t>(got));
        if (content.size() > most)
            return unreadable(most % mebibyte == 0 ? fmt::format("The file is larger than {} MiB.", most / mebibyte)
                                                   : fmt::format("The file is larger than {} bytes.", most),
                              0);
    }
}

Result<void> write_whole(const fs::path& file, std::string_view content)
{
    const auto written = FileReplacement::prepare(file, content, FileReplacement::Readers::owner_only)
                             .and_then([](FileReplacement&& replacement) { return replacement.commit(); });
    if (written)
        return {};
    const auto& error = written.error();
    return failure(ErrorCode::internal,
                   fmt::format("{} could not be written; what was there is unchanged. Check the folder's permissions "
                               "and the space on the disk.",
                               file.string()),
                   error.detail.empty() ? error.message : fmt::format("{}: {}", error.message, error.detail));
}

} // namespace tokenscope
