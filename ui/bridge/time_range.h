// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "sources/metric_source.h"

#include <QObject>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// The stretch of time that every chart shows: a window that ends now or where it was paused, or one fixed between two times.
class TimeRange : public QObject {
    Q_OBJECT

public:
    /// In ms since 1970.
    struct Span {
        std::int64_t from = 0;
        std::int64_t to = 0;
        bool operator==(const Span&) const = default;
    };

    explicit TimeRange(const Clock& clock, QObject* parent = nullptr);

    std::int64_t windowMs() const { return m_windowMs; }
    void setWindowMs(std::int64_t windowMs); ///< and leaves a fixed span
    bool paused() const { return m_pausedAt.has_value(); }
    void setPaused(bool paused);

    const std::optional<Span>& fixed() const { return m_fixed; }
    /// Ends in any order; at least ten seconds are shown.
    void setFixed(Span span);
    void goLive(); ///< neither fixed nor paused
    /// Neither paused nor fixed: it moves along.
    bool live() const { return !m_pausedAt && !m_fixed; }

    /// The steps to ask for: at least a second apart, at most about `mostSteps` and not closer than `leastStep` (ms), aligned to the
    /// step so that points stay put while the window moves. Those of a fixed span end where it ends.
    sources::Range steps(std::int64_t mostSteps = 600, std::int64_t leastStep = 0) const;
    /// Where it ends: of one that is not fixed the last whole second, whatever the steps. Ms since 1970.
    std::int64_t end() const;
    std::int64_t now() const; ///< ms since 1970

Q_SIGNALS:
    void changed(); ///< another window, paused or resumed; not the passing of time

private:
    const Clock& m_clock;
    std::int64_t m_windowMs = 60'000; ///< the first minute of a new user is not squeezed into a corner
    std::optional<std::int64_t> m_pausedAt;
    std::optional<Span> m_fixed;
};

} // namespace tokenscope::ui
