// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "pages/common/query_draft.h"

#include <QWidget>

class QComboBox;
class QToolButton;

namespace tokenscope::ui {

class SourceList;
class Theme;

/// One condition: label, how it is compared, value. Values are asked for when the list is opened or typed into.
class MatcherRow : public QWidget {
    Q_OBJECT

public:
    MatcherRow(const Theme& theme, SourceList& sources, QWidget* parent = nullptr);

    void setMatcher(const DraftMatcher& matcher);
    DraftMatcher matcher() const;
    void setLabels(const QStringList& labels);
    void setMetric(const std::string& metric); ///< whose values are offered; the one that has them

Q_SIGNALS:
    void changed();
    void removeRequested();

private:
    void askValues();
    void dress();

    const Theme& m_theme;
    SourceList& m_sources;
    QComboBox* m_label;
    QComboBox* m_kind;
    QComboBox* m_value;
    QToolButton* m_remove;
    std::string m_metric;
    QString m_asked; ///< metric and label whose values are there
    Inquiry m_inquiry;
};

} // namespace tokenscope::ui
