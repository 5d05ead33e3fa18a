// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

namespace tokenscope::ui {

class Theme;

/// The gaps between a reply's chunks as bars, in order: one glance shows whether the words came evenly.
class LatencyStrip : public QWidget {
    Q_OBJECT

public:
    explicit LatencyStrip(const Theme& theme, QWidget* parent = nullptr);
    void setGaps(std::vector<double> seconds);
    bool hasSpikes() const { return m_warnFrom > 0 && m_longest > m_warnFrom; } ///< bars in the warning colour
    static QString spikeWords();                                                ///< what those are
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    std::vector<double> m_gaps;
    double m_longest = 0;
    double m_warnFrom = 0; ///< 0: none is a spike
};

} // namespace tokenscope::ui
