// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/draft_store.h"

#include "pages/settings/edit_session.h"
#include "pages/settings/secret_text.h"

#include <QSettings>

namespace tokenscope::ui {

namespace {

constexpr QLatin1StringView draftKey("settings/draft");
constexpr QLatin1StringView baseKey("settings/draft_base");

} // namespace

void DraftStore::keep(const EditSession& session)
{
    if (!session.dirty())
        return forget();
    const auto hidden = hideSecrets(session.original(), session.text());
    if (!hidden)
        return;
    m_settings.setValue(baseKey, QString::fromStdString(hidden->before));
    m_settings.setValue(draftKey, QString::fromStdString(hidden->after));
}

void DraftStore::forget()
{
    m_settings.remove(baseKey);
    m_settings.remove(draftKey);
}

bool DraftStore::any() const
{
    return m_settings.contains(draftKey);
}

DraftStore::Outcome DraftStore::restore(EditSession& session)
{
    if (!any())
        return Outcome::none;
    const auto base = m_settings.value(baseKey).toString().toStdString();
    const auto draft = m_settings.value(draftKey).toString().toStdString();
    std::vector<std::string> secrets;
    const auto onDisk = hideSecrets(session.original(), secrets);
    // Of another text, nobody can say whose secrets they were.
    const bool same = onDisk && *onDisk == base;
    if (onDisk && *onDisk == draft)
        return Outcome::none; // saved meanwhile
    if (!same)
        secrets.clear();
    const auto before = revealSecrets(base, secrets);
    const auto after = revealSecrets(draft, secrets);
    if (!before || !after)
        return Outcome::failed;
    if (same) {
        session.edit(after->text);
        return after->lost.empty() ? Outcome::restored : Outcome::lossy;
    }
    EditSession old;
    old.load(before->text);
    old.edit(after->text);
    if (!old.rebase(session.original()))
        return Outcome::failed;
    session.edit(old.text());
    return session.dirty() ? Outcome::lossy : Outcome::none;
}

} // namespace tokenscope::ui
