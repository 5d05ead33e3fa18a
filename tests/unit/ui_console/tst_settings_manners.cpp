// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/icon.h"
#include "pages/settings/fact_list.h"
#include "settings_fixture.h"
#include "theme/color_math.h"

#include <QAccessible>
#include <QComboBox>
#include <QTabBar>
#include <QTreeWidget>
#include <QWheelEvent>

#include <algorithm>
#include <cstdlib>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

/// What has exactly that colour at the start of a row, where its dot is.
QRect inkOf(const QTreeWidget& list, const QTreeWidgetItem& row, const QColor& color)
{
    constexpr int dotPlace = 24;
    auto place = list.visualItemRect(&row);
    place.setWidth(dotPlace);
    const auto image = list.viewport()->grab(place).toImage();
    QRect ink;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y) == color)
                ink |= QRect(x, y, 1, 1);
        }
    }
    return ink;
}

} // namespace

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
        const auto dot = inkOf(*list, *row, bad);
        QVERIFY2(dot.width() > 4, qPrintable(QString::number(dot.width())));
    }

    /// The dot of what is not tested can be seen where it is chosen, too, and is as large as the top bar's.
    void aDotIsSmallAndSeen()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("providers"));
        const auto& tokens = bench.theme.tokens();
        auto* list = bench.find<QTreeWidget>("settings.providers.list");
        auto* row = list->topLevelItem(0);
        QVERIFY(row->isSelected());
        QVERIFY(contrastRatio(tokens.secondary, tokens.selection) >= 3.0);
        const auto dot = inkOf(*list, *row, tokens.secondary);
        QVERIFY2(dot.width() > 4 && dot.width() <= 8, qPrintable(QString::number(dot.width())));
        QVERIFY2(dot.height() > 4 && dot.height() <= 8, qPrintable(QString::number(dot.height())));
    }

    /// The menu's arrow is as far from the edge as the text is from the other one.
    void aMenuButtonIsEven()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("providers"));
        auto* add = bench.find<QPushButton>("settings.providers.add");
        const auto image = add->grab().toImage();
        const auto ground = image.pixelColor(6, 6);
        int from = image.width();
        int to = 0;
        for (int x = 4; x < image.width() - 4; ++x) {
            for (int y = 4; y < image.height() - 4; ++y) {
                if (contrastRatio(image.pixelColor(x, y), ground) > 1.5) {
                    from = std::min(from, x);
                    to = std::max(to, x);
                }
            }
        }
        const int after = image.width() - 1 - to;
        QVERIFY2(from <= to && std::abs(from - after) <= 3, qPrintable(QStringLiteral("%1, %2").arg(from).arg(after)));
    }

    /// What is told of a provider begins where the list of them does, be it built in or in the file.
    void aProviderHasOneLeftEdge()
    {
        test::SettingsFixture bench;
        bench.store.disk.clear();
        bench.store.config.providers = {{.name = "demo", .kind = config::ProviderKind::demo}};
        bench.open(QStringLiteral("providers"));
        const auto left = [&](const QString& name) {
            auto* widget = bench.find(name);
            return widget->mapTo(bench.page.get(), widget->contentsRect().topLeft()).x();
        };
        const int edge = left(QStringLiteral("settings.providers.note"));
        QCOMPARE(left(QStringLiteral("settings.providers.add")), edge);
        for (const auto* part : {"title", "test", "facts"})
            QCOMPARE(left(QStringLiteral("settings.provider.") + QLatin1StringView(part)), edge);
        bench.click("settings.providers.write");
        auto* editor = bench.find("settings.name");
        QTRY_VERIFY(editor->isVisible());
        const auto labels = bench.page->findChildren<QLabel*>();
        const auto label =
            std::find_if(labels.begin(), labels.end(), [editor](const QLabel* one) { return one->buddy() == editor; });
        QVERIFY(label != labels.end());
        QTRY_COMPARE((*label)->mapTo(bench.page.get(), QPoint()).x(), edge);
        QCOMPARE(left(QStringLiteral("settings.provider.title")), edge);
    }

    /// The name of a fact stands on the first line of what is so.
    void factsStandOnOneLine()
    {
        test::ConsoleFixture fixture;
        FactList facts(fixture.theme);
        facts.setFacts({{QStringLiteral("Kind"), QStringLiteral("ollama")},
                        {QStringLiteral("Comes from"), QStringLiteral("of two lines ").repeated(8)}});
        facts.resize(500, 120);
        facts.show();
        QVERIFY(QTest::qWaitForWindowExposed(&facts));
        const auto labels = facts.findChildren<QLabel*>(Qt::FindDirectChildrenOnly);
        QCOMPARE(labels.size(), 4);
        const auto baseline = [](const QLabel& label) {
            return label.alignment().testFlag(Qt::AlignTop)
                       ? label.y() + label.contentsRect().y() + label.fontMetrics().ascent()
                       : -1;
        };
        QVERIFY(labels[3]->height() > labels[1]->height());
        // Who hears it hears the value, and what it is of.
        const auto* heard = QAccessible::queryAccessibleInterface(labels[1]);
        QCOMPARE(heard->text(QAccessible::Name), QStringLiteral("ollama"));
        QCOMPARE(heard->text(QAccessible::Description), QStringLiteral("Kind"));
        for (int row = 0; row < 2; ++row) {
            const auto& name = *labels[2 * row];
            QVERIFY(baseline(name) > 0);
            QCOMPARE(baseline(name), baseline(*labels[2 * row + 1]));
            QCOMPARE(name.property("role").toString(), QStringLiteral("secondary"));
        }
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
        const auto* write = bench.find<QPushButton>("settings.providers.write");
        QCOMPARE(write->text(), QStringLiteral("Write these to config.yaml"));
        QVERIFY(says("Write these to config.yaml"));
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
