// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <cstddef>

class QComboBox;
class QToolButton;

namespace tokenscope::ui {

class Theme;

/// The alternatives of a panel's query, of which the first is asked whose metrics the source has: which one is edited, and its
/// place among them.
class AlternativeBar : public QWidget {
    Q_OBJECT

public:
    explicit AlternativeBar(const Theme& theme, QWidget* parent = nullptr);

    void setNames(const QStringList& names, std::size_t current);
    /// Of the one that is edited.
    void setCurrentName(const QString& name);
    /// Whether the one that is edited can be left: what is half written would be lost.
    void setFinished(bool finished);

Q_SIGNALS:
    void chosen(std::size_t index);
    void shiftRequested(int step); ///< the one that is edited, on (1) or back (-1)
    void removeRequested();        ///< the one that is edited

private:
    QToolButton* addTool(const char* name, const QString& icon, const QString& text);
    void showPlace();
    void dress();

    const Theme& m_theme;
    QComboBox* m_names;
    QToolButton* m_up;
    QToolButton* m_down;
    QToolButton* m_remove;
};

} // namespace tokenscope::ui
