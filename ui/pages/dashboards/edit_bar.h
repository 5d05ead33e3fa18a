// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace tokenscope::ui {

class Theme;

/// Above a dashboard that is edited: its title, what can be added, the steps back, and how it ends.
class EditBar : public QWidget {
    Q_OBJECT

public:
    explicit EditBar(const Theme& theme, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setState(bool changed, bool canUndo, bool canRedo);
    /// Tells of a title that is being typed.
    void finishTitle();
    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void titleChanged(const QString& title);
    void panelRequested();
    void rowRequested();
    void undoRequested();
    void redoRequested();
    void variablesRequested();
    void jsonRequested();
    void discardRequested();
    void saveRequested();

private:
    QToolButton* addTool(QHBoxLayout& row, const char* name, const QString& icon, const QString& text);
    QPushButton* addButton(QHBoxLayout& row, const char* name, const QString& text);
    void dress();

    const Theme& m_theme;
    QLineEdit* m_title;
    QString m_before;
    QLabel* m_hint;
    std::vector<QToolButton*> m_tools;
    QToolButton* m_undo = nullptr;
    QToolButton* m_redo = nullptr;
    QPushButton* m_discard = nullptr;
    QPushButton* m_save = nullptr;
};

} // namespace tokenscope::ui
