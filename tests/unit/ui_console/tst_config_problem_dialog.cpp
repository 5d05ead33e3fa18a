// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/config_problem_dialog.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QUrl>
#include <QtTest>

using namespace tokenscope::ui;

class TestConfigProblemDialog : public QObject {
    Q_OBJECT

public Q_SLOTS:
    void openUrl(const QUrl& url) { m_opened << url; }

private Q_SLOTS:
    void init()
    {
        m_opened.clear();
        m_file = m_folder.filePath(QStringLiteral("config.yaml"));
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        m_message = m_file + QStringLiteral(":3:1: lisen: is not a known key, did you mean listen?\n") + m_file
                    + QStringLiteral(":7:9: log.level: is not known");
    }

    void saysWhereAndWhatAndLetsItBeCopied()
    {
        ConfigProblemDialog dialog(m_theme, m_message, m_file);
        dialog.show();
        QCOMPARE(dialog.findChild<QLabel*>(QStringLiteral("configProblem.file"))->text(), m_file);
        const auto* text = dialog.findChild<QPlainTextEdit*>(QStringLiteral("configProblem.text"));
        QCOMPARE(text->toPlainText(), m_message);
        QVERIFY(text->isReadOnly());
        press(dialog, "configProblem.copy");
        QCOMPARE(QGuiApplication::clipboard()->text(), m_message);
        QVERIFY(dialog.isVisible());
    }

    void opensTheFileAndStays()
    {
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "openUrl");
        ConfigProblemDialog dialog(m_theme, m_message, m_file);
        dialog.show();
        press(dialog, "configProblem.open");
        QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
        QCOMPARE(m_opened, QList<QUrl>{QUrl::fromLocalFile(m_file)});
        QVERIFY(dialog.isVisible());
        QVERIFY(!dialog.findChild<QLabel*>(QStringLiteral("configProblem.note"))->isVisible());
    }

    void aFileThatIsNotThereCannotBeOpened()
    {
        QVERIFY(QFile::remove(m_file));
        for (const auto& file : {m_file, QString()}) {
            ConfigProblemDialog dialog(m_theme, m_message, file);
            dialog.show();
            QVERIFY(!dialog.findChild<QPushButton*>(QStringLiteral("configProblem.open"))->isEnabled());
            QVERIFY(dialog.findChild<QPushButton*>(QStringLiteral("configProblem.again"))->isEnabled());
        }
    }

    void againAndQuit()
    {
        const auto answer = [this](auto act) {
            ConfigProblemDialog dialog(m_theme, m_message, m_file);
            dialog.show();
            act(dialog);
            return dialog.isVisible() ? -1 : dialog.result();
        };
        QCOMPARE(answer([](auto& dialog) { press(dialog, "configProblem.again"); }), int(QDialog::Accepted));
        QCOMPARE(answer([](auto& dialog) { QTest::keyClick(&dialog, Qt::Key_Return); }), int(QDialog::Accepted));
        QCOMPARE(answer([](auto& dialog) { press(dialog, "configProblem.quit"); }), int(QDialog::Rejected));
        QCOMPARE(answer([](auto& dialog) { QTest::keyClick(&dialog, Qt::Key_Escape); }), int(QDialog::Rejected));
    }

private:
    static void press(const QDialog& dialog, const char* name)
    {
        QTest::mouseClick(dialog.findChild<QPushButton*>(QLatin1StringView(name)), Qt::LeftButton);
    }

    Theme m_theme{ThemeMode::dark};
    QTemporaryDir m_folder;
    QString m_file;
    QString m_message;
    QList<QUrl> m_opened;
};

QTEST_MAIN(TestConfigProblemDialog)
#include "tst_config_problem_dialog.moc"
