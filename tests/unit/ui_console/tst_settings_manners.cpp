// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/icon.h"
#include "settings_fixture.h"

#include <QComboBox>
#include <QTabBar>
#include <QTreeWidget>
#include <QWheelEvent>

#include <algorithm>
#include <cstdlib>

using namespace tokenscope;
using namespace tokenscope::ui;

/// How the parts of the Settings page look and take the mouse.
class TestSettingsManners : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWheelChangesNothing_data()
    {
        QTest::addColumn<QString>("section");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("a choice") << QStringLiteral("log") << QByteArray("settings.log.level");
        QTest::newRow("a secret") << QStringLiteral("providers") << QByteArray("settings.api_key");
        QTest::newRow("its scheme") << QStringLiteral("providers") << QByteArray("settings.api_key.scheme");
        QTest::newRow("the theme") << QStringLiteral("appearance") << QByteArray("settings.theme");
    }
    void aWheelChangesNothing()
    {
        QFETCH(const QString, section);
        QFETCH(const QByteArray, name);
        test::SettingsFixture bench;
        bench.open(section);
        auto* box = bench.find<QComboBox>(name.constData());
        const auto before = box->currentIndex();
        for (const int turn : {-120, 120}) {
            QWheelEvent wheel(QPointF(4, 4), box->mapToGlobal(QPointF(4, 4)), {}, {0, turn}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(box, &wheel);
            QCOMPARE(box->currentIndex(), before);
        }
        QVERIFY(!bench.page->hasUnsavedChanges());
    }

    void aChosenProviderKeepsTheColourOfItsState()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("providers"));
        const auto bad = bench.theme.tokens().bad;
        auto* list = bench.find<QTreeWidget>("settings.providers.list");
        auto* row = list->topLevelItem(0);
        row->setIcon(0, dotIcon(bad, 10));
        row->setForeground(3, bad);
        list->setCurrentItem(row);
        QVERIFY(row->isSelected());
        const auto image = list->viewport()->grab(list->visualItemRect(row)).toImage();
        int dot = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                dot += image.pixelColor(x, y) == bad ? 1 : 0;
        }
        QVERIFY2(dot > 8, qPrintable(QString::number(dot)));
    }

    /// One block: what the tabs show, what is searched and what is told do not begin or end elsewhere.
    void allStandsInTheMiddle()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("providers"));
        auto& page = *bench.page;
        const auto left = [&](const char* name) { return bench.find(name)->mapTo(&page, QPoint()).x(); };
        const auto right = [&](const char* name) { return left(name) + bench.find(name)->width(); };
        page.resize(2400, 1300);
        QTRY_VERIFY(left("settings.sections") > 600);
        const int from = left("settings.sections");
        const int to = right("settings.providers.list");
        QVERIFY2(std::abs(from - (page.width() - to)) <= 1, qPrintable(QString::number(to)));
        QCOMPARE(left("settings.tabs"), from);
        QCOMPARE(right("settings.search"), to);
        bench.type("settings.base_url", "http://box:1");
        QVERIFY(bench.find("settings.changes")->isVisible());
        QTRY_COMPARE(right("settings.changes"), to);
        QCOMPARE(left("settings.changes"), from);
        bench.find<QTabBar>("settings.tabs")->setCurrentIndex(1);
        QTRY_COMPARE(right("settings.yaml.text"), to);
        QCOMPARE(left("settings.yaml.text"), from);
        QCOMPARE(left("settings.tabs"), from);
        page.resize(960, 600);
        QTRY_COMPARE(left("settings.tabs"), bench.theme.tokens().space4);
        QTRY_COMPARE(right("settings.search"), page.width() - bench.theme.tokens().space4);
    }

    void aBuiltInProviderIsShownAndTested()
    {
        test::SettingsFixture bench;
        bench.store.disk.clear();
        bench.store.exists = false;
        bench.store.config.providers = {
            {.name = "ollama", .kind = config::ProviderKind::ollama, .base_url = "http://127.0.0.1:11434"},
            {.name = "demo", .kind = config::ProviderKind::demo}};
        bench.open(QStringLiteral("providers"));
        auto* list = bench.find<QTreeWidget>("settings.providers.list");
        const auto status = [list](int row) { return list->topLevelItem(row)->text(3); };
        const auto says = [&bench](const char* fact) {
            const auto labels = bench.find("settings.provider.facts")->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(),
                               [fact](const QLabel* label) { return label->text().contains(QLatin1StringView(fact)); });
        };
        // A grey dot says of itself what it means.
        QCOMPARE(status(0), QStringLiteral("not tested"));
        QCOMPARE(list->topLevelItem(0)->toolTip(0), QStringLiteral("ollama: not tested"));
        QVERIFY(list->topLevelItem(0)->data(0, Qt::AccessibleTextRole).toString().contains(status(0)));
        QCOMPARE(status(1), QStringLiteral("ready"));
        QCOMPARE(bench.text("settings.provider.title"), QStringLiteral("ollama"));
        QVERIFY(bench.find("settings.provider.facts")->isVisible());
        QVERIFY(says("http://127.0.0.1:11434") && says("OLLAMA_HOST"));
        QVERIFY(!bench.find("settings.name")->isVisible());
        list->setCurrentItem(list->topLevelItem(1));
        QCOMPARE(bench.text("settings.provider.title"), QStringLiteral("demo"));
        QVERIFY(says("in this process") && !says("OLLAMA_HOST"));
        bench.click("settings.provider.test");
        QCOMPARE(bench.store.testedName, "demo");
        bench.store.pendingTest(std::vector<std::string>{"tiny", "small"});
        QTRY_COMPARE(status(1), QStringLiteral("2 models"));
        QVERIFY(bench.text("settings.provider.outcome.message").contains(QLatin1StringView("tiny, small")));
        QCOMPARE(status(0), QStringLiteral("not tested"));
        bench.type("settings.search", "seed");
        QVERIFY(!bench.find("settings.provider.facts")->isVisible());
        bench.clear("settings.search");
        QVERIFY(bench.find("settings.provider.facts")->isVisible());
        // In the file it is the same one.
        bench.click("settings.providers.write");
        QCOMPARE(status(1), QStringLiteral("2 models"));
        QVERIFY(!bench.find("settings.provider.facts")->isVisible());
        QCOMPARE(bench.find<QLineEdit>("settings.name")->text(), QStringLiteral("demo"));
    }
};

QTEST_MAIN(TestSettingsManners)
#include "tst_settings_manners.moc"
