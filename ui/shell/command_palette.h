// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;
class QSettings;

namespace tokenscope::ui {

class Theme;

/// Something one can do from anywhere.
struct Command {
    QString id;       ///< stable: what was used last is remembered by it
    QString title;    ///< "Go to Requests"
    QString group;    ///< "Page", "Source", "Time"; small, at the right
    QString shortcut; ///< as it is typed, or empty
    std::function<void()> run;
};

/// Everything one can do, found by typing a few of its letters; what was used last comes first. A child of the window, over its middle.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    CommandPalette(const Theme& theme, QSettings& settings, QWidget* window);

    /// Opens with these commands.
    void open(std::vector<Command> commands);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void move(int by);
    void choose();
    void closeUp();
    void place();
    void dress();

    const Theme& m_theme;
    QSettings& m_settings;
    QLineEdit* m_typed;
    QListWidget* m_list;
    std::vector<Command> m_commands;
    std::vector<std::size_t> m_shown; ///< into m_commands, by row
    QStringList m_recent;             ///< ids, the last one first
    QPointer<QWidget> m_before;       ///< had the focus
};

} // namespace tokenscope::ui
