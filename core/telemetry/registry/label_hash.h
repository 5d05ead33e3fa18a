// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tokenscope::telemetry {

template <typename Word>
Word load_word(const char* at)
{
    Word word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// For short texts, as labels are: without the call that a comparison of strings is.
inline bool same_text(std::string_view a, std::string_view b)
{
    const auto size = a.size();
    if (size != b.size())
        return false;
    const auto same_at = [&]<typename Word>(std::size_t i, Word) {
        return load_word<Word>(a.data() + i) == load_word<Word>(b.data() + i);
    };
    // The last word has some bytes once more.
    if (size >= 8) {
        for (std::size_t i = 8; i + 8 < size; i += 8)
            if (!same_at(i, std::uint64_t()))
                return false;
        return same_at(0, std::uint64_t()) && same_at(size - 8, std::uint64_t());
    }
    if (size >= 4)
        return same_at(0, std::uint32_t()) && same_at(size - 4, std::uint32_t());
    if (size >= 2)
        return same_at(0, std::uint16_t()) && same_at(size - 2, std::uint16_t());
    return size == 0 || a[0] == b[0];
}

/// The hash of several texts: of each its length and its first, middle and last bytes. Quick rather than strong: names that
/// only differ elsewhere are few, and tables are bounded.
class LabelHash {
public:
    explicit LabelHash(std::size_t count) : m_hash(count) {}

    void add(std::string_view text)
    {
        const auto size = text.size();
        const auto* data = text.data();
        std::uint64_t word = size;
        if (size >= 8) {
            word ^= load_word<std::uint64_t>(data) ^ std::rotl(load_word<std::uint64_t>(data + size - 8), 23);
            if (size > 16)
                mix(load_word<std::uint64_t>(data + size / 2 - 4));
        } else if (size >= 4) {
            word ^= load_word<std::uint32_t>(data)
                    ^ std::rotl(std::uint64_t{load_word<std::uint32_t>(data + size - 4)}, 23);
        } else if (size > 0) {
            word ^= load_word<std::uint8_t>(data) << 8U ^ load_word<std::uint8_t>(data + size / 2) << 16U
                    ^ load_word<std::uint8_t>(data + size - 1) << 24U;
        }
        mix(word);
    }
    std::size_t value() const { return m_hash; }

private:
    void mix(std::uint64_t word)
    {
        m_hash = (m_hash ^ word) * 0x9E3779B97F4A7C15U;
        m_hash ^= m_hash >> 32;
    }

    std::uint64_t m_hash;
};

template <typename... Texts>
std::size_t hash_of_texts(const Texts&... texts)
{
    LabelHash hash(sizeof...(texts));
    (hash.add(texts), ...);
    return hash.value();
}

} // namespace tokenscope::telemetry
