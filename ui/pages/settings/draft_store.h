// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

class QSettings;

namespace tokenscope::ui {

class EditSession;

/// Edits of config.yaml that are not saved yet, kept over a crash. Secrets are never part of it.
class DraftStore {
public:
    explicit DraftStore(QSettings& settings) : m_settings(settings) {}

    /// Keeps what the session holds now, or nothing where it holds no edits. Where the text, or what is on disk, is no YAML at the
    /// moment, nobody can say where its secrets are: the draft before stays.
    void keep(const EditSession& session);
    void forget();
    bool any() const; ///< kept, by this run or an earlier one

    enum class Outcome {
        none,     ///< there was no draft
        restored, ///< and so are its secrets, from the file
        lossy,    ///< without some secret that was typed in the clear, or on a file that has changed since
        failed    ///< it cannot be made in the file as that is now; the draft stays, and the session is as it was
    };
    /// Into a session that was loaded from disk and is readable.
    Outcome restore(EditSession& session);

private:
    QSettings& m_settings;
};

} // namespace tokenscope::ui
