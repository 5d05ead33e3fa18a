// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/baseline.h"

#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <optional>
#include <vector>

class QComboBox;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QPushButton;

namespace tokenscope::ui {

struct ConsoleContext;
class TimeRange;

/// The present window against one that was pinned: what became slower, what faster, and whether that can be told from
/// chance. Small until something is pinned. Reads the finished requests of this process.
class BaselinePanel : public QWidget {
    Q_OBJECT

public:
    /// `range`: what is "now". Both must outlive it.
    BaselinePanel(const ConsoleContext& context, TimeRange& range, QWidget* parent = nullptr);

    bool pinned() const { return m_window.has_value(); }
    void pin();
    void unpin();
    /// Compares anew if requests ended since; what the timer calls while it can be seen.
    void poll();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Window {
        std::int64_t from = 0; ///< ms since 1970
        std::int64_t to = 0;
    };
    struct Cell {
        QLabel* values = nullptr;
        QLabel* verdict = nullptr;
        QLabel* interval = nullptr;  ///< behind the verdict, where there is room
        QHBoxLayout* line = nullptr; ///< of both, and what is left beside them
    };

    QWidget* makeTable();
    void addRow(QGridLayout& grid, int row, const QString& title, const QStringList& columns);
    Window now() const;
    telemetry::Sample sampleOf(const Window& window) const;
    void remember() const;
    void restore();
    std::vector<std::shared_ptr<const telemetry::RequestRecord>> requestsOf(const Window& window) const;
    QString span(const Window& window) const;
    void fillModels();
    void compare();
    void showCell(const Cell& cell, const telemetry::Comparison& comparison);
    void showState();
    void fitIntervals();
    void dress();

    const ConsoleContext& m_context;
    TimeRange& m_range;
    std::optional<Window> m_window; ///< the pinned one
    std::optional<Window> m_lost;   ///< pinned in an earlier run, whose requests are gone
    std::size_t m_pinned = 0;       ///< requests of m_window when it was pinned; more than m_kept if some are gone
    std::vector<std::shared_ptr<const telemetry::RequestRecord>> m_kept; ///< its requests: the log forgets them
    std::uint64_t m_compared = 0;                                        ///< the last request when it was compared
    Window m_comparedWindow;
    QLabel* m_title;
    QLabel* m_note;
    QComboBox* m_model;
    QPushButton* m_pin;
    QPushButton* m_unpin;
    QWidget* m_table = nullptr;
    std::vector<Cell> m_cells; ///< in the order of telemetry::compare()
    std::vector<QLabel*> m_heads;
    QTimer m_timer;
};

} // namespace tokenscope::ui
