// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "sources/metric_source.h"

#include <QObject>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// The stretch of time that every chart shows: a window that ends now, or where it was paused.
class TimeRange : public QObject {
    Q_OBJECT

public:
    explicit TimeRange(const Clock& clock, QObject* parent = nullptr);

    std::int64_t windowMs() const { return m_windowMs; }
    void setWindowMs(std::int64_t windowMs);
    bool paused() const { return m_pausedAt.has_value(); }
    void setPaused(bool paused);

    /// The steps to ask for: at least a second apart, at most about 600, aligned to the step so that points stay put
    /// while the window moves.
    sources::Range steps() const;

Q_SIGNALS:
    void changed(); ///< another window, paused or resumed; not the passing of time

private:
    std::int64_t now() const;

    const Clock& m_clock;
    std::int64_t m_windowMs = 60'000; ///< the first minute of a new user is not squeezed into a corner
    std::optional<std::int64_t> m_pausedAt;
};

} // namespace tokenscope::ui
