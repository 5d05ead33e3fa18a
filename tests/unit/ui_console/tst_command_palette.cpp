// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/command_palette.h"
#include "shell/word_match.h"
#include "theme/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace tokenscope::ui;

class TestCommandPalette : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<QWidget>();
        m_window->resize(900, 600);
        m_other = new QLineEdit(m_window.get());
        m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("p.ini")), QSettings::IniFormat);
        m_settings->clear();
        m_palette = new CommandPalette(m_theme, *m_settings, m_window.get());
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_other->setFocus();
        m_ran.clear();
    }

    void cleanup() { m_window.reset(); }

    void fits_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("fits");
        QTest::newRow("empty") << ""
                               << "anything" << true;
        QTest::newRow("beginnings") << "gtd"
                                    << "Go to Dashboards" << true;
        QTest::newRow("scattered") << "dsh"
                                   << "Go to Dashboards" << true;
        QTest::newRow("order") << "dog"
                               << "Go to Dashboards" << false;
        QTest::newRow("missing") << "xyz"
                                 << "Go to Dashboards" << false;
        QTest::newRow("longer") << "overviewer"
                                << "Overview" << false;
        QTest::newRow("case") << "GO"
                              << "go" << true;
        QTest::newRow("accents") << "uber" << QStringLiteral("Über") << true;
        QTest::newRow("spaces") << "go dash"
                                << "Go to Dashboards" << true;
    }

    void fits()
    {
        QFETCH(QString, typed);
        QFETCH(QString, text);
        QFETCH(bool, fits);
        QCOMPARE(matchWords(typed, text).has_value(), fits);
    }

    void beginningsOfWordsWin()
    {
        const auto page = matchWords(QStringLiteral("re"), QStringLiteral("Go to Requests"));
        const auto middle = matchWords(QStringLiteral("re"), QStringLiteral("Go to Explore"));
        QVERIFY(page->score > middle->score);
        QCOMPARE(page->places, (std::vector<int>{6, 7}));
        // Letters in a row are better than the same ones apart.
        QVERIFY(
            matchWords(QStringLiteral("light"), QStringLiteral("Theme: light"))->score
            > matchWords(QStringLiteral("light"), QStringLiteral("Live: go to home at")).value_or(WordMatch()).score);
    }

    void runsWhatIsChosenAndRemembersIt()
    {
        open();
        QVERIFY(m_palette->isVisible());
        QCOMPARE(rows(), (QStringList{QStringLiteral("Go to Overview"), QStringLiteral("Go to Requests"),
                                      QStringLiteral("Theme: light")}));
        QTest::keyClicks(typed(), QStringLiteral("req"));
        QCOMPARE(rows(), QStringList{QStringLiteral("Go to Requests")});
        QTest::keyClick(typed(), Qt::Key_Return);
        QCOMPARE(m_ran, QStringLiteral("requests"));
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_other->hasFocus());
        open();
        QCOMPARE(rows().first(), QStringLiteral("Go to Requests")); // used last
        QVERIFY(typed()->text().isEmpty());
    }

    void arrowsGoAround()
    {
        open();
        QTest::keyClick(typed(), Qt::Key_Up);
        QTest::keyClick(typed(), Qt::Key_Return);
        QCOMPARE(m_ran, QStringLiteral("light"));
        open();
        QTest::keyClick(typed(), Qt::Key_Down);
        QTest::keyClick(typed(), Qt::Key_Down);
        QTest::keyClick(typed(), Qt::Key_Down);
        QTest::keyClick(typed(), Qt::Key_Return);
        QCOMPARE(m_ran, QStringLiteral("light")); // once around
    }

    void escapeChangesNothing()
    {
        open();
        QTest::keyClicks(typed(), QStringLiteral("req"));
        QTest::keyClick(typed(), Qt::Key_Escape);
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_ran.isEmpty());
        QVERIFY(m_other->hasFocus());
    }

    void nothingFits()
    {
        open();
        QTest::keyClicks(typed(), QStringLiteral("qqq"));
        QCOMPARE(rows(), QStringList{QStringLiteral("Nothing fits “qqq”.")});
        QTest::keyClick(typed(), Qt::Key_Return);
        QTest::keyClick(typed(), Qt::Key_Down);
        QVERIFY(m_ran.isEmpty());
        QVERIFY(m_palette->isVisible());
    }

    void aClickElsewhereClosesIt()
    {
        open();
        m_other->setFocus();
        QTRY_VERIFY(!m_palette->isVisible());
        QVERIFY(m_other->hasFocus());
    }

    void theGroupHelpsToFind()
    {
        open();
        QTest::keyClicks(typed(), QStringLiteral("page over"));
        QCOMPARE(rows(), QStringList{QStringLiteral("Go to Overview")});
    }

    void staysInANarrowWindow()
    {
        open();
        m_window->resize(320, 400);
        QCoreApplication::processEvents();
        QVERIFY(m_window->rect().contains(m_palette->geometry()));
    }

private:
    void open()
    {
        const auto command = [this](const char* id, const QString& title, const QString& group) {
            return Command{QLatin1String(id), title, group, {}, [this, id] { m_ran = QLatin1String(id); }};
        };
        m_palette->open({command("overview", QStringLiteral("Go to Overview"), QStringLiteral("Page")),
                         command("requests", QStringLiteral("Go to Requests"), QStringLiteral("Page")),
                         command("light", QStringLiteral("Theme: light"), QStringLiteral("Appearance"))});
        QCoreApplication::processEvents();
    }
    QLineEdit* typed() const { return m_palette->findChild<QLineEdit*>(QStringLiteral("palette.typed")); }
    QStringList rows() const
    {
        const auto* list = m_palette->findChild<QListWidget*>(QStringLiteral("palette.list"));
        QStringList all;
        for (int i = 0; i < list->count(); ++i)
            all << list->item(i)->text();
        return all;
    }

    QTemporaryDir m_folder;
    Theme m_theme{ThemeMode::dark};
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<QSettings> m_settings;
    QLineEdit* m_other = nullptr;
    CommandPalette* m_palette = nullptr;
    QString m_ran;
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
