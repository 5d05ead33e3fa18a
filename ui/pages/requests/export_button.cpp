// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/export_button.h"

#include "pages/requests/request_export.h"

#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>

namespace tokenscope::ui {

ExportButton::ExportButton(const RequestListModel& model, QWidget* parent) : QToolButton(parent), m_model(model)
{
    setObjectName(QStringLiteral("requests.export"));
    setText(tr("Export"));
    setAccessibleName(tr("Export"));
    setToolTip(tr("Save what the filter finds"));
    setFocusPolicy(Qt::StrongFocus);
    setPopupMode(QToolButton::InstantPopup);
    setProperty("menu", true);
    auto* menu = new QMenu(this);
    setMenu(menu);
    connect(menu->addAction(tr("Comma separated values…")), &QAction::triggered, this, [this] { ask(Format::csv); });
    connect(menu->addAction(tr("JSON lines…")), &QAction::triggered, this, [this] { ask(Format::jsonLines); });
}

void ExportButton::ask(Format format)
{
    const auto suffix = format == Format::csv ? QStringLiteral("csv") : QStringLiteral("jsonl");
    auto* dialog =
        new QFileDialog(this, tr("Export the requests"), QStringLiteral("requests.") + suffix,
                        format == Format::csv ? tr("Comma separated values (*.csv)") : tr("JSON lines (*.jsonl)"));
    dialog->setObjectName(QStringLiteral("requests.export.dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    // Those that were there when it was asked for.
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format, records = m_model.shown()](const QString& path) { save(path, format, records); });
    dialog->open();
}

void ExportButton::save(const QString& path, Format format, const std::vector<RequestListModel::Record>& records)
{
    QSaveFile file(path);
    const auto content = format == Format::csv ? requestsCsv(records) : requestsJsonLines(records);
    if (file.open(QIODevice::WriteOnly) && file.write(content) >= 0 && file.commit())
        Q_EMIT saved(records.size() == 1 ? tr("Saved 1 request as %1").arg(path)
                                         : tr("Saved %1 requests as %2").arg(records.size()).arg(path));
    else
        Q_EMIT failed(tr("%1 cannot be written: %2").arg(path, file.errorString()));
}

} // namespace tokenscope::ui
