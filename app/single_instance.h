// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli.h"

#include <QLocalServer>
#include <QLockFile>
#include <QString>

#include <functional>
#include <memory>

namespace tokenscope::app {

/// What tells consoles apart that may run beside each other: the configuration's file, however it is written, and the port. What
/// is the user's they share (sources, alert rules, dashboards, the window's state): the last to write has its way.
QString instance_name(const CliOptions& options, const config::Env& env);

/// One console of a name: two would write the same configuration, and fight over the gateway's port. A second start asks the
/// first one to show its window, over a socket in the user's runtime directory.
class SingleInstance {
public:
    SingleInstance();

    /// Whether this is the only one of that name. If not, the other has been asked to show itself, which is waited for, as it may
    /// just be starting; one that hangs counts as none. Before there is an application, too.
    bool claim(const QString& name);
    /// From now on others can reach this one, once it is claimed; they wait until there is an answer. Needs the application.
    /// The socket of one that was killed is taken over.
    void listen();
    /// `asked` is called on this thread when another one is started, or has been since listen(). Null: they wait again.
    void answer(std::function<void()> asked);

private:
    void answerWaiting();

    QString m_path; ///< of the socket; empty: not claimed, or there is no place for one
    std::function<void()> m_asked;
    std::unique_ptr<QLockFile> m_lock; ///< as long as the console runs
    QLocalServer m_server;             ///< goes before the lock: who comes then starts anew
};

} // namespace tokenscope::app
