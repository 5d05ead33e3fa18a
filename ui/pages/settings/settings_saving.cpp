// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of SettingsPage that writes the file, and what may come between.
#include "pages/settings/settings_page.h"

#include "pages/common/notice_bar.h"
#include "pages/common/outcome_box.h"
#include "pages/settings/change_bar.h"
#include "pages/settings/changes_dialog.h"

#include <algorithm>

namespace tokenscope::ui {

namespace {

QString joinedKeys(const std::vector<std::string>& keys)
{
    QStringList names;
    for (const auto& key : keys)
        names << QString::fromStdString(key);
    return names.join(QStringLiteral(", "));
}

} // namespace

bool SettingsPage::unsaved() const
{
    return m_session.dirty() || (m_draftPending && m_drafts.any());
}

bool SettingsPage::offerDraft(const QString& said)
{
    if (!m_draftPending || !m_session.readable() || m_session.dirty())
        return false;
    using Outcome = DraftStore::Outcome;
    const auto outcome = m_drafts.restore(m_session);
    m_draftPending = outcome == Outcome::failed;
    Q_EMIT unsavedChanged(unsaved()); // a draft may have been saved meanwhile, by another program
    if (outcome == Outcome::none)
        return false;
    const QString before = said.isEmpty() ? QString() : QString(said + QLatin1Char('\n'));
    if (outcome == Outcome::failed) {
        const auto failed =
            tr("Edits that were not saved cannot be made in config.yaml as it is now. They are kept until "
               "they can.");
        m_notice->tell(before + failed, {{tr("Drop them"), [this] {
                                              m_draftPending = false;
                                              keepDraft();
                                              Q_EMIT unsavedChanged(unsaved());
                                          }}});
        return true;
    }
    const auto back = outcome == Outcome::restored
                          ? tr("Edits that were not saved are back.")
                          : tr("Edits that were not saved are back, as far as possible: secrets are not kept, and the "
                               "file may have changed since.");
    m_notice->tell(before + back, {{tr("Show changes"), [this] { showChanges(); }}});
    return true;
}

void SettingsPage::keepDraft()
{
    if (!m_draftPending)
        m_drafts.keep(m_session);
}

void SettingsPage::forgetDraft()
{
    if (!m_draftPending)
        m_drafts.forget();
}

void SettingsPage::save()
{
    if (m_saving.waiting())
        return;
    m_notice->hide();
    auto answer = m_saving.begin<SettingsStore::Saved>([this](const auto& saved) { receiveSaved(saved); });
    m_sent = m_session.text();
    m_context.configuration->save(m_sent, m_session.original(), m_saving.token(), std::move(answer));
    showBar();
}

void SettingsPage::receiveSaved(const Result<SettingsStore::Saved>& saved)
{
    if (saved) {
        tellSaved(*saved);
        return;
    }
    showBar();
    if (saved.error().code == ErrorCode::conflict)
        return askWhose(true);
    auto problems = readProblems(saved.error().message);
    const bool placed =
        std::any_of(problems.begin(), problems.end(), [](const ProblemLine& at) { return at.line > 0; });
    if (saved.error().code == ErrorCode::config && placed) {
        m_problems = std::move(problems);
        return showProblems();
    }
    m_outcome->show(OutcomeBox::Outcome::bad, QString::fromStdString(saved.error().message),
                    QString::fromStdString(saved.error().detail));
}

void SettingsPage::tellSaved(const SettingsStore::Saved& saved)
{
    forgetDraft();
    m_draftPause.stop();
    const auto typed = m_session.text();
    // What was typed while it was written stays an edit.
    if (load() && typed != m_sent)
        m_session.edit(typed);
    auto text =
        saved.after_restart.empty()
            ? tr("Saved, and in effect now.")
            : tr("Saved. With the next start: %1. The rest is in effect now.").arg(joinedKeys(saved.after_restart));
    for (const auto& warning : readWarnings(saved.warnings))
        text += QLatin1Char('\n') + warning.text;
    const bool told = offerDraft(text);
    if (!told && saved.after_restart.empty() && saved.warnings.empty())
        m_notice->mention(text);
    else if (!told)
        m_notice->tell(text);
    showBar();
}

void SettingsPage::askWhose(bool saving)
{
    const std::vector<NoticeBar::Choice> choices{
        {saving ? tr("Make my changes in the new one") : tr("Keep mine, in the new one"),
         [this, saving] { applyToNew(saving); }},
        {tr("Drop mine and read it again"), [this] { dropMine(); }}};
    if (saving)
        m_notice->ask(tr("config.yaml has changed on disk since it was read here."), choices);
    else // the hands are on something else
        m_notice->tell(tr("config.yaml was changed by another program while it is edited here."), choices);
}

void SettingsPage::dropMine()
{
    forgetDraft();
    if (!load())
        return;
    m_draftPause.stop();
    offerDraft();
}

void SettingsPage::applyToNew(bool saving)
{
    const auto contents = m_context.configuration->read();
    const auto done = contents ? m_session.rebase(contents->text) : Result<void>(failure(contents.error()));
    if (done && saving)
        return save();
    if (done)
        return m_notice->mention(tr("Your changes are made in the new file; they are not saved yet."));
    m_outcome->show(OutcomeBox::Outcome::bad, tr("Your changes cannot be made in the new file."),
                    QString::fromStdString(done.error().message));
}

void SettingsPage::discard()
{
    const auto count = m_session.changes().size();
    m_notice->ask(count == 1 ? tr("Discard the unsaved change?") : tr("Discard %1 unsaved changes?").arg(count),
                  {{tr("Discard"),
                    [this] {
                        const auto mine = m_session.text();
                        forgetDraft();
                        if (!load())
                            return;
                        m_draftPause.stop();
                        if (!offerDraft(tr("Discarded.")))
                            m_notice->tell(tr("Discarded."), {{tr("Undo"), [this, mine] { m_session.edit(mine); }}});
                    }},
                   {tr("Keep them"), nullptr}});
}

void SettingsPage::showChanges()
{
    (new ChangesDialog(m_context.theme, m_session.changes(), m_session.original(), m_session.text(), this))->open();
}

} // namespace tokenscope::ui
