// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ids.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <random>

namespace tokenscope {

namespace {

/// xoshiro256++ of Blackman and Vigna (https://prng.di.unimi.it/): a few instructions a number, where the standard library's
/// generators take ten times as many.
struct Generator {
    std::array<std::uint64_t, 4> state{};
    bool seeded = false;

    void seed()
    {
        std::random_device device;
        for (auto& word : state)
            word = std::uint64_t{device()} << 32 | device();
        state[0] |= 1; // never all 0
        seeded = true;
    }
    std::uint64_t next()
    {
        const auto number = std::rotl(state[0] + state[3], 23) + state[0];
        const auto shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = std::rotl(state[3], 45);
        return number;
    }
};

} // namespace

void fill_random(std::span<std::uint64_t> words)
{
    thread_local constinit Generator generator;
    if (!generator.seeded) [[unlikely]]
        generator.seed();
    auto numbers = generator; // in registers
    for (auto& word : words)
        word = numbers.next();
    generator = numbers;
}

std::uint64_t random_word()
{
    return random_words<1>().front();
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
