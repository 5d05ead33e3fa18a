// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file_access.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tokenscope {

namespace fs = std::filesystem;

namespace {

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
    /// Some file systems tell only here that the disk is full.
    bool close() { return ::close(std::exchange(m_number, -1)) == 0; }

private:
    int m_number;
};

bool write_all(int descriptor, std::string_view content)
{
    while (!content.empty()) {
        const auto written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

tl::unexpected<Error> unreadable(std::string sentence, int reason)
{
    return failure(ErrorCode::invalid_request, std::move(sentence), reason == 0 ? "" : std::strerror(reason));
}

tl::unexpected<Error> not_written(const fs::path& file, std::string reason)
{
    return failure(ErrorCode::internal,
                   fmt::format("{} could not be written; what was there is unchanged. Check the folder's permissions "
                               "and the space on the disk.",
                               file.string()),
                   std::move(reason));
}

} // namespace

Result<std::string> read_whole(const fs::path& file, std::size_t most)
{
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!opened)
        return unreadable("The file cannot be opened.", errno);
    struct stat info = {};
    if (::fstat(opened.number(), &info) != 0 || !S_ISREG(info.st_mode))
        return unreadable("It is not a file.", 0);
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
            return unreadable(fmt::format("The file is larger than {} bytes.", most), 0);
    }
}

Result<void> write_whole(const fs::path& file, std::string_view content)
{
    std::error_code failed;
    const auto resolved = fs::is_symlink(file, failed) ? fs::weakly_canonical(file, failed) : file;
    const auto folder = resolved.parent_path();
    if (!folder.empty())
        fs::create_directories(folder, failed);
    if (failed)
        return not_written(file, failed.message());
    auto temporary = (folder / ("." + resolved.filename().string() + ".XXXXXX")).string();
    Descriptor opened(::mkstemp(temporary.data()));
    if (!opened)
        return not_written(file, std::strerror(errno));
    bool good = write_all(opened.number(), content) && ::fsync(opened.number()) == 0;
    good = good && opened.close() && ::rename(temporary.c_str(), resolved.c_str()) == 0;
    if (!good) {
        const int reason = errno;
        ::unlink(temporary.c_str());
        return not_written(file, std::strerror(reason));
    }
    const Descriptor parent(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent)
        ::fsync(
            parent
                .number()); // so that the rename itself outlives a power cut; where it cannot, the file is still whole
    return {};
}

} // namespace tokenscope
