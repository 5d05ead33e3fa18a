// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/registry/label_hash.h"
#include "telemetry/registry/registry.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// The label values of one series in the order of the catalogue's labels. The texts are the pool's, which keeps a series
/// small: the same few names stand in every family.
class LabelValues {
public:
    using List = std::initializer_list<std::string_view>;
    static constexpr std::size_t most = 5;

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
