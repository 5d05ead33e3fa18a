// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/compact.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace tokenscope::telemetry {

namespace {

constexpr unsigned bits_per_byte = 7;
constexpr unsigned more = 0x80;

void put(std::string& out, std::uint64_t value)
{
    for (; value >= more; value >>= bits_per_byte)
        out += static_cast<char>((value & (more - 1)) | more);
    out += static_cast<char>(value);
}

/// Takes varints off the front; after the first that is broken, good() is false and all are 0.
class VarintReader {
public:
    explicit VarintReader(std::string_view bytes) : m_rest(bytes) {}

    std::uint64_t next()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; m_good && shift < std::numeric_limits<std::uint64_t>::digits; shift += bits_per_byte) {
            if (m_rest.empty())
                break;
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & (more - 1)) << shift;
            if ((byte & more) == 0)
                return value;
        }
        m_good = false;
        return 0;
    }
    bool good() const { return m_good; }
    std::size_t left() const { return m_rest.size(); }

private:
    std::string_view m_rest;
    bool m_good = true;
};

// Small numbers of either sign become small ones without: 0, -1, 1, -2, ...
std::uint64_t zigzag(std::int64_t value)
{
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value)
{
    return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

/// The sum as it wraps around: broken bytes may hold any number.
Instant later(Instant at, std::int64_t by)
{
    const auto sum = static_cast<std::uint64_t>(at.time_since_epoch().count()) + static_cast<std::uint64_t>(by);
    return Instant(Nanos(static_cast<std::int64_t>(sum)));
}

} // namespace

std::string pack_chunks(Instant accepted, const ChunkMarks& chunks)
{
    std::string out;
    if (chunks.empty())
        return out;
    put(out, chunks.size());
    auto before = accepted;
    for (const auto& chunk : chunks) {
        put(out, zigzag((chunk.at - before).count()));
        put(out, chunk.bytes);
        put(out, chunk.tokens);
        before = chunk.at;
    }
    return out;
}

std::optional<ChunkMarks> unpack_chunks(Instant accepted, std::string_view bytes)
{
    constexpr std::size_t fewest_bytes = 3; // of a chunk
    ChunkMarks chunks;
    if (bytes.empty())
        return chunks;
    VarintReader reader(bytes);
    const auto count = reader.next();
    if (count > reader.left() / fewest_bytes)
        return std::nullopt;
    chunks.reserve(count);
    auto before = accepted;
    for (std::uint64_t i = 0; i < count; ++i) {
        before = later(before, unzigzag(reader.next()));
        const auto size = reader.next();
        const auto tokens = reader.next();
        if (std::max(size, tokens) > std::numeric_limits<std::uint32_t>::max())
            return std::nullopt;
        chunks.push_back({before, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(tokens)});
    }
    if (!reader.good() || reader.left() > 0)
        return std::nullopt;
    return chunks;
}

std::string pack_stages(const StageTimes& stages)
{
    std::string out;
    if (std::none_of(stages.begin(), stages.end(), [](const auto& stage) { return stage.has_value(); }))
        return out;
    put(out, stages.size());
    for (const auto& stage : stages)
        put(out, stage ? static_cast<std::uint64_t>(std::max<std::int64_t>(stage->count(), 0)) + 1 : 0);
    return out;
}

std::optional<StageTimes> unpack_stages(std::string_view bytes)
{
    StageTimes stages;
    if (bytes.empty())
        return stages;
    VarintReader reader(bytes);
    const auto count = reader.next();
    if (count > reader.left())
        return std::nullopt;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto value = reader.next();
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return std::nullopt;
        if (i < stages.size() && value > 0)
            stages[i] = Nanos(static_cast<std::int64_t>(value - 1));
    }
    if (!reader.good() || reader.left() > 0)
        return std::nullopt;
    return stages;
}

std::string pack_gaps(const ChunkGaps& gaps)
{
    std::string out;
    if (gaps.empty())
        return out;
    put(out, zigzag(gaps.sum.count()));
    const auto last = std::find_if(gaps.counts.rbegin(), gaps.counts.rend(), [](auto count) { return count > 0; });
    for (auto count = gaps.counts.begin(); count != last.base(); ++count)
        put(out, *count);
    return out;
}

std::optional<ChunkGaps> unpack_gaps(std::string_view bytes)
{
    ChunkGaps gaps;
    if (bytes.empty())
        return gaps;
    VarintReader reader(bytes);
    gaps.sum = Nanos(unzigzag(reader.next()));
    for (auto count = gaps.counts.begin(); reader.left() > 0 && count != gaps.counts.end(); ++count) {
        const auto value = reader.next();
        if (value > std::numeric_limits<std::uint32_t>::max())
            return std::nullopt;
        *count = static_cast<std::uint32_t>(value);
    }
    if (!reader.good() || reader.left() > 0)
        return std::nullopt;
    return gaps;
}

} // namespace tokenscope::telemetry
