// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QByteArray>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>

namespace tokenscope::remote {

/// The bytes of a reply's body on their way from the thread that receives them to the one that reads them: never more than
/// `capacity` of them, so that a server is read no faster than its answer is understood.
class BodyPipe {
public:
    /// `on_room`: called by the reader when there is room again after room() was 0.
    BodyPipe(std::size_t capacity, std::function<void()> on_room);

    // The reader.
    /// Waits for the next bytes, which stay until the following call. Empty: the body has ended, or failed.
    std::string_view next();
    /// After next() was empty: why the body is not whole, or nothing.
    std::optional<Error> error() const;
    /// Nothing more is read: the writer may stop. Also said by others, when the answer is no longer wanted.
    void abandon();
    bool abandoned() const;

    // The writer.
    std::size_t room();
    void push(QByteArray bytes);
    /// The first call counts. What was pushed before a failure is not read any more.
    void finish(std::optional<Error> error);

private:
    const std::size_t m_capacity;
    const std::function<void()> m_on_room;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<QByteArray> m_chunks;
    QByteArray m_current; ///< what the reader looks at
    std::size_t m_bytes = 0;
    bool m_writer_waits = false;
    bool m_finished = false;
    bool m_abandoned = false;
    std::optional<Error> m_error;
};

} // namespace tokenscope::remote
