// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThread>

#include <memory>

namespace tokenscope::remote {

/// The thread on which every source over the network waits for its servers. It must outlive what uses it, and must not be
/// destroyed on itself.
class SourceThread {
public:
    SourceThread();
    ~SourceThread();
    SourceThread(const SourceThread&) = delete;
    SourceThread& operator=(const SourceThread&) = delete;

    QThread* thread() { return &m_thread; }

    /// Runs `work` on the thread and waits for its end; at once where this is that thread.
    template <typename Work>
    void run(Work&& work)
    {
        const auto how = QThread::currentThread() == &m_thread ? Qt::DirectConnection : Qt::BlockingQueuedConnection;
        QMetaObject::invokeMethod(m_context.get(), std::forward<Work>(work), how);
    }

private:
    QThread m_thread;
    std::unique_ptr<QObject> m_context;
};

} // namespace tokenscope::remote
