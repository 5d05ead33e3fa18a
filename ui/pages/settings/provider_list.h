// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "pages/settings/setting_services.h"
#include "pages/settings/yaml_tree.h"

#include <QHash>
#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

class QLabel;
class QMenu;
class QPushButton;
class QTreeWidget;

namespace tokenscope::ui {

class NoticeBar;

/// The providers of the file in their order, to be added to, copied, moved and removed; where the file names none, the built-in ones.
class ProviderList : public QWidget {
    Q_OBJECT

public:
    enum class Status { untested, testing, good, bad };

    ProviderList(const SettingServices& services, QWidget* parent = nullptr);

    /// Adds it to what is listed: where the file has none yet, the built-in ones are written with it.
    bool add(const YamlTree& provider);
    /// As the file has them, or would have the built-in ones.
    YamlTree listed() const;
    /// Which one is chosen; nothing where the file has none.
    std::optional<std::size_t> current() const;
    /// The one that is chosen where the file has none.
    std::optional<config::Provider> currentBuiltIn() const;
    void choose(std::size_t index);
    /// What the test of the one with that name says: of the provider as it is when that begins, and shown while it is like that.
    void setStatus(const QString& name, Status status, const QString& text);
    /// Shows what the session holds.
    void refresh();

Q_SIGNALS:
    void chosen();
    void discoverRequested();

private:
    struct Outcome {
        Status status = Status::untested;
        QString text;
        YamlTree tested;
    };
    void makeButtons(QWidget* bar);
    QPushButton* addButton(QWidget* bar, const QString& text, const QString& name, const QString& shown,
                           const std::function<void()>& run);
    void fillRow(int row, const QString& name, const QString& kind, const QString& address, const Outcome& outcome);
    Outcome outcomeOf(const YamlTree& provider) const;
    void tellKept(const std::string& added);
    void duplicate();
    void remove();
    void move(int by);
    void writeBuiltIn();
    void updateButtons();
    void dress();
    std::vector<config::Provider> builtIn() const; ///< what stands in the list where the file names none
    const YamlTree& providers() const;

    SettingServices m_services;
    QHash<QString, Outcome> m_outcomes;
    QTreeWidget* m_tree;
    QLabel* m_note;
    NoticeBar* m_notice;
    QPushButton* m_duplicate = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_up = nullptr;
    QPushButton* m_down = nullptr;
    QPushButton* m_write = nullptr;
    bool m_filling = false;
};

} // namespace tokenscope::ui
