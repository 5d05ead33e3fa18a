// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ids.h"

#include <algorithm>
#include <cstdint>
#include <random>

namespace tokenscope {

std::uint64_t random_word()
{
    thread_local std::mt19937_64 engine = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    return engine();
}

std::string random_hex(std::size_t bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes * 2);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        if (i % 8 == 0)
            word = random_word();
        out.push_back(digits[(word >> 4) & 0xF]);
        out.push_back(digits[word & 0xF]);
        word >>= 8;
    }
    return out;
}

bool is_usable_request_id(std::string_view id)
{
    return !id.empty() && id.size() <= 128
           && std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '\\'; });
}

} // namespace tokenscope
