// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tokenscope::query {

/// A label's name and value, kept once for all series that have it.
class LabelPair {
public:
    LabelPair(std::string_view name, std::string_view value);

    std::string_view name() const { return {m_text.get(), m_name_size}; }
    std::string_view value() const { return {m_text.get() + m_name_size, m_value_size}; }
    std::size_t hash() const { return m_hash; }
    std::size_t bytes() const;

    static std::size_t bytes_of(std::string_view name, std::string_view value);
    static std::size_t hash_of(std::string_view name, std::string_view value);

private:
    friend class LabelSet;
    friend class LabelPool;

    std::unique_ptr<char[]> m_text;
    std::uint32_t m_name_size;
    std::uint32_t m_value_size;
    std::size_t m_hash;
    std::atomic<std::uint32_t> m_uses = 0;
};

/// The labels of one series, which a LabelPool keeps and must outlive. May be destroyed on any thread.
class LabelSet {
public:
    LabelSet() = default;
    LabelSet(std::unique_ptr<LabelPair*[]> pairs, std::size_t size) : m_pairs(std::move(pairs)), m_size(size) {}
    LabelSet(LabelSet&& other) noexcept : m_pairs(std::move(other.m_pairs)), m_size(std::exchange(other.m_size, 0)) {}
    LabelSet& operator=(LabelSet&&) = delete;
    ~LabelSet();

    bool operator==(const Labels& labels) const;
    Labels labels() const;
    std::span<LabelPair* const> pairs() const { return {m_pairs.get(), m_size}; }

private:
    std::unique_ptr<LabelPair*[]> m_pairs;
    std::size_t m_size = 0;
};

/// Not thread-safe, but for the destruction of the sets it made.
class LabelPool {
public:
    LabelSet intern(const Labels& labels);
    /// How many bytes intern(labels) would add.
    std::size_t missing_bytes(const Labels& labels) const;
    /// Forgets what no set uses any more.
    void collect();
    /// Of the pairs; what is not in use any more counts until collect().
    std::size_t bytes() const { return m_bytes; }

private:
    struct Probe {
        std::string_view name;
        std::string_view value;
        std::size_t hash;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const std::unique_ptr<LabelPair>& pair) const { return pair->hash(); }
        std::size_t operator()(const Probe& probe) const { return probe.hash; }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const std::unique_ptr<LabelPair>& a, const std::unique_ptr<LabelPair>& b) const
        {
            return a == b;
        }
        bool operator()(const Probe& probe, const std::unique_ptr<LabelPair>& pair) const
        {
            return probe.hash == pair->hash() && probe.name == pair->name() && probe.value == pair->value();
        }
        bool operator()(const std::unique_ptr<LabelPair>& pair, const Probe& probe) const
        {
            return (*this)(probe, pair);
        }
    };

    LabelPair* find(std::string_view name, std::string_view value) const;

    std::unordered_set<std::unique_ptr<LabelPair>, Hash, Equal> m_pairs;
    std::size_t m_bytes = 0;
};

} // namespace tokenscope::query
