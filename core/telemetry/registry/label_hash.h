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
    using Word = std::uint64_t;
    const auto size = a.size();
    if (size != b.size())
        return false;
    std::size_t i = 0;
    for (; i + sizeof(Word) <= size; i += sizeof(Word))
        if (load_word<Word>(a.data() + i) != load_word<Word>(b.data() + i))
            return false;
    if (i > 0 && i < size) // the last eight bytes, some of them once more
        return load_word<Word>(a.data() + size - sizeof(Word)) == load_word<Word>(b.data() + size - sizeof(Word));
    if (size >= sizeof(std::uint32_t) && i == 0)
        return load_word<std::uint32_t>(a.data()) == load_word<std::uint32_t>(b.data())
               && load_word<std::uint32_t>(a.data() + size - 4) == load_word<std::uint32_t>(b.data() + size - 4);
    for (; i < size; ++i)
        if (a[i] != b[i])
            return false;
    return true;
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
