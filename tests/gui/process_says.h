// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QTest>

namespace tokenscope::test {

/// Whether the process says that within a minute, which a start may take under a sanitizer. What it has said is read away.
inline bool says(QProcess& process, const QByteArray& text)
{
    QByteArray said;
    return QTest::qWaitFor(
        [&] {
            process.waitForReadyRead(50);
            said += process.readAll();
            return said.contains(text);
        },
        60'000);
}

} // namespace tokenscope::test
