// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/body_pipe.h"

#include <utility>

namespace tokenscope::remote {

BodyPipe::BodyPipe(std::size_t capacity, std::function<void()> on_room)
    : m_capacity(capacity), m_on_room(std::move(on_room))
{
}

std::string_view BodyPipe::next()
{
    bool room_again = false;
    {
        std::unique_lock lock(m_mutex);
        m_current.clear();
        m_changed.wait(lock, [this] { return !m_chunks.empty() || m_finished || m_abandoned; });
        if (m_chunks.empty() || m_error || m_abandoned)
            return {};
        m_current = std::move(m_chunks.front());
        m_chunks.pop_front();
        m_bytes -= static_cast<std::size_t>(m_current.size());
        // Woken for a half at a time: a wake-up for every chunk would cost more than the chunk.
        room_again = m_writer_waits && m_bytes <= m_capacity / 2;
        if (room_again)
            m_writer_waits = false;
    }
    if (room_again)
        m_on_room();
    return {m_current.constData(), static_cast<std::size_t>(m_current.size())};
}

std::optional<Error> BodyPipe::error() const
{
    const std::scoped_lock lock(m_mutex);
    return m_error;
}

void BodyPipe::abandon()
{
    const std::scoped_lock lock(m_mutex);
    m_abandoned = true;
    m_chunks.clear(); // m_current stays: the reader may be in the midst of it
    m_bytes = 0;
    m_changed.notify_all();
}

std::size_t BodyPipe::room()
{
    const std::scoped_lock lock(m_mutex);
    const auto room = m_bytes < m_capacity ? m_capacity - m_bytes : 0;
    m_writer_waits = room == 0;
    return room;
}

void BodyPipe::push(QByteArray bytes)
{
    if (bytes.isEmpty())
        return;
    const std::scoped_lock lock(m_mutex);
    if (m_finished || m_abandoned)
        return;
    m_bytes += static_cast<std::size_t>(bytes.size());
    m_chunks.push_back(std::move(bytes));
    m_changed.notify_all();
}

void BodyPipe::finish(std::optional<Error> error)
{
    const std::scoped_lock lock(m_mutex);
    if (m_finished)
        return;
    m_finished = true;
    m_error = std::move(error);
    m_changed.notify_all();
}

bool BodyPipe::abandoned() const
{
    const std::scoped_lock lock(m_mutex);
    return m_abandoned;
}

} // namespace tokenscope::remote
