// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QString>

#include <functional>

namespace tokenscope::app {

/// One console for each configuration: two would write the same files, and fight over the gateway's port. A second start asks the
/// first one to show its window, over a socket in the user's runtime directory.
class SingleInstance {
public:
    /// `what`: what two consoles must not share, such as the path of the configuration.
    explicit SingleInstance(const QString& what);

    /// Whether another console has shown itself. Waits for it for two seconds at the most; one that hangs counts as none.
    bool showOther() const;
    /// From now on `asked` is called, on this thread, when another one is started. The socket of one that was killed is taken over.
    void listen(std::function<void()> asked);

private:
    const QString m_path; ///< of the socket; empty: there is no place for one
    QLocalServer m_server;
};

} // namespace tokenscope::app
