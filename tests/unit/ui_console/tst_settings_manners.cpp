// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/icon.h"
#include "settings_fixture.h"

#include <QComboBox>
#include <QTreeWidget>
#include <QWheelEvent>

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
};

QTEST_MAIN(TestSettingsManners)
#include "tst_settings_manners.moc"
