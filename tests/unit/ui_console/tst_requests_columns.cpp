// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "requests_bench.h"

#include <QScrollBar>
#include <QSplitter>
#include <QStandardItemModel>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr int wide = 2400; ///< px, for everything

struct Bench : test::RequestsBench {
    using RequestsBench::RequestsBench;

    /// Of the list, beside the inspector.
    void divide(int width) const
    {
        auto* splitter = find<QSplitter>("requests.splitter");
        QCoreApplication::processEvents(); // the inspector is there by now
        splitter->setSizes({width, splitter->width() - width});
        QCoreApplication::processEvents();
    }
    void openWide()
    {
        open();
        window->resize(wide, 700);
        QTRY_VERIFY(list().width() > wide - 100);
    }
    bool shows(int column) const { return !list().isColumnHidden(column); }
    int overhang() const { return list().horizontalHeader()->length() - list().viewport()->width(); }
    void trigger(const QString& text) const
    {
        QMenu menu;
        list().fillColumnMenu(menu);
        for (auto* action : menu.actions())
            if (action->text() == text)
                return action->trigger();
        qFatal("no %s", qPrintable(text));
    }
    void choose(int column) const { trigger(list().model()->headerData(column, Qt::Horizontal).toString()); }
    void publishWithoutCost(std::uint64_t count)
    {
        for (; count > 0; --count) {
            auto record = test::sampleRequest(++last, clock.wall());
            record.cost.reset();
            log.publish(record);
        }
    }
};

} // namespace

