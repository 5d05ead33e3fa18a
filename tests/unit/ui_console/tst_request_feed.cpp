// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "models/request_table_model.h"
#include "pages/overview/request_feed.h"
#include "request_samples.h"
#include "shell/main_window.h"
#include "theme/color_math.h"

#include <QHelpEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <QToolTip>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr std::uint64_t kept = 200; ///< rows, of the feed

struct Bench : test::ConsoleFixture {
    explicit Bench(std::uint64_t count = kept)
    {
        publish(count);
        feed.resize(700, 300);
        feed.show();
        feed.poll();
    }
    void publish(std::uint64_t count)
    {
        for (; count > 0; --count) {
            ++last;
            log.publish(test::sampleRequest(last, WallTime(std::chrono::seconds(last))));
        }
    }
    /// As the page does each second.
    void come(std::uint64_t count)
    {
        publish(count);
        feed.poll();
    }
    QTableView& table() const { return *feed.findChild<QTableView*>(QStringLiteral("overview.requests.table")); }
    std::uint64_t at(int row) const
    {
        return table().model()->index(row, 0).data(RequestTableModel::recordRole).toULongLong();
    }
    std::uint64_t top() const { return at(table().rowAt(0)); }
    std::uint64_t selected() const
    {
        const auto rows = table().selectionModel()->selectedRows();
        return rows.isEmpty() ? 0 : at(rows.front().row());
    }
    QPoint placeOf(int row) const { return table().visualRect(table().model()->index(row, 0)).center(); }
    void clickRow(int row) const { QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, placeOf(row)); }

    std::uint64_t last = 0;
    ConsoleContext kept_context = context();
    RequestFeed feed{kept_context};
};

} // namespace

class TestRequestFeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void staysAtTheNewestAfterAClick_data()
    {
        QTest::addColumn<std::uint64_t>("each");
        QTest::newRow("one by one") << std::uint64_t{1};
        QTest::newRow("many at once") << std::uint64_t{70};
        QTest::newRow("more than are kept") << kept + 1;
    }
    void staysAtTheNewestAfterAClick()
    {
        QFETCH(std::uint64_t, each);
        Bench bench;
        bench.clickRow(2);
        const auto chosen = bench.selected();
        QCOMPARE(chosen, kept - 2);
        while (bench.last < 2 * kept + 3) {
            bench.come(each);
            QCOMPARE(bench.top(), bench.last);
            QCOMPARE(bench.selected(), chosen > bench.last - kept ? chosen : 0);
        }
        QVERIFY(!bench.table().currentIndex().isValid());
    }

    void staysAtTheNewestAfterDown()
    {
        Bench bench;
        bench.table().setFocus();
        QTest::keyClick(&bench.table(), Qt::Key_Down);
        QVERIFY(bench.selected() != 0);
        for (std::uint64_t i = 0; i < kept + 5; ++i)
            bench.come(1);
        QCOMPARE(bench.top(), bench.last);
        QCOMPARE(bench.selected(), std::uint64_t{0});
    }

    void whatWasScrolledToStays()
    {
        Bench bench;
        bench.table().verticalScrollBar()->setValue(20);
        const auto seen = bench.top();
        QCOMPARE(seen, kept - 20);
        bench.come(1);
        bench.come(30);
        QCOMPARE(bench.top(), seen);
        bench.table().verticalScrollBar()->setValue(0);
        bench.come(5);
        QCOMPARE(bench.top(), bench.last);
    }

    void saysWhatCameAbove()
    {
        Bench bench;
        auto* hint = bench.feed.findChild<QToolButton*>(QStringLiteral("overview.requests.missed"));
        const auto place = [&bench] { return QRect(bench.table().mapTo(&bench.feed, QPoint()), bench.table().size()); };
        auto* bar = bench.table().verticalScrollBar();
        bench.come(3);
        QCoreApplication::processEvents(); // it is as high as whole rows
        const auto before = place();
        QVERIFY(hint->isHidden()); // at the newest nothing is missed
        bar->setValue(20);
        QVERIFY(hint->isHidden()); // nothing came yet
        bench.come(1);
        bench.come(11);
        QVERIFY(hint->isVisible());
        QCOMPARE(hint->text(), QStringLiteral("12 new ↑"));
        QVERIFY(hint->accessibleName().contains(QStringLiteral("12 new requests")));
        QVERIFY(hint->focusPolicy() & Qt::TabFocus);
        QCoreApplication::processEvents();
        QCOMPARE(place(), before); // nothing moves
        bar->setValue(5);          // nearer, but not there
        QCOMPARE(hint->text(), QStringLiteral("12 new ↑"));

        QTest::mouseClick(hint, Qt::LeftButton);
        QCOMPARE(bench.top(), bench.last);
        QVERIFY(hint->isHidden());
        bench.come(4); // followed again
        QCOMPARE(bench.top(), bench.last);
        QVERIFY(hint->isHidden());

        bar->setValue(20);
        bench.come(2);
        QCOMPARE(hint->text(), QStringLiteral("2 new ↑"));
        bar->setValue(0); // the long way there is one, too
        QVERIFY(hint->isHidden());

        bar->setValue(20);
        bench.come(kept + 50);
        QCOMPARE(hint->text(), QStringLiteral("200+ new ↑"));
        QTest::keyClick(hint, Qt::Key_Space);
        QCOMPARE(bench.top(), bench.last);
        QVERIFY(hint->isHidden());
        QCOMPARE(bench.feed.focusWidget(), &bench.table());
    }

    void otherSourcesHaveNothingAbove()
    {
        Bench bench;
        const auto* hint = bench.feed.findChild<QToolButton*>(QStringLiteral("overview.requests.missed"));
        bench.table().verticalScrollBar()->setValue(20);
        bench.come(2);
        QVERIFY(hint->isVisible());
        bench.feed.setLocal(false);
        QVERIFY(hint->isHidden());
        bench.feed.setLocal(true);
        QVERIFY(hint->isVisible());
    }

    void aClickAndEnterOpen()
    {
        Bench bench(10);
        QSignalSpy opened(&bench.feed, &RequestFeed::requestChosen);
        bench.clickRow(1);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.front().front().toString(), QStringLiteral("req_9"));
        QTest::keyClick(&bench.table(), Qt::Key_Down);
        QCOMPARE(opened.size(), 1); // keys only go there
        QTest::keyClick(&bench.table(), Qt::Key_Return);
        QCOMPARE(opened.size(), 2);
        QCOMPARE(opened.back().front().toString(), QStringLiteral("req_8"));
        bench.table().clearSelection();
        bench.come(30);
        QTest::keyClick(&bench.table(), Qt::Key_Enter); // with nothing chosen the newest
        QCOMPARE(opened.back().front().toString(), QStringLiteral("req_40"));
        QCOMPARE(bench.table().viewport()->cursor().shape(), Qt::PointingHandCursor);
        QHelpEvent help(QEvent::ToolTip, bench.placeOf(0), bench.table().viewport()->mapToGlobal(bench.placeOf(0)));
        QApplication::sendEvent(bench.table().viewport(), &help);
        QVERIFY2(QToolTip::text().contains(QStringLiteral("Click")), qPrintable(QToolTip::text()));
    }

    void aClickLeadsToTheRequest()
    {
        test::ConsoleFixture fixture;
        for (std::uint64_t n = 1; n <= 20; ++n)
            fixture.log.publish(test::sampleRequest(n, WallTime(std::chrono::seconds(n))));
        MainWindow window(fixture.context());
        window.resize(1400, 900);
        window.show();
        auto* table = window.findChild<QTableView*>(QStringLiteral("overview.requests.table"));
        QTRY_COMPARE(table->model()->rowCount(), 20);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(3, 0)).center());
        QCOMPARE(window.currentPage(), QStringLiteral("requests"));
        auto* list = window.findChild<QTableView*>(QStringLiteral("requests.table"));
        const auto rows = list->selectionModel()->selectedRows();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.front().row(), 3);
        QVERIFY(window.findChild<QWidget*>(QStringLiteral("inspector"))->isVisible());
    }

    void theStatusKeepsItsColourWhereItIsSelected_data()
    {
        QTest::addColumn<ThemeMode>("mode");
        QTest::newRow("dark") << ThemeMode::dark;
        QTest::newRow("light") << ThemeMode::light;
    }
    void theStatusKeepsItsColourWhereItIsSelected()
    {
        QFETCH(ThemeMode, mode);
        Bench bench(4); // the fourth failed
        bench.theme.setMode(mode);
        bench.theme.applyTo(*qApp);
        const auto cell = bench.table().visualRect(bench.table().model()->index(0, RequestTableModel::status));
        // How red the reddest pixel is that stands out from the ground.
        const auto reddest = [&] {
            const auto image = bench.table().viewport()->grab(cell).toImage();
            int most = 0;
            for (int y = 2; y < image.height() - 2; ++y)
                for (int x = 2; x < image.width() - 2; ++x) {
                    const auto color = image.pixelColor(x, y);
                    most = std::max(most, color.red() - std::max(color.green(), color.blue()));
                }
            return most;
        };
        QVERIFY(reddest() > 60);
        bench.table().selectRow(0);
        QVERIFY2(reddest() > 30, qPrintable(QString::number(reddest())));
        const auto ground = bench.table().viewport()->grab(cell).toImage().pixelColor(1, 1);
        QCOMPARE(ground, bench.theme.tokens().selection);
    }
};

QTEST_MAIN(TestRequestFeed)
#include "tst_request_feed.moc"
