// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// To be among a test's own sources: in a library it would count for every program that links it.
#include "support/heap_count.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> bytes_in_use = 0;

/// glibc keeps the size of each allocation in a word in front of it, which malloc_usable_size() leaves out.
std::size_t taken_by(void* memory)
{
    return malloc_usable_size(memory) + sizeof(std::size_t);
}

void* counted(void* memory)
{
    if (!memory)
        throw std::bad_alloc();
    bytes_in_use += taken_by(memory);
    return memory;
}

void uncounted(void* memory)
{
    bytes_in_use -= memory ? taken_by(memory) : 0;
    std::free(memory);
}

} // namespace

std::size_t tokenscope::test::heap_bytes()
{
    return bytes_in_use;
}

void* operator new(std::size_t size)
{
    return counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment)
{
    const auto unit = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}
void operator delete(void* memory) noexcept
{
    uncounted(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    uncounted(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept
{
    uncounted(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    uncounted(memory);
}
