// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/source_thread.h"

#include <openssl/crypto.h>

namespace tokenscope::remote {

SourceThread::SourceThread() : m_context(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("sources"));
    m_context->moveToThread(&m_thread);
    // What OpenSSL keeps for a thread would else go a moment after the thread counts as finished, when the process may have ended.
    QObject::connect(&m_thread, &QThread::finished, [] { OPENSSL_thread_stop(); });
    m_thread.start();
}

SourceThread::~SourceThread()
{
    m_thread.quit();
    m_thread.wait();
}

} // namespace tokenscope::remote
