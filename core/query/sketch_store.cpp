// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/sketch_store.h"

#include "query/heap_bytes.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tokenscope::query {

namespace {

using Slot = SketchStore::Slot;

constexpr std::int64_t fine_slot = 1'000;
constexpr std::int64_t coarse_slot = 10'000;
constexpr std::int64_t tidy_every = 60'000;
/// Observations of several threads may come so much out of their order.
constexpr std::int64_t most_late = 10'000;

std::int64_t beginning(std::int64_t time, std::int64_t length)
{
    return time - (time % length + length) % length;
}

std::size_t room_of(const std::vector<Slot>& slots)
{
    return heap_bytes(slots.capacity() * sizeof(Slot));
}

/// Gives back most of what is empty.
void trim(std::vector<Slot>& slots)
{
    if (slots.capacity() <= slots.size() + slots.size() / 4 + 64)
        return;
    std::vector<Slot> smaller;
    smaller.reserve(slots.size() + slots.size() / 16 + 8);
    std::ranges::move(slots, std::back_inserter(smaller));
    slots = std::move(smaller);
}

/// As std::string has it: short ones lie within.
std::size_t bytes_of(const std::string& text)
{
    constexpr std::size_t within = 15;
    return text.capacity() > within ? heap_bytes(text.capacity() + 1) : 0;
}

/// Of a series without its slots: its node in the map, and those of its labels.
std::size_t bytes_of(const std::string& key, std::size_t kept, const Labels& labels)
{
    constexpr std::size_t node = 4 * sizeof(void*);
    auto sum = heap_bytes(node + sizeof key + kept) + bytes_of(key);
    for (const auto& [name, value] : labels)
        sum += heap_bytes(node + sizeof name + sizeof value) + bytes_of(name) + bytes_of(value);
    return sum;
}

std::string key_of(std::span<const std::string_view> values)
{
    std::string key;
    for (const auto value : values)
        (key += std::to_string(value.size())) += ':', key += value;
    return key;
}

/// Where the slot that begins at `time` is, or belongs: mostly the last one.
std::vector<Slot>::iterator place_of(std::vector<Slot>& slots, std::int64_t time)
{
    if (slots.empty() || slots.back().time < time)
        return slots.end();
    return std::ranges::lower_bound(slots, time, {}, &Slot::time);
}

} // namespace

void SketchStore::add(std::string_view metric, std::span<const std::string_view> label_names,
                      std::span<const std::string_view> label_values, std::int64_t time, double value,
                      std::uint32_t times)
{
    const std::scoped_lock lock(m_mutex);
    if (m_newest > time && m_newest - time > most_late) {
        forget(time, std::numeric_limits<std::int64_t>::max());
        m_newest = time;
    }
    m_newest = std::max(m_newest, time);
    auto family = m_families.find(metric);
    if (family == m_families.end())
        family = m_families.try_emplace(std::string(metric)).first;
    auto key = key_of(label_values);
    auto kept = family->second.find(key);
    if (kept == family->second.end()) {
        kept = family->second.try_emplace(std::move(key)).first;
        for (std::size_t i = 0; i < label_names.size(); ++i)
            kept->second.labels.emplace(label_names[i], label_values[i]);
        m_bytes += bytes_of(kept->first, sizeof(Kept), kept->second.labels);
    }
    auto& slots = kept->second.slots;
    const auto begin = beginning(time, fine_slot);
    auto slot = place_of(slots, begin);
    if (slot == slots.end() || slot->time != begin) {
        m_bytes -= room_of(slots);
        if (slot == slots.end() && !slots.empty()) {
            auto& last = slots.back().sketch; // its second is over
            m_bytes -= last.bytes();
            last.shrink();
            m_bytes += last.bytes();
        }
        const auto place = slot - slots.begin();
        if (slots.size() == slots.capacity())
            slots.reserve(slots.size() + slots.size() / 16 + 8); // a day's are many: twice as much would be megabytes
        slot = slots.insert(slots.begin() + place, {.time = begin, .sketch = {}});
        m_bytes += room_of(slots);
    }
    const auto before = slot->sketch.bytes();
    slot->sketch.add(value, times);
    m_bytes += slot->sketch.bytes() - before;
    if (time - m_tidied >= tidy_every || time < m_tidied
        || (m_bytes > m_limits.max_bytes && time - m_tidied >= fine_slot))
        tidy(time); // not for every single one: it looks at all of them
}

