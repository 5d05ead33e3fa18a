// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace tokenscope {

/// The new content of a file, on the disk beside it and not yet in its place: what can fail has been done. Errors:
/// ErrorCode::config, a sentence that names the file.
class FileReplacement {
public:
    enum class Readers { as_before, owner_only };

    /// Makes the folder if needed. Where the file is a link, what it points to is replaced. A new file has mode 0600, and so has one
    /// for its owner only; else a file keeps its mode and, where the system allows it, its owner.
    static Result<FileReplacement> prepare(const std::filesystem::path& file, std::string_view content,
                                           Readers readers = Readers::as_before);
    /// Removes what was not committed.
    ~FileReplacement();
    FileReplacement(FileReplacement&& other) noexcept;
    FileReplacement& operator=(FileReplacement&&) = delete;

    /// In one step: whoever reads the file finds the one or the other, and all of it.
    Result<void> commit();

private:
    explicit FileReplacement(std::filesystem::path target) : m_target(std::move(target)) {}

    Result<void> write(std::string_view content, Readers readers);

    std::filesystem::path m_target; ///< no link
    std::string m_temporary;        ///< empty: there is none, or not any more
};

} // namespace tokenscope
