// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace tokenscope {

/// A regular file's content. Fails, without waiting for anything, where it is a folder, a pipe and so on, where it is larger
/// than `most` bytes, and where it may not be read: ErrorCode::invalid_request, a sentence without the file's name.
Result<std::string> read_whole(const std::filesystem::path& file, std::size_t most);

/// Replaces the file's content, or leaves everything as it was: a temporary file beside it, flushed to the disk, and a rename.
/// Makes the folder if needed. Readable by its owner only. Where the file is a link, what it points to is replaced.
/// ErrorCode::internal.
Result<void> write_whole(const std::filesystem::path& file, std::string_view content);

} // namespace tokenscope
