// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/filter_help.h"

#include "telemetry/filter/filter_fields.h"
#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr QSize usual{620, 560};
constexpr int exampleWidth = 206; ///< of all tables, so that they are in line

QString escaped(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toHtmlEscaped();
}

} // namespace

FilterHelp::FilterHelp(const Theme& theme, QWidget* parent) : QDialog(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("requests.help"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("How to filter"));
    auto* text = new QTextBrowser;
    text->setObjectName(QStringLiteral("requests.help.text"));
    text->setAccessibleName(tr("How to filter"));
    text->setTabChangesFocus(true);
    text->setProperty("bare", true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto& tokens = theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space4, tokens.space4, tokens.space4);
    column->setSpacing(tokens.space3);
    column->addWidget(text, 1);
    column->addWidget(buttons);
    resize(usual.boundedTo(parent->window()->size() - QSize(tokens.space6, tokens.space6)));
    const auto fill = [this, text] { text->setHtml(page()); };
    connect(&theme, &Theme::changed, this, fill);
    fill();
}

QString FilterHelp::page() const
{
    const auto& tokens = m_theme.tokens();
    const auto row = [&tokens](std::string_view example, const QString& doc) {
        return QStringLiteral(
                   "<tr><td width=\"%5\" style=\"padding: 3px 16px 3px 0; white-space: pre; font-family: '%1'; "
                   "color: %2\">%3</td><td style=\"padding: 3px 0\">%4</td></tr>")
            .arg(tokens.mono.family(), tokens.accent.name(), escaped(example), doc, QString::number(exampleWidth));
    };
    const auto title = [](const QString& text) {
        return QStringLiteral("<p style=\"margin: 12px 0 4px 0\"><b>%1</b></p>").arg(text);
    };
    QString html = title(tr("Terms")) + QStringLiteral("<table>");
    for (const auto& phrase : telemetry::filter_phrases())
        html += row(phrase.example, escaped(phrase.doc));
    html += QStringLiteral("</table>") + title(tr("Fields")) + QStringLiteral("<table>");
    for (const auto& field : telemetry::filter_fields()) {
        QStringList aliases;
        for (const auto alias : field.aliases) {
            if (!alias.empty())
                aliases << escaped(alias);
        }
        auto doc = escaped(field.doc);
        if (!aliases.isEmpty())
            doc += QStringLiteral(" <span style=\"color: %1\">%2</span>")
                       .arg(tokens.secondary.name(), tr("(also %1)").arg(aliases.join(QStringLiteral(", "))));
        html += row(field.example, doc);
    }
    return html + QStringLiteral("</table>");
}

} // namespace tokenscope::ui