/// Which columns the list of requests has in which width.
class TestRequestsColumns : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asManyAsFitTheMostImportantFirst()
    {
        using enum RequestListModel::Column;
        Bench bench;
        bench.openWide();
        auto& list = bench.list();
        QTRY_COMPARE(list.visibleColumns().size(), qsizetype{columnCount_});
        QCOMPARE(bench.overhang(), 0);
        QList<int> natural;
        for (int column = 0; column < columnCount_; ++column)
            natural << list.columnWidth(column);
        bench.clickRow(0);
        qsizetype before = 0;
        for (int width = 420; width <= 1700; width += 40) {
            bench.divide(width);
            QTRY_COMPARE(bench.overhang(), 0); // never a scroll bar, never an empty edge
            QTRY_COMPARE(list.horizontalScrollBar()->maximum(), 0);
            QVERIFY(!list.horizontalScrollBar()->isVisible());
            bool all = true;
            for (const int column :
                 {time, model, status, ttft, total, tokensOut, speed, tokensIn, provider, cost, route, trace}) {
                QVERIFY2(all || !bench.shows(column), qPrintable(QString::number(width)));
                all = all && bench.shows(column);
            }
            const auto shown = list.visibleColumns();
            QVERIFY(shown.size() >= before);
            before = shown.size();
            for (const int column : shown) // what is left is no number's
                if (column != model && column != shown.back())
                    QCOMPARE(list.columnWidth(column), natural[column]);
            if (isNumber(RequestListModel::cellOf(shown.back())))
                QCOMPARE(list.columnWidth(shown.back()), natural[shown.back()]);
        }
        QCOMPARE(before, qsizetype{columnCount_});
    }

    void oneWithoutAnyValueComesLast()
    {
        using enum RequestListModel::Column;
        Bench bench(0);
        bench.publishWithoutCost(50);
        bench.openWide();
        bench.clickRow(0);
        bench.divide(420);
        for (int width = 420; !bench.shows(trace) && width < 1700; width += 10) {
            bench.divide(width);
            QVERIFY(!bench.shows(cost));
        }
        QVERIFY(bench.shows(trace) && !bench.shows(cost));
        // Since others have the room when one has come, it is seen at once.
        bench.publish(5);
        QTRY_VERIFY(bench.shows(cost));
        QVERIFY(!bench.shows(trace));
        QCOMPARE(bench.overhang(), 0);
    }

    void whatItIsSortedByIsSeen()
    {
        using enum RequestListModel::Column;
        Bench bench;
        bench.openWide();
        bench.clickRow(0);
        bench.divide(520);
        QVERIFY(!bench.shows(tokensIn));
        bench.list().sortBy(tokensIn, Qt::DescendingOrder);
        QVERIFY(bench.shows(tokensIn));
        QCOMPARE(bench.overhang(), 0);
        bench.list().setFollowing(true);
        QVERIFY(!bench.shows(tokensIn));
    }

    void thoseChosenByHandStay()
    {
        using enum RequestListModel::Column;
        Bench bench;
        bench.openWide();
        bench.clickRow(0);
        bench.divide(520);
        QVERIFY(!bench.shows(trace));
        bench.choose(trace);
        QVERIFY(bench.shows(trace));
        const auto chosen = bench.list().visibleColumns();
        for (const int width : {420, 1700, 420}) {
            bench.divide(width);
            QCOMPARE(bench.list().visibleColumns(), chosen);
        }
        QVERIFY(bench.overhang() > 0);
        QTRY_VERIFY(bench.list().horizontalScrollBar()->maximum() > 0);
        bench.window.reset();
        bench.openWide();
        QCOMPARE(bench.list().visibleColumns(), chosen);
        bench.trigger(QStringLiteral("Fit to width"));
        QTRY_COMPARE(bench.list().visibleColumns().size(), qsizetype{columnCount_});
        bench.clickRow(0);
        bench.divide(520);
        QCOMPARE(bench.overhang(), 0);
        bench.window.reset();
        bench.openWide();
        QTRY_COMPARE(bench.list().visibleColumns().size(), qsizetype{columnCount_});
        QCOMPARE(bench.overhang(), 0);
    }

    void widthsByHandAreKeptWhereTheColumnIsNotSeen()
    {
        using enum RequestListModel::Column;
        Bench bench;
        bench.openWide();
        QTRY_VERIFY(bench.shows(route));
        bench.list().setColumnWidth(route, 222);
        bench.clickRow(0);
        bench.divide(520);
        QTRY_VERIFY(!bench.shows(route));
        bench.window.reset();
        bench.openWide();
        QTRY_VERIFY(bench.shows(route));
        QCOMPARE(bench.list().columnWidth(route), 222);
    }

    void keysGoOnFromAColumnThatIsHidden()
    {
        using enum RequestListModel::Column;
        Bench bench;
        bench.openWide();
        bench.clickRow(0);
        bench.divide(1700);
        QTRY_VERIFY(bench.shows(trace));
        bench.list().setCurrentIndex(bench.list().model()->index(3, trace));
        bench.divide(420);
        QVERIFY(!bench.shows(trace));
        const auto looked = bench.selected();
        bench.key(bench.list(), Qt::Key_Down);
        QCOMPARE(bench.selected(), looked - 1);
    }

    void takesOverWhatAnEarlierVersionKept_data()
    {
        QTest::addColumn<bool>("hidden");
        QTest::addRow("nothing was hidden") << false;
        QTest::addRow("one was hidden") << true;
    }

    void takesOverWhatAnEarlierVersionKept()
    {
        using enum RequestListModel::Column;
        QFETCH(const bool, hidden);
        Bench bench;
        QStandardItemModel columns(0, columnCount_);
        QHeaderView header(Qt::Horizontal);
        header.setModel(&columns);
        header.setStretchLastSection(true);
        header.resizeSection(total, 133);
        header.setSectionHidden(cost, hidden);
        bench.settings.setValue(QStringLiteral("requests/header"), header.saveState());
        bench.openWide();
        QCOMPARE(bench.shows(cost), !hidden);
        QCOMPARE(bench.list().columnWidth(total), 133);
        if (!hidden)
            QCOMPARE(bench.overhang(), 0);
        bench.clickRow(0);
        bench.divide(520);
        QCOMPARE(bench.shows(trace), hidden); // as chosen by hand
    }
};

QTEST_MAIN(TestRequestsColumns)
#include "tst_requests_columns.moc"
