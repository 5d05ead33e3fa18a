// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "sources/metric_source.h"

#include <QCoreApplication>
#include <QMetaObject>

#include <functional>
#include <memory>
#include <utility>

namespace tokenscope::ui {

/// One question at a time to a source, whose answer is handled on the UI thread: not at all when a newer one was begun, or this
/// is gone. Used on the UI thread.
///     auto answer = m_inquiry.begin<std::string>([this](const Result<std::string>& said) { ... });
///     source.test(m_inquiry.token(), std::move(answer));
class Inquiry {
public:
    Inquiry() = default;
    Inquiry(const Inquiry&) = delete;
    Inquiry& operator=(const Inquiry&) = delete;
    ~Inquiry() { cancel(); }

    template <typename T>
    sources::Answer<T> begin(std::function<void(const Result<T>&)> handler)
    {
        cancel();
        m_ticket = std::make_shared<Ticket>();
        m_ticket->handle = [handler = std::move(handler)](const void* answer) {
            handler(*static_cast<const Result<T>*>(answer));
        };
        return [weak = std::weak_ptr(m_ticket), self = this](Result<T> answer) {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [weak, self, answer = std::move(answer)] {
                    const auto ticket = weak.lock();
                    if (!ticket || ticket->cancel.cancelled())
                        return;
                    self->m_ticket.reset(); // before the handler, which may ask anew
                    ticket->handle(&answer);
                },
                Qt::QueuedConnection);
        };
    }

    CancelToken token() const { return m_ticket ? m_ticket->cancel.token() : CancelToken(); }
    bool waiting() const { return m_ticket != nullptr; }
    void cancel()
    {
        if (const auto ticket = std::exchange(m_ticket, nullptr))
            ticket->cancel.cancel();
    }

private:
    /// Lives here alone, so that what the handler holds is destroyed on this thread.
    struct Ticket {
        CancelSource cancel;
        std::function<void(const void*)> handle;
    };
    std::shared_ptr<Ticket> m_ticket;
};

} // namespace tokenscope::ui
