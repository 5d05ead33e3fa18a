// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file_replacement.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tokenscope {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> refused(const fs::path& file, std::string_view what, int reason)
{
    return failure(ErrorCode::config, fmt::format("{} {}", file.string(), what), std::strerror(reason));
}

/// Behind all links, the last of which may lead nowhere yet.
std::optional<fs::path> without_links(fs::path file)
{
    constexpr int most_links = 40; // as in the kernel
    std::error_code error;
    for (int links = 0; fs::is_symlink(fs::symlink_status(file, error)); ++links) {
        const auto target = fs::read_symlink(file, error);
        if (error || links == most_links)
            return std::nullopt;
        file = file.parent_path() / target; // an absolute one replaces all
    }
    return file;
}

bool write_all(int descriptor, std::string_view content)
{
    while (!content.empty()) {
        const auto written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno != EINTR)
            return false;
        content.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return true;
}

} // namespace

Result<FileReplacement> FileReplacement::prepare(const fs::path& file, std::string_view content, Readers readers)
{
    auto target = without_links(file);
    if (!target)
        return refused(file, "is a link that leads nowhere", ELOOP);
    struct stat about {};
    if (::stat(target->c_str(), &about) == 0) {
        if (!S_ISREG(about.st_mode))
            return refused(*target, "is no regular file and cannot be replaced", EINVAL);
        // The folder decides over a rename; who made the file read-only meant it all the same.
        if (::access(target->c_str(), W_OK) != 0)
            return refused(*target, "is read-only; change its permissions to save into it", errno);
    }
    std::error_code error;
    const auto folder = target->parent_path();
    if (!folder.empty())
        fs::create_directories(folder, error);
    if (error)
        return failure(ErrorCode::config, fmt::format("the folder {} cannot be made", folder.string()),
                       error.message());
    FileReplacement replacement(std::move(*target));
    if (auto written = replacement.write(content, readers); !written)
        return failure(std::move(written.error()));
    return replacement;
}

Result<void> FileReplacement::write(std::string_view content, Readers readers)
{
    auto name = (m_target.parent_path() / fmt::format(".{}.XXXXXX", m_target.filename().string())).string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC); // with mode 0600
    if (descriptor < 0)
        return refused(m_target, "cannot be written: its folder takes no new file; check the permissions", errno);
    m_temporary = std::move(name);
    bool good = true;
    struct stat about {};
    if (readers == Readers::as_before && ::stat(m_target.c_str(), &about) == 0) {
        const bool mine = about.st_uid == ::geteuid() && about.st_gid == ::getegid();
        // Whose it is cannot always be kept; that it can be read by the same ones matters more.
        [[maybe_unused]] const int kept = mine ? 0 : ::fchown(descriptor, about.st_uid, about.st_gid);
        good = ::fchmod(descriptor, about.st_mode & 07777) == 0;
    }
    good = good && write_all(descriptor, content) && ::fsync(descriptor) == 0;
    const int reason = errno;
    const bool closed = ::close(descriptor) == 0; // some file systems tell only here that the disk is full
    if (!good || !closed)
        return refused(m_target, "could not be written; what was there is unchanged", good ? errno : reason);
    return {};
}

Result<void> FileReplacement::commit()
{
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return refused(m_target, "could not be replaced; what was there is unchanged", errno);
    m_temporary.clear();
    // So that the rename itself outlives a power cut; where that cannot be had, the file is whole all the same.
    const auto parent = m_target.parent_path();
    const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

FileReplacement::FileReplacement(FileReplacement&& other) noexcept
    : m_target(std::move(other.m_target)), m_temporary(std::exchange(other.m_temporary, {}))
{
}

FileReplacement::~FileReplacement()
{
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

} // namespace tokenscope