void SketchStore::tidy(std::int64_t now)
{
    m_tidied = now;
    for (auto& [metric, family] : m_families)
        for (auto& [key, kept] : family)
            m_bytes -= thin(kept, now - m_limits.fine_ms);
    forget_before(now - m_limits.max_age_ms);
    // Half of the history at a time, so that this is rare.
    for (auto age = m_limits.max_age_ms / 2; m_bytes > m_limits.max_bytes && age > fine_slot; age /= 2)
        forget_before(now - age);
}

/// Slots of a second that are older become slots of ten. The bytes that this gives back.
std::size_t SketchStore::thin(Kept& kept, std::int64_t before) const
{
    auto& slots = kept.slots;
    auto freed = room_of(slots);
    std::size_t out = 0;
    for (std::size_t in = 0; in < slots.size(); ++in) {
        auto& slot = slots[in];
        if (slot.time < before)
            slot.time = beginning(slot.time, coarse_slot);
        if (out > 0 && slots[out - 1].time == slot.time) {
            auto& sum = slots[out - 1].sketch;
            freed += sum.bytes() + slot.sketch.bytes();
            sum.add(slot.sketch);
            sum.shrink();
            freed -= sum.bytes();
        } else {
            if (out != in)
                slots[out] = std::move(slot);
            ++out;
        }
    }
    slots.resize(out);
    trim(slots);
    return freed - room_of(slots);
}

void SketchStore::forget_before(std::int64_t time)
{
    forget(std::numeric_limits<std::int64_t>::min(), time);
}

void SketchStore::forget(std::int64_t from, std::int64_t to)
{
    for (auto family = m_families.begin(); family != m_families.end();) {
        for (auto kept = family->second.begin(); kept != family->second.end();) {
            auto& slots = kept->second.slots;
            const auto begin = std::ranges::lower_bound(slots, from, {}, &Slot::time);
            const auto end = std::ranges::lower_bound(slots, to, {}, &Slot::time);
            m_bytes -= room_of(slots);
            for (auto slot = begin; slot != end; ++slot)
                m_bytes -= slot->sketch.bytes();
            slots.erase(begin, end);
            trim(slots);
            m_bytes += room_of(slots);
            if (slots.empty()) {
                m_bytes -= room_of(slots) + bytes_of(kept->first, sizeof(Kept), kept->second.labels);
                kept = family->second.erase(kept);
            } else {
                ++kept;
            }
        }
        family = family->second.empty() ? m_families.erase(family) : std::next(family);
    }
}

bool SketchStore::has(std::string_view metric) const
{
    const std::scoped_lock lock(m_mutex);
    return m_families.find(metric) != m_families.end();
}

std::vector<SketchStore::Series> SketchStore::select(std::string_view metric,
                                                     const std::function<bool(const Labels&)>& accept,
                                                     std::int64_t from, std::int64_t to) const
{
    std::vector<Series> result;
    const std::scoped_lock lock(m_mutex);
    const auto family = m_families.find(metric);
    if (family == m_families.end())
        return result;
    for (const auto& [key, kept] : family->second) {
        if (!accept(kept.labels))
            continue;
        const auto first = std::ranges::upper_bound(kept.slots, from, {}, &Slot::time);
        const auto last = std::ranges::upper_bound(kept.slots, to, {}, &Slot::time);
        if (first < last)
            result.push_back({kept.labels, std::vector<Slot>(first, last)});
    }
    return result;
}

std::size_t SketchStore::bytes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_bytes;
}

std::size_t SketchStore::budget() const
{
    const std::scoped_lock lock(m_mutex);
    return m_limits.max_bytes;
}

void SketchStore::set_budget(std::size_t max_bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_limits.max_bytes = max_bytes;
    if (m_bytes > max_bytes)
        tidy(m_newest);
}

} // namespace tokenscope::query
