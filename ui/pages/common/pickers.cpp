// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/pickers.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStringListModel>

namespace tokenscope::ui {

void makeSearchable(QComboBox& box, const QString& placeholder)
{
    box.setEditable(true);
    box.setInsertPolicy(QComboBox::NoInsert);
    box.setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box.setMaxVisibleItems(14);
    box.lineEdit()->setPlaceholderText(placeholder);
    box.lineEdit()->setAccessibleName(box.accessibleName());
    auto* completer = box.completer();
    completer->setCompletionMode(QCompleter::PopupCompletion);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
}

void setChoices(QComboBox& box, const QStringList& choices)
{
    QStringList before;
    for (int i = 0; i < box.count(); ++i)
        before << box.itemText(i);
    if (before == choices)
        return;
    const QSignalBlocker quiet(&box);
    const auto text = box.currentText();
    box.clear();
    box.addItems(choices);
    box.setCurrentIndex(box.findText(text, Qt::MatchExactly));
    box.setEditText(text);
}

ListCompleter::ListCompleter(QLineEdit* field) : QCompleter(new QStringListModel, field), m_field(field)
{
    model()->setParent(this);
    setCaseSensitivity(Qt::CaseInsensitive);
    field->setCompleter(this);
}

void ListCompleter::setWords(const QStringList& words)
{
    auto* list = static_cast<QStringListModel*>(model());
    if (list->stringList() != words)
        list->setStringList(words);
}

QStringList ListCompleter::splitPath(const QString& path) const
{
    return {path.section(QLatin1Char(','), -1).trimmed()};
}

QString ListCompleter::pathFromIndex(const QModelIndex& index) const
{
    const auto text = m_field->text();
    const auto comma = text.lastIndexOf(QLatin1Char(','));
    const auto word = QCompleter::pathFromIndex(index);
    return comma < 0 ? word : text.left(comma + 1) + QLatin1Char(' ') + word;
}

} // namespace tokenscope::ui
