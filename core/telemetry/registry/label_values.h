// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/registry/registry.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
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

/// The label values of one series in the order of the catalogue's labels. The texts are the pool's, which keeps a series
/// small: the same few names stand in every family.
class LabelValues {
public:
    using List = std::initializer_list<std::string_view>;
    static constexpr std::size_t most = 6;

    /// For `size` values, each to be set.
    explicit LabelValues(std::size_t size) : m_size(size) {}

    std::size_t size() const { return m_size; }
    std::string_view operator[](std::size_t i) const { return *m_texts[i]; }
    void set(std::size_t i, const std::string& interned) { m_texts[i] = &interned; }

    /// As a snapshot has them: sorted by name, without the empty ones.
    Labels labels(std::span<const LabelSpec> specs) const
    {
        Labels labels;
        for (std::size_t i = 0; i < m_size; ++i)
            if (!m_texts[i]->empty())
                labels.push_back({std::string(specs[i].name), *m_texts[i]});
        std::sort(labels.begin(), labels.end());
        return labels;
    }

    bool operator==(const LabelValues& other) const { return m_size == other.m_size && m_texts == other.m_texts; }
    bool operator==(const List& other) const
    {
        return std::equal(other.begin(), other.end(), m_texts.begin(), m_texts.begin() + m_size,
                          [](std::string_view a, const std::string* b) { return a == *b; });
    }
    /// The same, of texts as many as there are values.
    template <typename... Texts>
    bool are(const Texts&... texts) const
    {
        const auto* const* text = m_texts.data();
        return (same_text(texts, **text++) && ...);
    }

private:
    std::size_t m_size;
    std::array<const std::string*, most> m_texts{};
};

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
            word ^= load_word<std::uint32_t>(data) ^ std::rotl(std::uint64_t{load_word<std::uint32_t>(data + size - 4)}, 23);
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

inline std::size_t hash_of(const LabelValues::List& values)
{
    LabelHash hash(values.size());
    for (const auto value : values)
        hash.add(value);
    return hash.value();
}

inline std::size_t hash_of(const LabelValues& values)
{
    LabelHash hash(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        hash.add(values[i]);
    return hash.value();
}

} // namespace tokenscope::telemetry
