// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/changes_dialog.h"

#include "pages/settings/secret_text.h"
#include "pages/settings/text_diff.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTextCursor>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{820, 560};
constexpr double tint = 0.18;

void append(QTextCursor& cursor, const DiffLine& line, const ThemeTokens& tokens)
{
    using Kind = DiffLine::Kind;
    QTextBlockFormat block;
    QTextCharFormat text;
    text.setForeground(line.kind == Kind::added     ? tokens.good
                       : line.kind == Kind::removed ? tokens.bad
                                                    : tokens.secondary);
    if (line.kind == Kind::added)
        block.setBackground(mixed(tokens.surface, tokens.good, tint));
    else if (line.kind == Kind::removed)
        block.setBackground(mixed(tokens.surface, tokens.bad, tint));
    const auto sign = line.kind == Kind::added     ? QLatin1Char('+')
                      : line.kind == Kind::removed ? QLatin1Char('-')
                                                   : QLatin1Char(' ');
    if (cursor.position() > 0)
        cursor.insertBlock();
    cursor.setBlockFormat(block);
    cursor.insertText(line.kind == Kind::skipped
                          ? QStringLiteral("      …")
                          : QStringLiteral("%1 %2 %3").arg(line.number, 4).arg(sign).arg(line.text),
                      text);
}

} // namespace

ChangesDialog::ChangesDialog(const Theme& theme, const std::vector<std::string>& keys, const std::string& before,
                             const std::string& after, QWidget* parent)
    : QDialog(parent)
{
    const auto& tokens = theme.tokens();
    setObjectName(QStringLiteral("settings.diff"));
    setWindowTitle(tr("Changes of config.yaml"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(usual);
    QStringList names;
    for (const auto& key : keys)
        names << QString::fromStdString(key);
    auto* summary = new QLabel(names.join(QLatin1Char('\n')));
    summary->setObjectName(QStringLiteral("settings.diff.keys"));
    summary->setTextFormat(Qt::PlainText);
    summary->setWordWrap(true);
    auto* text = new QPlainTextEdit;
    text->setObjectName(QStringLiteral("settings.diff.text"));
    text->setAccessibleName(tr("Lines of config.yaml that change"));
    text->setReadOnly(true);
    text->setFont(tokens.mono);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    text->setTabChangesFocus(true);
    const auto hidden = hideSecrets(before, after);
    QTextCursor cursor(text->document());
    if (hidden) {
        for (const auto& line : textDiff(QString::fromStdString(hidden->before), QString::fromStdString(hidden->after)))
            append(cursor, line, tokens);
    } else {
        text->setPlainText(tr("The file on disk is no YAML, so its secrets cannot be told from the rest."));
    }
    text->moveCursor(QTextCursor::Start);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space2);
    column->addWidget(summary);
    column->addWidget(text, 1);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    text->setFocus();
}

} // namespace tokenscope::ui
