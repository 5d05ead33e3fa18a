// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/registry/label_values.h"
#include "telemetry/registry/series.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace tokenscope::telemetry {

/// A series that is looked up when it is first needed and remembered; but not one that the cap has folded into "<other>",
/// each use of which is counted. Thread-safe; always to be asked for the same series.
template <typename Cell>
class Remembered {
public:
    template <typename... Texts>
    Cell& in(Series<Cell>& family, const Texts&... values)
    {
        auto* known = m_cell.load(std::memory_order_acquire);
        if (known) [[likely]]
            return *known;
        return look_up(family, values...);
    }

private:
    // What it needs is made ready in here: in its caller that would be done each time.
    template <typename... Texts>
    [[gnu::noinline, gnu::cold]] Cell& look_up(Series<Cell>& family, const Texts&... values)
    {
        const auto found = family.find({std::string_view(values)...});
        if (!found.folded)
            m_cell.store(&found.cell, std::memory_order_release);
        return found.cell;
    }

    std::atomic<Cell*> m_cell{nullptr};
};

/// What requests with the same labels record into, a struct of Remembered series found with one lookup. There are as
/// many as fit; the others look up each series for themselves. Thread-safe: none is ever removed, so that finding one takes
/// no lock.
template <typename Bundle>
class Bundles {
public:
    static constexpr std::size_t most = 2000;
    /// Stands in for the one call where there is no room for another bundle to be kept.
    using Spare = std::unique_ptr<Bundle>;

    explicit Bundles(LabelPool& labels) : m_labels(labels) {}

    template <typename... Texts>
    Bundle& at(Spare& spare, const Texts&... key)
    {
        if (auto* bundle = last(key...)) [[likely]]
            return *bundle;
        return find(spare, std::string_view(key)...);
    }

    /// The one found last, which mostly is the next one too; null where that has another key.
    template <typename... Texts>
    Bundle* last(const Texts&... key)
    {
        const auto* entry = m_last.load(std::memory_order_acquire);
        return entry && entry->key.are(std::string_view(key)...) ? &entry->bundle : nullptr;
    }

private:
    struct Entry {
        Entry(const LabelValues& values, std::size_t hash_of_key, const Entry* before)
            : key(values), hash(hash_of_key), next(before)
        {
        }
        const LabelValues key;
        const std::size_t hash;
        const Entry* const next; ///< with the same head
        mutable Bundle bundle;
    };
    using Head = std::atomic<const Entry*>;

    template <typename... Texts>
    [[gnu::noinline]] Bundle& find(Spare& spare, Texts... key)
    {
        const auto hash = hash_of_texts(key...);
        const auto* entry = head(hash).load(std::memory_order_acquire);
        while (entry && !(entry->hash == hash && entry->key.are(key...)))
            entry = entry->next;
        if (!entry)
            return make({key...}, spare);
        m_last.store(entry, std::memory_order_release);
        return entry->bundle;
    }

    Head& head(std::size_t hash) { return m_heads[hash % m_heads.size()]; }

    Bundle& make(LabelValues::List key, Spare& spare)
    {
        // What is not kept is not interned either: names that anybody can make up must not add up in memory.
        if (m_full.load(std::memory_order_relaxed))
            return *(spare = std::make_unique<Bundle>());
        LabelValues kept(key.size());
        std::size_t i = 0;
        for (const auto value : key)
            kept.set(i++, m_labels.intern(value));
        const auto hash = hash_of(kept);
        const std::lock_guard lock(m_mutex);
        // Made by another thread meanwhile; or the key is no valid UTF-8, and only what was kept of it is found.
        const auto* first = head(hash).load(std::memory_order_relaxed);
        for (const auto* entry = first; entry; entry = entry->next)
            if (entry->key == kept)
                return entry->bundle;
        if (m_entries.size() >= most) {
            m_full.store(true, std::memory_order_relaxed);
            return *(spare = std::make_unique<Bundle>());
        }
        const auto& made = m_entries.emplace_back(kept, hash, first);
        head(hash).store(&made, std::memory_order_release);
        return made.bundle;
    }

    LabelPool& m_labels;
    std::array<Head, 256> m_heads{};
    Head m_last{nullptr};
    std::atomic<bool> m_full{false};
    std::mutex m_mutex; ///< of what follows, and of writing to what is above
    std::deque<Entry> m_entries;
};

} // namespace tokenscope::telemetry
