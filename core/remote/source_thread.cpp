// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/source_thread.h"

namespace tokenscope::remote {

SourceThread::SourceThread() : m_context(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("sources"));
    m_context->moveToThread(&m_thread);
    m_thread.start();
}

SourceThread::~SourceThread()
{
    m_thread.quit();
    m_thread.wait();
}

} // namespace tokenscope::remote
