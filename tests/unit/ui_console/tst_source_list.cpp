// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include <QSignalSpy>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

class TestSourceList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thisProcessIsFirstAndShown()
    {
        test::SourceFixture fixture;
        QCOMPARE(fixture.sources.entries().size(), std::size_t{1});
        QVERIFY(fixture.sources.current().local());
        QCOMPARE(fixture.sources.current().source.get(), &fixture.local);
        fixture.sources.setCurrent(QStringLiteral("nowhere"));
        QVERIFY(fixture.sources.current().local());
    }

    void whatIsSavedIsThereAfterARestart()
    {
        test::SourceFixture fixture;
        const auto first = fixture.add("first");
        const auto second = fixture.add("second");
        QVERIFY(!first.isEmpty() && first != second);
        const SourceList again(fixture.local, fixture.factory(), fixture.file());
        QCOMPARE(again.entries().size(), std::size_t{3});
        QCOMPARE(again.entries()[1].id, first);
        QCOMPARE(again.entries()[2].id, second);
        QCOMPARE(again.entries()[2].source->name(), std::string("second"));
    }

    void savingTheOneShownMakesItAnew()
    {
        test::SourceFixture fixture;
        const auto id = fixture.add("prod");
        fixture.sources.setCurrent(id);
        const std::weak_ptr before = fixture.remote["prod"];
        QSignalSpy switched(&fixture.sources, &SourceList::currentChanged);
        auto connection = fixture.sources.connections()[0];
        connection.name = "production";
        QVERIFY(fixture.sources.save(connection));
        QCOMPARE(switched.size(), 1);
        QCOMPARE(fixture.sources.current().id, id);
        QCOMPARE(fixture.sources.current().source->name(), std::string("production"));
        fixture.remote.erase("prod");
        QVERIFY(!before.expired()); // whoever is in the midst of asking it still can
        QTRY_VERIFY(before.expired());
    }

    void savingAnotherDoesNotDisturb()
    {
        test::SourceFixture fixture;
        const auto shown = fixture.add("shown");
        fixture.add("other");
        fixture.sources.setCurrent(shown);
        QSignalSpy switched(&fixture.sources, &SourceList::currentChanged);
        auto other = fixture.sources.connections()[1];
        other.url = "http://127.0.0.1:10";
        QVERIFY(fixture.sources.save(other));
        QVERIFY(switched.isEmpty());
    }

    void removingTheOneShownLeavesThisProcess()
    {
        test::SourceFixture fixture;
        const auto id = fixture.add("prod");
        fixture.sources.setCurrent(id);
        QSignalSpy switched(&fixture.sources, &SourceList::currentChanged);
        QVERIFY(fixture.sources.remove(id));
        QCOMPARE(switched.size(), 1);
        QVERIFY(fixture.sources.current().local());
        QVERIFY(fixture.sources.remove(id)); // again: nothing to do
        QVERIFY(SourceList(fixture.local, fixture.factory(), fixture.file()).connections().empty());
    }

    void whatWasRemovedComesBackToItsPlace()
    {
        test::SourceFixture fixture;
        fixture.add("a");
        const auto id = fixture.add("b");
        fixture.add("c");
        const auto connection = fixture.sources.connections()[1];
        QVERIFY(fixture.sources.remove(id));
        QCOMPARE(fixture.sources.save(connection, 1).value_or(QString()), id);
        QCOMPARE(fixture.sources.entries()[2].id, id);
        QCOMPARE(fixture.sources.connections()[1].name, std::string("b"));
    }

    void namesAreTakenOnce_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("param");
        QTest::newRow("taken") << QStringLiteral("prod") << QStringLiteral("name");
        QTest::newRow("this process") << QStringLiteral("Local gateway") << QStringLiteral("name");
        QTest::newRow("empty") << QString() << QStringLiteral("name");
        QTest::newRow("free") << QStringLiteral("staging") << QString();
    }
    void namesAreTakenOnce()
    {
        QFETCH(QString, name);
        QFETCH(QString, param);
        test::SourceFixture fixture;
        fixture.add("prod");
        const auto saved = fixture.sources.save(test::SourceFixture::connection(name.toStdString()));
        QCOMPARE(saved.has_value(), param.isEmpty());
        if (!saved)
            QCOMPARE(QString::fromStdString(saved.error().param), param);
        QCOMPARE(fixture.sources.entries().size(), std::size_t(saved ? 3 : 2));
    }

    void anUnreadableFileIsNeverOverwritten()
    {
        test::SourceFixture fixture;
        const auto path = QString::fromStdString(fixture.file().string());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{ broken");
        file.close();
        SourceList list(fixture.local, fixture.factory(), fixture.file());
        QVERIFY(list.problem().contains(QStringLiteral("sources.json")));
        QVERIFY(!list.save(test::SourceFixture::connection("prod")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("{ broken"));
        QCOMPARE(list.entries().size(), std::size_t{1});
    }

    void aPlaceThatCannotBeWrittenLeavesEverythingAsItWas()
    {
        test::SourceFixture fixture;
        SourceList list(fixture.local, fixture.factory(), "/proc/nowhere/sources.json");
        QSignalSpy changed(&list, &SourceList::entriesChanged);
        QVERIFY(!list.save(test::SourceFixture::connection("prod")));
        QVERIFY(changed.isEmpty());
        QVERIFY(list.connections().empty());
    }

    void eachSourceIsAskedAtItsPace()
    {
        test::SourceFixture fixture;
        auto connection = test::SourceFixture::connection("far");
        connection.timeout = std::chrono::seconds(60);
        QVERIFY(fixture.sources.save(connection));
        auto page = test::SourceFixture::connection("page");
        page.kind = sources::ConnectionKind::page;
        page.interval = std::chrono::seconds(15);
        QVERIFY(fixture.sources.save(page));
        const auto& entries = fixture.sources.entries();
        QCOMPARE(entries[0].pace.count(), 1000);
        QCOMPARE(entries[1].pace.count(), 5000);
        QVERIFY(entries[1].patience > connection.timeout); // else its answers would be given up before they come
        QCOMPARE(entries[2].pace.count(), 15'000);
    }
};

QTEST_GUILESS_MAIN(TestSourceList)
#include "tst_source_list.moc"
