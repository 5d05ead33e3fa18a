// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "bridge/inquiry.h"
#include "bridge/settings_store.h"
#include "pages/common/page.h"
#include "pages/settings/draft_store.h"
#include "pages/settings/edit_session.h"
#include "pages/settings/problem_lines.h"

#include <QPointer>
#include <QTimer>

#include <functional>
#include <utility>
#include <vector>

class QLabel;
class QLineEdit;
class QSpacerItem;
class QStackedWidget;
class QTabBar;
class QVBoxLayout;

namespace tokenscope::ui {

class ChangeBar;
class ElidedLabel;
class NoticeBar;
class OutcomeBox;
class SettingsForm;
class YamlView;

/// Every key of config.yaml in a form, and its text, until it is saved and in effect. What is not saved survives a crash.
class SettingsPage : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(const ConsoleContext& context, QWidget* parent = nullptr);
    ~SettingsPage() override;

    using Usage = std::function<std::vector<std::pair<QString, QString>>()>;
    /// What the section "Storage and memory" tells; asked now and then while that is seen.
    void setUsage(Usage usage);
    void showSection(const QString& id); ///< "providers", "models", "gateway", ...
    void showSetting(const std::string& path);

    bool hasUnsavedChanges() const { return m_session.dirty(); }
    void refresh() override; ///< looks whether the file has changed
    std::vector<PageCommand> commands() override;

Q_SIGNALS:
    void unsavedChanged(bool unsaved);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    QWidget* makeHeader();
    /// All of it stands in the middle of a page that is wider.
    void centre();
    void addShortcuts();
    /// Reads the file; false where that fails, which the page then says.
    bool load();
    void open();
    /// Brings the draft of an earlier run back where the file can be read and is not edited here yet. Tells so, after `said`; false:
    /// there was nothing to tell.
    bool offerDraft(const QString& said = {});
    void keepDraft();
    void forgetDraft();
    bool unsaved() const; ///< here, or in a draft that waits
    void followFocus(QWidget* now);
    /// The focus, where it went with a button that did its work, goes back to what was edited.
    void returnFocus();
    void sessionChanged();
    void check();
    void receiveCheck(const Result<std::vector<std::string>>& warnings);
    void showProblems();
    void showBar();
    void goToProblem();
    void save();
    void receiveSaved(const Result<SettingsStore::Saved>& saved);
    void tellSaved(const SettingsStore::Saved& saved);
    /// Somebody else wrote the file while it is edited here, or before it could be saved.
    void askWhose(bool saving);
    void applyToNew(bool saving);
    void dropMine();
    void discard();
    void showChanges();
    void showTab(int tab);
    void dress();

    ConsoleContext m_context;
    EditSession m_session;
    DraftStore m_drafts;
    std::vector<ProblemLine> m_problems;
    Inquiry m_checking;
    Inquiry m_saving;
    QTimer m_checkPause;
    QTimer m_draftPause;
    std::string m_sent;         ///< to be saved
    QPointer<QWidget> m_edited; ///< had the focus last, of the form and the text
    Usage m_usage;
    QString m_wantedSection;
    QString m_noPlace; ///< why there can be no file
    bool m_opened = false;
    bool m_draftPending = true; ///< that of an earlier run is not back yet: no other takes its place
    bool m_loading = false;

    QSpacerItem* m_side = nullptr; ///< left of all of it
    QTabBar* m_tabs = nullptr;
    QLineEdit* m_search = nullptr;
    ElidedLabel* m_file = nullptr;
    NoticeBar* m_notice = nullptr;
    OutcomeBox* m_outcome = nullptr;
    QStackedWidget* m_stack = nullptr;
    SettingsForm* m_form = nullptr;
    YamlView* m_yaml = nullptr;
    ChangeBar* m_bar = nullptr;
    QLabel* m_nothing = nullptr;
};

} // namespace tokenscope::ui
