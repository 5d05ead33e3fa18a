// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/request_menu.h"

#include "pages/requests/cell_terms.h"

#include <QClipboard>
#include <QGuiApplication>

namespace tokenscope::ui {

RequestMenu::RequestMenu(const telemetry::RequestRecord& record, int column, const QString& row, QWidget* parent)
    : QMenu(parent)
{
    setObjectName(QStringLiteral("requests.menu"));
    setAttribute(Qt::WA_DeleteOnClose);
    addCopy(tr("Copy the row"), row);
    addCopy(tr("Copy the request's id"), QString::fromStdString(record.request_id));
    const auto trace = record.trace_id.view();
    addCopy(tr("Copy the trace's id"), QString::fromUtf8(trace.data(), static_cast<qsizetype>(trace.size())));
    addSeparator();
    for (const auto& [offer, term] : termsOf(record, column)) {
        auto text = offer;
        connect(addAction(text.replace(QLatin1Char('&'), QStringLiteral("&&"))), &QAction::triggered, this,
                [this, wanted = term] { Q_EMIT filterRequested(wanted); });
    }
}

void RequestMenu::addCopy(const QString& text, const QString& what)
{
    auto* action = addAction(text);
    action->setEnabled(!what.isEmpty());
    connect(action, &QAction::triggered, this, [what] { QGuiApplication::clipboard()->setText(what); });
}

} // namespace tokenscope::ui
