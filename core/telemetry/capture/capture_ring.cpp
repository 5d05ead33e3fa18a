// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/capture/capture_ring.h"

#include "telemetry/capture/masking.h"

#include <algorithm>

namespace tokenscope::telemetry {

namespace {

/// Of an exchange, and of each header: objects and the allocator's share.
constexpr std::size_t bytes_each = 512;
constexpr std::size_t bytes_a_header = 80;

std::size_t size_of(const CapturedHeaders& headers)
{
    std::size_t sum = 0;
    for (const auto& [name, value] : headers)
        sum += name.size() + value.size() + bytes_a_header;
    return sum;
}

std::size_t size_of(const std::string& request_id, const CapturedExchange& exchange)
{
    return bytes_each + 2 * request_id.size() + exchange.method.size() + exchange.target.size()
           + size_of(exchange.request_headers) + exchange.request_body.bytes.capacity()
           + size_of(exchange.reply_headers) + exchange.reply_body.bytes.capacity();
}

void mask(CapturedHeaders& headers)
{
    for (auto& [name, value] : headers)
        value = masked_header(name, value);
}

/// How much of `text` is left without a character whose end is missing. Text that is no UTF-8 may lose 3 bytes.
std::size_t whole_characters(std::string_view text)
{
    const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    std::size_t behind = 0;
    while (behind < 3 && behind < text.size() && is_continuation(text[text.size() - 1 - behind]))
        ++behind;
    if (behind == text.size())
        return text.size();
    const auto lead = static_cast<unsigned char>(text[text.size() - 1 - behind]);
    const std::size_t wanted = lead >= 0xF0U ? 3 : lead >= 0xE0U ? 2 : lead >= 0xC0U ? 1 : 0;
    return wanted > behind ? text.size() - 1 - behind : text.size();
}

} // namespace

void append(CapturedBody& body, std::string_view bytes, std::size_t limit)
{
    const bool cut_before = body.cut();
    body.whole += bytes.size();
    if (!body.wanted || cut_before)
        return;
    const auto room = limit - std::min(limit, body.bytes.size());
    body.bytes.append(bytes.substr(0, room));
    if (body.cut())
        body.bytes.resize(whole_characters(body.bytes));
}

void CaptureRing::configure(Settings settings)
{
    const std::lock_guard lock(m_mutex);
    const bool forget = m_settings.bodies && !settings.bodies;
    m_settings = settings;
    m_bodies.store(settings.bodies, std::memory_order_relaxed);
    m_keeps_any.store(settings.bytes > 0, std::memory_order_relaxed);
    if (forget)
        forget_bodies();
    forget_oldest();
}

CaptureRing::Settings CaptureRing::settings() const
{
    const std::lock_guard lock(m_mutex);
    return m_settings;
}

void CaptureRing::forget_bodies()
{
    m_bytes = 0;
    for (auto& kept : m_kept) {
        // Made anew: an emptied text would keep its memory.
        const auto& old = *kept.exchange;
        auto bare =
            std::make_shared<const CapturedExchange>(CapturedExchange{.method = old.method,
                                                                      .target = old.target,
                                                                      .request_headers = old.request_headers,
                                                                      .request_body = {.whole = old.request_body.whole},
                                                                      .status = old.status,
                                                                      .reply_headers = old.reply_headers,
                                                                      .reply_body = {.whole = old.reply_body.whole}});
        kept.bytes = size_of(kept.request_id, *bare);
        kept.exchange = std::move(bare);
        m_bytes += kept.bytes;
    }
}

void CaptureRing::forget_oldest()
{
    while (m_bytes > m_settings.bytes) {
        auto& oldest = m_kept.front();
        m_bytes -= oldest.bytes;
        if (const auto number = m_numbers.find(oldest.request_id);
            number != m_numbers.end() && number->second == m_first)
            m_numbers.erase(number);
        m_kept.pop_front();
        ++m_first;
    }
}

void CaptureRing::keep(std::string request_id, CapturedExchange exchange)
{
    exchange.target = masked_target(exchange.target);
    mask(exchange.request_headers);
    mask(exchange.reply_headers);
    exchange.reply_body.bytes.shrink_to_fit();
    exchange.request_body.bytes.shrink_to_fit();
    const auto bytes = size_of(request_id, exchange);
    auto kept = std::make_shared<const CapturedExchange>(std::move(exchange));
    const std::lock_guard lock(m_mutex);
    if (bytes > m_settings.bytes)
        return;
    const bool with_bodies = kept->request_body.wanted || kept->reply_body.wanted;
    if (with_bodies && !m_settings.bodies)
        return; // they were switched off while it was in flight
    m_numbers[request_id] = m_first + m_kept.size();
    m_kept.push_back({.request_id = std::move(request_id), .exchange = std::move(kept), .bytes = bytes});
    m_bytes += bytes;
    forget_oldest();
}

std::shared_ptr<const CapturedExchange> CaptureRing::find(std::string_view request_id) const
{
    const std::lock_guard lock(m_mutex);
    const auto number = m_numbers.find(request_id);
    return number == m_numbers.end() ? nullptr : m_kept[number->second - m_first].exchange;
}

std::size_t CaptureRing::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

} // namespace tokenscope::telemetry
