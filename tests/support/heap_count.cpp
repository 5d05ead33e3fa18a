// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// To be among a test's own sources: in a library it would count for every program that links it.
#include "support/heap_count.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

/// jemalloc's; null where it is not the program's allocator.
extern "C" [[gnu::weak]] int mallctl(const char* name, void* old, std::size_t* old_size, void* value, std::size_t size);

namespace {

std::atomic<std::size_t> bytes_in_use = 0;

/// glibc keeps the size of each allocation in a word in front of it, which malloc_usable_size() leaves out; jemalloc does not.
std::size_t taken_by(void* memory)
{
    return malloc_usable_size(memory) + (mallctl ? 0 : sizeof(std::size_t));
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

bool tokenscope::test::heap_is_of_the_programs()
{
    return mallctl != nullptr;
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
// The standard library's comes by the one above; a sanitizer's would not.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    auto* const memory = std::malloc(size);
    bytes_in_use += memory ? taken_by(memory) : 0;
    return memory;
}
// Of arrays, too: jemalloc has its own, which do not come by those above.
void* operator new[](std::size_t size)
{
    return operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept
{
    return operator new(size, nothrow);
}
void* operator new[](std::size_t size, std::align_val_t alignment)
{
    return operator new(size, alignment);
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
void operator delete[](void* memory) noexcept
{
    uncounted(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    uncounted(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept
{
    uncounted(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept
{
    uncounted(memory);
}
