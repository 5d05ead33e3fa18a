// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Dashboards page's copies, imports and exports.
#include "base/file_access.h"
#include "base/json_text.h"
#include "bridge/console_context.h"
#include "dashboards/library.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/dashboards_page.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>

namespace tokenscope::ui {

namespace {

QString jsonFiles()
{
    return DashboardsPage::tr("Dashboards (*.json);;All files (*)");
}

} // namespace

void DashboardsPage::duplicate()
{
    const auto id = m_context.library.duplicate(m_id);
    if (id)
        reload(QString::fromStdString(*id));
    else
        complain(id.error());
}

void DashboardsPage::importFile()
{
    auto* dialog = new QFileDialog(this, tr("Import a dashboard"), QString(), jsonFiles());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &DashboardsPage::takeIn);
    dialog->open();
}

void DashboardsPage::takeIn(const QString& path)
{
    const QFileInfo info(path);
    // A pipe would never end: the window would wait for it.
    const auto id = read_whole(path.toStdString(), max_file_bytes).and_then([&](const std::string& text) {
        return m_context.library.import(text, info.completeBaseName().toStdString());
    });
    if (!id) {
        auto error = id.error();
        error.message =
            tr("%1 is not imported: %2").arg(info.fileName(), QString::fromStdString(error.message)).toStdString();
        complain(error);
        return;
    }
    reload(QString::fromStdString(*id));
    m_notice->letGo();
    m_notice->mention(tr("Imported %1").arg(info.fileName()));
}

void DashboardsPage::exportFile()
{
    const auto text = m_context.library.export_json(m_id);
    if (!text) {
        complain(text.error());
        return;
    }
    auto* dialog = new QFileDialog(this, tr("Export the dashboard"),
                                   QString::fromStdString(m_id) + QStringLiteral(".json"), jsonFiles());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, text = *text](const QString& path) {
        QSaveFile file(path);
        if (file.open(QIODevice::WriteOnly) && file.write(QByteArray::fromStdString(text)) >= 0 && file.commit())
            m_notice->tell(tr("Saved as %1").arg(path));
        else
            m_notice->tellFailure(tr("%1 cannot be written: %2").arg(path, file.errorString()));
    });
    dialog->open();
}

} // namespace tokenscope::ui
