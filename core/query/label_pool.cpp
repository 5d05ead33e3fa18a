// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/label_pool.h"

#include "query/heap_bytes.h"

#include <algorithm>

namespace tokenscope::query {

namespace {

/// A node of the set and its place among the buckets.
constexpr std::size_t set_bytes = heap_bytes(3 * sizeof(void*)) + 12;

} // namespace

LabelPair::LabelPair(std::string_view name, std::string_view value)
    : m_text(std::make_unique_for_overwrite<char[]>(name.size() + value.size())),
      m_name_size(static_cast<std::uint32_t>(name.size())), m_value_size(static_cast<std::uint32_t>(value.size())),
      m_hash(hash_of(name, value))
{
    std::ranges::copy(name, m_text.get());
    std::ranges::copy(value, m_text.get() + name.size());
}

std::size_t LabelPair::bytes_of(std::string_view name, std::string_view value)
{
    return heap_bytes(sizeof(LabelPair)) + heap_bytes(name.size() + value.size()) + set_bytes;
}

std::size_t LabelPair::bytes() const
{
    return bytes_of(name(), value());
}

std::size_t LabelPair::hash_of(std::string_view name, std::string_view value)
{
    const std::hash<std::string_view> hash;
    const auto first = hash(name);
    return first ^ (hash(value) + 0x9e3779b97f4a7c15ULL + (first << 6) + (first >> 2));
}

LabelSet::~LabelSet()
{
    // Released, so that the pool, once it sees that nobody uses a pair, may free it after this has read it.
    for (auto* pair : pairs())
        pair->m_uses.fetch_sub(1, std::memory_order_release);
}

bool LabelSet::operator==(const Labels& labels) const
{
    return std::ranges::equal(pairs(), labels, [](const LabelPair* pair, const Labels::value_type& label) {
        return pair->value() == label.second && pair->name() == label.first;
    });
}

Labels LabelSet::labels() const
{
    Labels labels;
    for (const auto* pair : pairs())
        labels.emplace_hint(labels.end(), pair->name(), pair->value());
    return labels;
}

LabelPair* LabelPool::find(std::string_view name, std::string_view value) const
{
    const auto found = m_pairs.find(Probe{name, value, LabelPair::hash_of(name, value)});
    return found == m_pairs.end() ? nullptr : found->get();
}

LabelSet LabelPool::intern(const Labels& labels)
{
    auto pairs = std::make_unique<LabelPair*[]>(labels.size());
    std::size_t size = 0;
    for (const auto& [name, value] : labels) {
        auto* pair = find(name, value);
        if (!pair) {
            pair = m_pairs.insert(std::make_unique<LabelPair>(name, value)).first->get();
            m_bytes += pair->bytes();
        }
        pair->m_uses.fetch_add(1, std::memory_order_relaxed);
        pairs[size++] = pair;
    }
    return {std::move(pairs), size};
}

std::size_t LabelPool::missing_bytes(const Labels& labels) const
{
    std::size_t bytes = 0;
    for (const auto& [name, value] : labels)
        bytes += find(name, value) ? 0 : LabelPair::bytes_of(name, value);
    return bytes;
}

void LabelPool::collect()
{
    std::erase_if(m_pairs, [this](const std::unique_ptr<LabelPair>& pair) {
        const bool unused = pair->m_uses.load(std::memory_order_acquire) == 0;
        m_bytes -= unused ? pair->bytes() : 0;
        return unused;
    });
}

} // namespace tokenscope::query
