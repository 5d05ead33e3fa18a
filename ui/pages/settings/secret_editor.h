// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "base/result.h"
#include "pages/settings/secret_text.h"
#include "pages/settings/setting_editor.h"
#include "pages/settings/setting_services.h"

#include <optional>

class QColor;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tokenscope::ui {

/// Where a secret comes from. What is in the clear is masked, warned about, and can be moved to the keychain; it is never shown.
class SecretEditor : public SettingEditor {
    Q_OBJECT

public:
    enum class Schemes { none, offered }; ///< "Bearer" before the reference, as headers have it

    SecretEditor(const SettingServices& services, const QString& name, Schemes schemes, QWidget* parent = nullptr);
    ~SecretEditor() override; ///< nothing is asked for it any more

    /// What a new entry of the keychain is called unless the user says otherwise, and the variable.
    void setSuggestion(const QString& entry);
    void setAccessibleTitle(const QString& title);

    void setTree(const YamlTree& tree) override;
    void reset() override;
    QWidget* focusTarget() override;

Q_SIGNALS:
    void kept(); ///< there is another secret in the keychain, also where the name of its entry is the same

private:
    QLineEdit* makeLine(const QString& part);
    void showFields();
    void emitSecret();
    void showWaiting();
    void say(const QString& words, const QColor& color);
    void keep();
    void receiveKept(const Result<void>& stored);
    void cancelWaiting();
    void stopWaiting();

    SettingServices m_services;
    Schemes m_schemes;
    YamlTree m_tree;
    SecretText m_secret;
    std::optional<CancelSource> m_waiting; ///< for the keychain, which may ask for its password
    QString m_suggestion;
    QString m_title;
    QComboBox* m_how;
    QComboBox* m_scheme;
    QLineEdit* m_name;       ///< of the variable or the entry
    QLineEdit* m_secretLine; ///< masked
    QPushButton* m_keep;
    QLabel* m_note;
};

} // namespace tokenscope::ui
