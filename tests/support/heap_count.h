// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace tokenscope::test {

/// Bytes of the heap that this program holds now through operator new: with what the allocator rounds each allocation up to
/// and the word that glibc keeps in front of it. Only for programs that are built with heap_count.cpp.
std::size_t heap_bytes();

/// Whether the allocator is that of both programs, jemalloc: of those that are linked with tokenscope_allocator, unless a
/// sanitizer brings its own.
bool heap_is_of_the_programs();

} // namespace tokenscope::test
