// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

class QSocketNotifier;

namespace tokenscope::app {

/// Turns SIGINT and SIGTERM into a call on the main thread, so that Ctrl-C and a session's end close the console in good
/// order. Linux only (signalfd).
class SignalWatch {
public:
    /// To be called before any thread is made: the signals then reach nobody else.
    static void block();

    explicit SignalWatch(std::function<void()> onSignal);
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

private:
    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace tokenscope::app
