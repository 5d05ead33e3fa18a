// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCompleter>
#include <QString>
#include <QStringList>

class QComboBox;
class QLineEdit;

namespace tokenscope::ui {

/// A field to type into whose list is narrowed to what contains the text.
void makeSearchable(QComboBox& box, const QString& placeholder);
/// Other choices; the text stays.
void setChoices(QComboBox& box, const QStringList& choices);

/// Completes the last of several words with commas between.
class ListCompleter : public QCompleter {
    Q_OBJECT

public:
    explicit ListCompleter(QLineEdit* field);
    void setWords(const QStringList& words);

    QStringList splitPath(const QString& path) const override;
    QString pathFromIndex(const QModelIndex& index) const override;

private:
    QLineEdit* m_field;
};

} // namespace tokenscope::ui
