// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/requests/filter_text.h"
#include "telemetry/filter/request_filter.h"

#include <QString>
#include <QTimer>
#include <QWidget>

class QLabel;
class QSettings;

namespace tokenscope::ui {

class FilterBox;
class QueryHistory;
class Theme;

/// The filter with its history and its help, and a sentence below where it cannot be understood. While a word is typed that may
/// become a field, what was written before holds; other words are looked for after a short pause. The text is kept in the settings.
class FilterRow : public QWidget {
    Q_OBJECT

public:
    FilterRow(const Theme& theme, QSettings& settings, SeenValues seen, QWidget* parent = nullptr);

    QString text() const;
    bool understood() const; ///< else the one before holds
    void setText(const QString& text);
    void add(const QString& term); ///< to what is wanted already
    void restore();                ///< the text of before
    void focusBox();               ///< and selects what is there
    FilterBox& box() { return *m_box; }

Q_SIGNALS:
    /// It was understood. While it cannot be, what was understood last holds.
    void filterChanged(const tokenscope::telemetry::RequestFilter& filter);
    void notUnderstood();
    void left();

private:
    void parse(bool typed);
    void apply();
    void pause();
    void tell(const QString& words, const char* role);
    void dress();

    const Theme& m_theme;
    QSettings& m_settings;
    QueryHistory* m_history;
    FilterBox* m_box;
    QLabel* m_error;
    QTimer m_pause; ///< in the typing
    bool m_typed = false;
};

} // namespace tokenscope::ui
