// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard_bench.h"
#include "dashboards/dashboard_json.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/drop_mark.h"
#include "pages/dashboards/drop_target.h"
#include "pages/dashboards/panel_dialog.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/row_grip.h"
#include "pages/dashboards/value_picker.h"
#include "pages/dashboards/variables_dialog.h"

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;
using test::order;

namespace {

const std::string json = R"json({
  "version": 1, "title": "Bench", "needs": ["m"],
  "rows": [
    {"title": "First", "panels": [
      {"id": "a", "title": "A", "width": 6, "queries": [{"query": {"metric": "m"}}]},
      {"id": "b", "title": "B", "width": 6, "queries": [{"query": {"metric": "m", "by": "model"}}]}]},
    {"title": "Second", "panels": [
      {"id": "c", "title": "C", "kind": "bar", "width": 4, "queries": [{"query": {"metric": "m"}}]}]}
  ]})json";

struct Bench : test::DashboardBench {
    explicit Bench(const std::string& text = json) : DashboardBench(text) {}
    void edit(QSize size = {1440, 900})
    {
        open(size);
        QTest::keyClick(&page(), Qt::Key_E);
        QTRY_VERIFY(find<QWidget>(*window, "dashboard.edit.title")->isVisible());
    }
    void click(const char* name) const { QTest::mouseClick(find<QAbstractButton>(*window, name), Qt::LeftButton); }
    QString now() const { return order(view().dashboard()); }
    PanelDialog* dialog() const { return window->findChild<PanelDialog*>(); }
    QString notice() const { return find<NoticeBar>(*window, "dashboards.notice")->text(); }
};

} // namespace

class TestDashboardEditing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theKeysMoveAndResize()
    {
        Bench bench;
        bench.edit();
        QTRY_VERIFY(bench.handle("a")->hasFocus()); // the first
        QTest::keyClick(bench.handle("a"), Qt::Key_Right);
        QCOMPARE(bench.now(), QStringLiteral("b a|c"));
        QTRY_VERIFY(bench.handle("a")->hasFocus()); // it goes with the panel
        QTest::keyClick(bench.handle("a"), Qt::Key_Down);
        QCOMPARE(bench.now(), QStringLiteral("b|c a"));
        QTest::keyClick(bench.handle("a"), Qt::Key_Left);
        QTest::keyClick(bench.handle("a"), Qt::Key_Left);
        QCOMPARE(bench.now(), QStringLiteral("b a|c"));
        QTest::keyClick(bench.handle("a"), Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(bench.handle("a"), Qt::Key_Down, Qt::ShiftModifier);
        const auto& panel = bench.view().dashboard().rows[0].panels[1];
        QCOMPARE(panel.width, std::size_t{5});
        QCOMPARE(panel.height, std::size_t{2});
        QTRY_VERIFY(find<PanelView>(*bench.window, "panel.a")->height() > 400);
        QCOMPARE(order(bench.saved()), QStringLiteral("a b|c")); // not before it is saved
        QTest::keyClick(&bench.page(), Qt::Key_S, Qt::ControlModifier);
        QCOMPARE(order(bench.saved()), QStringLiteral("b a|c"));
        QCOMPARE(bench.saved().rows[0].panels[1].width, std::size_t{5});
        QVERIFY(find<QWidget>(*bench.window, "dashboard.startEditing")->isVisible());
        QVERIFY(!bench.window->findChild<PanelHandle*>() || !bench.handle("a")->isVisible());
    }

    void theMouseMovesAndResizes()
    {
        Bench bench;
        bench.edit();
        auto* a = bench.handle("a");
        QTRY_VERIFY(a->width() > 200 && bench.handle("c")->width() > 100);
        auto* mark = find<DropMark>(*bench.window, "dashboard.dropMark");
        const auto inA = [a](const QWidget* other, QPoint at) { return a->mapFromGlobal(other->mapToGlobal(at)); };
        const auto* c = bench.handle("c");
        const QPoint behindC = inA(c, {c->width() - 20, c->height() / 2});
        QTest::mousePress(a, Qt::LeftButton, {}, {60, 80});
        QTest::mouseMove(a, behindC - QPoint(4, 0));
        QTest::mouseMove(a, behindC);
        QVERIFY(mark->isVisible());
        QVERIFY(mark->width() <= 4);
        QTest::mouseRelease(a, Qt::LeftButton, {}, behindC);
        QCOMPARE(bench.now(), QStringLiteral("b|c a"));

        auto* b = bench.handle("b");
        QTRY_VERIFY(b->isVisible());
        const QPoint corner(b->width() - 5, b->height() - 5);
        const int column = bench.view().width() / 12;
        QTest::mousePress(b, Qt::LeftButton, {}, corner);
        QTest::mouseMove(b, corner + QPoint(column, 100));
        QTest::mouseMove(b, corner + QPoint(2 * column, 210));
        mark = find<DropMark>(*bench.window, "dashboard.dropMark");
        QCOMPARE(mark->text(), QStringLiteral("8 × 2"));
        QTest::mouseRelease(b, Qt::LeftButton, {}, corner + QPoint(2 * column, 210));
        QCOMPARE(bench.view().dashboard().rows[0].panels[0].width, std::size_t{8});
        QCOMPARE(bench.view().dashboard().rows[0].panels[0].height, std::size_t{2});
    }

    void escapeStopsADrag()
    {
        Bench bench;
        bench.edit();
        auto* a = bench.handle("a");
        QTRY_VERIFY(a->width() > 200);
        QTest::mousePress(a, Qt::LeftButton, {}, {60, 80});
        QTest::mouseMove(a, QPoint(60, 300));
        QTest::keyClick(a, Qt::Key_Escape);
        QVERIFY(!find<DropMark>(*bench.window, "dashboard.dropMark")->isVisible());
        QTest::mouseRelease(a, Qt::LeftButton, {}, {60, 300});
        QCOMPARE(bench.now(), QStringLiteral("a b|c"));
        QVERIFY(find<QWidget>(*bench.window, "dashboard.edit.title")->isVisible()); // the editing goes on
    }

    void theKeysMoveARow()
    {
        Bench bench;
        bench.edit();
        bench.click("dashboard.edit.row");
        const auto key = [&](int row, Qt::Key pressed) {
            QTest::keyClick(find<RowGrip>(*bench.window, QStringLiteral("row.%1.grip").arg(row)), pressed);
        };
        const auto held = [&](int row) {
            return find<RowGrip>(*bench.window, QStringLiteral("row.%1.grip").arg(row))->hasFocus();
        };
        find<RowGrip>(*bench.window, "row.0.grip")->setFocus();
        key(0, Qt::Key_Up); // the first already
        QCOMPARE(bench.now(), QStringLiteral("a b|c|"));
        key(0, Qt::Key_Down);
        QCOMPARE(bench.now(), QStringLiteral("c|a b|"));
        QCOMPARE(bench.view().dashboard().rows[1].title, std::string("First"));
        QTRY_VERIFY(held(1)); // it goes with the row
        key(1, Qt::Key_Down);
        QCOMPARE(bench.now(), QStringLiteral("c||a b"));
        QTRY_VERIFY(held(2));
        key(2, Qt::Key_Down); // the last already
        QTest::keyClick(&bench.page(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.now(), QStringLiteral("c|a b|"));
        QTRY_VERIFY(held(1));
        find<RowGrip>(*bench.window, "row.2.grip")->setFocus(); // the empty one
        key(2, Qt::Key_Up);
        QCOMPARE(bench.now(), QStringLiteral("c||a b"));
        QTRY_VERIFY(held(1));
        QTest::keyClick(&bench.page(), Qt::Key_S, Qt::ControlModifier);
        QCOMPARE(order(bench.saved()), QStringLiteral("c||a b"));
    }

    void theMouseMovesARow()
    {
        Bench bench;
        bench.edit();
        auto* grip = find<RowGrip>(*bench.window, "row.1.grip");
        auto* first = find<RowGrip>(*bench.window, "row.0.grip");
        QTRY_VERIFY(grip->isVisible() && bench.handle("a")->width() > 200);
        auto* mark = find<DropMark>(*bench.window, "dashboard.dropMark");
        const QPoint above = grip->mapFromGlobal(first->mapToGlobal(QPoint(10, 4)));
        const auto drag = [&] {
            QTest::mousePress(grip, Qt::LeftButton, {}, {10, 10});
            QTest::mouseMove(grip, above + QPoint(0, 6));
            QTest::mouseMove(grip, above);
        };
        drag();
        QVERIFY(mark->isVisible());
        QVERIFY(mark->height() <= 4 && mark->width() > 1000);
        QTest::keyClick(grip, Qt::Key_Escape);
        QVERIFY(!mark->isVisible());
        QTest::mouseRelease(grip, Qt::LeftButton, {}, above);
        QCOMPARE(bench.now(), QStringLiteral("a b|c"));
        drag();
        QTest::mouseRelease(grip, Qt::LeftButton, {}, above);
        QCOMPARE(bench.now(), QStringLiteral("c|a b"));
        bench.click("dashboard.edit.undo");
        QCOMPARE(bench.now(), QStringLiteral("a b|c"));
    }

    void aTilesButtonsLeaveItsTitleFree()
    {
        Bench bench(R"json({"version": 1, "title": "Tiles", "rows": [{"panels": [
            {"id": "tile", "title": "Time to first token", "kind": "stat", "width": 2,
             "queries": [{"query": {"metric": "m"}}]}]}]})json");
        bench.edit({1024, 640});
        QTRY_VERIFY(bench.handle("tile")->width() > 100);
        const auto* handle = bench.handle("tile");
        const auto* tile = find<QWidget>(*bench.window, "panel.tile.content");
        const auto labels = tile->findChildren<QLabel*>();
        QVERIFY(labels.size() >= 2); // the title and the number
        for (const auto* button : handle->findChildren<QToolButton*>()) {
            const QRect place(button->mapTo(handle, QPoint()), button->size());
            QVERIFY(button->isVisible() && handle->rect().contains(place));
            for (const auto* label : labels)
                QVERIFY2(!place.intersects({label->mapTo(tile, QPoint()), label->size()}), qPrintable(label->text()));
        }
    }

    void duplicatedRemovedAndUndone()
    {
        Bench bench;
        bench.edit();
        bench.click("panel.a.handle.duplicate");
        QCOMPARE(bench.now(), QStringLiteral("a a-2 b|c"));
        bench.click("panel.c.handle.remove");
        QCOMPARE(bench.now(), QStringLiteral("a a-2 b|"));
        bench.click("row.1.remove"); // which has no panels now
        QCOMPARE(bench.now(), QStringLiteral("a a-2 b"));
        bench.handle("b")->setFocus();
        QTest::keyClick(bench.handle("b"), Qt::Key_Delete);
        QCOMPARE(bench.now(), QStringLiteral("a a-2"));
        QTRY_VERIFY(bench.handle("a-2")->hasFocus()); // the next one that there is
        for (const auto* before : {"a a-2 b", "a a-2 b|", "a a-2 b|c"}) {
            QTest::keyClick(&bench.page(), Qt::Key_Z, Qt::ControlModifier);
            QCOMPARE(bench.now(), QLatin1StringView(before));
        }
        bench.click("dashboard.edit.undo");
        QCOMPARE(bench.now(), QStringLiteral("a b|c"));
        QVERIFY(!find<QToolButton>(*bench.window, "dashboard.edit.undo")->isEnabled());
        QVERIFY(!find<QPushButton>(*bench.window, "dashboard.edit.save")->isEnabled());
        bench.click("dashboard.edit.redo");
        QCOMPARE(bench.now(), QStringLiteral("a a-2 b|c"));
    }

    void whatIsTheSameIsNotAskedAnew()
    {
        Bench bench;
        bench.edit();
        const auto* before = find<PanelView>(*bench.window, "panel.a");
        QTest::keyClick(bench.handle("a"), Qt::Key_Right);
        QTest::keyClick(bench.handle("a"), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(find<PanelView>(*bench.window, "panel.a"), before); // the same widget, with what it shows
        QTRY_VERIFY(before->isVisible());
    }

    void titlesAndRows()
    {
        Bench bench;
        bench.edit();
        auto* title = find<QLineEdit>(*bench.window, "dashboard.edit.title");
        title->setFocus();
        title->selectAll();
        QTest::keyClicks(title, QStringLiteral("Renamed"));
        bench.click("dashboard.edit.row");
        QCOMPARE(bench.view().dashboard().title, std::string("Renamed"));
        QCOMPARE(bench.now(), QStringLiteral("a b|c|"));
        auto* row = find<QLineEdit>(*bench.window, "row.0.title");
        row->setText(QStringLiteral("Latency"));
        QTest::keyClick(row, Qt::Key_Return);
        QCOMPARE(bench.view().dashboard().rows[0].title, std::string("Latency"));
        title->setText(QStringLiteral("  "));
        QTest::keyClick(title, Qt::Key_Return);
        QCOMPARE(title->text(), QStringLiteral("Renamed")); // it needs one
        bench.click("dashboard.edit.save");
        QCOMPARE(bench.saved().title, std::string("Renamed"));
        QCOMPARE(find<QLabel>(*bench.window, "dashboard.title")->text(), QStringLiteral("Renamed"));
    }

    void aPanelIsAddedAndChanged()
    {
        Bench bench;
        bench.edit();
        bench.click("row.0.add");
        auto* dialog = bench.dialog();
        QVERIFY(dialog);
        QVERIFY(!find<QPushButton>(*dialog, "panel.edit.ok")->isEnabled());
        QCOMPARE(find<QLabel>(*dialog, "panel.edit.reason")->text(), QStringLiteral("Query 1: Choose a metric."));
        find<QLineEdit>(*dialog, "options.title")->setText(QStringLiteral("Waiting now"));
        find<QComboBox>(*dialog, "builder.metric")->setCurrentText(QStringLiteral("m"));
        QTRY_VERIFY(find<QPushButton>(*dialog, "panel.edit.ok")->isEnabled());
        find<QPushButton>(*dialog, "panel.edit.ok")->click();
        QCOMPARE(bench.now(), QStringLiteral("a b waiting-now|c"));
        QTRY_VERIFY(!bench.dialog());
        QTRY_COMPARE(bench.window->focusWidget(), bench.handle("waiting-now"));
        QTest::keyClick(bench.handle("waiting-now"), Qt::Key_Return);
        QTRY_VERIFY(bench.dialog());
        dialog = bench.dialog();
        find<QLineEdit>(*dialog, "options.title")->setText(QStringLiteral("Waiting"));
        find<QPushButton>(*dialog, "panel.edit.ok")->click();
        QCOMPARE(bench.view().dashboard().rows[0].panels[2].title, std::string("Waiting"));
        QCOMPARE(bench.view().dashboard().rows[0].panels[2].id, std::string("waiting-now"));
    }

    void nothingIsLostSilently()
    {
        Bench bench;
        bench.edit();
        QTest::keyClick(bench.handle("a"), Qt::Key_Right);
        // Another page, another source: it goes on as it was.
        bench.window->showPage(QStringLiteral("explore"));
        bench.sources.setCurrent(bench.add("far"));
        bench.window->showPage(QStringLiteral("dashboards"));
        QCOMPARE(bench.now(), QStringLiteral("b a|c"));
        // Another dashboard, as the palette would: asks.
        bench.page().showDashboard(QStringLiteral("vllm"));
        QVERIFY2(bench.notice().contains(QStringLiteral("not saved")), qPrintable(bench.notice()));
        bench.click("dashboards.notice.0");
        QCOMPARE(bench.now(), QStringLiteral("b a|c"));
        bench.page().showDashboard(QStringLiteral("vllm"));
        bench.click("dashboards.notice.1"); // save, and go there
        QCOMPARE(order(bench.saved()), QStringLiteral("b a|c"));
        QVERIFY(find<QLabel>(*bench.window, "dashboard.title")->text().contains(QStringLiteral("vLLM")));
    }

    void discardingAsksOnlyWhereSomethingIsChanged()
    {
        Bench bench;
        bench.edit();
        QTest::keyClick(bench.handle("a"), Qt::Key_Escape);
        QTRY_VERIFY(!find<QWidget>(*bench.window, "dashboard.edit.title")->isVisible());
        QTest::keyClick(&bench.page(), Qt::Key_E);
        QTest::keyClick(bench.handle("a"), Qt::Key_Right);
        bench.click("dashboard.edit.discard");
        QVERIFY(find<QWidget>(*bench.window, "dashboard.edit.title")->isVisible());
        bench.click("dashboards.notice.2");
        QVERIFY(!find<QWidget>(*bench.window, "dashboard.edit.title")->isVisible());
        QCOMPARE(bench.now(), QStringLiteral("a b|c"));
        QCOMPARE(order(bench.saved()), QStringLiteral("a b|c"));
    }

    void theNextRunFindsWhatWasNotSaved()
    {
        Bench bench;
        bench.edit();
        QTest::keyClick(bench.handle("a"), Qt::Key_Right);
        bench.window.reset();
        bench.open();
        QVERIFY(find<QWidget>(*bench.window, "dashboard.edit.title")->isVisible());
        QCOMPARE(bench.now(), QStringLiteral("b a|c"));
        bench.click("dashboard.edit.save");
        QCOMPARE(order(bench.saved()), QStringLiteral("b a|c"));
        bench.window.reset();
        bench.open();
        QVERIFY(!find<QWidget>(*bench.window, "dashboard.edit.title")->isVisible());
    }

    void aShippedOneIsShadowedAndComesBack()
    {
        Bench bench;
        bench.open();
        bench.page().showDashboard(QStringLiteral("ollama"));
        const auto shipped = order(bench.view().dashboard());
        bench.page().startEditing();
        const auto first = bench.view().dashboard().rows[0].panels[0].id;
        QTest::keyClick(bench.handle(first.c_str()), Qt::Key_Delete);
        bench.click("dashboard.edit.save");
        QVERIFY(bench.library.shadows("ollama"));
        QVERIFY(order(*bench.library.find("ollama")) != shipped);
        bench.click("dashboards.notice.0"); // back to the shipped one: asks
        bench.click("dashboards.notice.0");
        QVERIFY(!bench.library.shadows("ollama"));
        QCOMPARE(order(bench.view().dashboard()), shipped);
    }

    void theJsonOfTheDraft()
    {
        Bench bench;
        bench.edit();
        QTest::keyClick(bench.handle("a"), Qt::Key_Right);
        bench.click("dashboard.edit.json");
        auto* text = find<QPlainTextEdit>(*bench.window, "dashboard.json.text");
        QVERIFY(text->toPlainText().indexOf(QStringLiteral("\"b\""))
                < text->toPlainText().indexOf(QStringLiteral("\"a\"")));
        text->setPlainText(
            text->toPlainText().replace(QStringLiteral("\"title\": \"C\""), QStringLiteral("\"title\": \"See\"")));
        find<QPushButton>(*bench.window, "dashboard.json.apply")->click();
        QCOMPARE(bench.view().dashboard().rows[1].panels[0].title, std::string("See"));
        QCOMPARE(bench.saved().rows[1].panels[0].title, std::string("C"));
    }

    void variablesAreDeclared()
    {
        Bench bench;
        bench.edit();
        bench.click("dashboard.edit.variables");
        auto* dialog = bench.window->findChild<VariablesDialog*>();
        QVERIFY(dialog);
        find<QPushButton>(*dialog, "variables.add")->click();
        auto* ok = find<QPushButton>(*dialog, "variables.ok");
        QVERIFY(!ok->isEnabled() && !ok->accessibleDescription().isEmpty());
        find<QLineEdit>(*dialog, "variables.0.name")->setText(QStringLiteral("model"));
        find<QLineEdit>(*dialog, "variables.0.label")->setText(QStringLiteral("model"));
        find<QLineEdit>(*dialog, "variables.0.metrics")->setText(QStringLiteral("m, older"));
        QVERIFY2(ok->isEnabled(), qPrintable(ok->accessibleDescription()));
        ok->click();
        const auto& variables = bench.view().dashboard().variables;
        QCOMPARE(variables.size(), std::size_t{1});
        QVERIFY(variables[0].multi);
        QCOMPARE(variables[0].metrics, (std::vector<std::string>{"m", "older"}));
        QTRY_VERIFY(find<ValuePicker>(*bench.window, "variable.model")->isVisible());
        bench.click("dashboard.edit.save");
        QCOMPARE(bench.saved().variables.size(), std::size_t{1});
    }

    void whereADropGoes()
    {
        const std::vector<RowGeometry> rows{{{0, 0, 400, 130}, {{0, 30, 195, 100}, {205, 30, 195, 100}}},
                                            {{0, 140, 400, 30}, {}}};
        using dashboards::PanelSpot;
        QCOMPARE(dropTarget(rows, {10, 80})->spot, (PanelSpot{0, 0}));
        QCOMPARE(dropTarget(rows, {150, 80})->spot, (PanelSpot{0, 1}));
        QCOMPARE(dropTarget(rows, {390, 80})->spot, (PanelSpot{0, 2}));
        QCOMPARE(dropTarget(rows, {390, -500})->spot, (PanelSpot{0, 2}));
        QCOMPARE(dropTarget(rows, {10, 150})->spot, (PanelSpot{1, 0}));
        QCOMPARE(dropTarget(rows, {10, 150})->mark, QRect(0, 140, 400, 30));
        QCOMPARE(rowDropTarget(rows, -500)->to, std::size_t{0});
        QCOMPARE(rowDropTarget(rows, 100)->to, std::size_t{1});
        const auto between = rowDropTarget(rows, 100)->mark;
        QCOMPARE(between.width(), 400);
        QVERIFY(between.top() >= 129 && between.bottom() <= 140);
        QCOMPARE(rowDropTarget(rows, 500)->to, std::size_t{2});
        QVERIFY(!rowDropTarget({}, 0));
        QVERIFY(!dropTarget({}, {0, 0}));
    }

    void everyControlHasAName()
    {
        Bench bench;
        bench.edit({1024, 640});
        for (const auto* button : bench.page().findChildren<QAbstractButton*>()) {
            if (button->isVisible())
                QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                         qPrintable(button->objectName()));
        }
        for (const auto* field : bench.page().findChildren<QLineEdit*>()) {
            if (field->isVisible())
                QVERIFY2(!field->accessibleName().isEmpty(), qPrintable(field->objectName()));
        }
        QVERIFY(!bench.handle("a")->accessibleName().isEmpty());
        const auto* save = find<QPushButton>(*bench.window, "dashboard.edit.save");
        QVERIFY(save->mapTo(bench.window.get(), QPoint(save->width(), 0)).x() <= bench.window->width());
    }
};

QTEST_MAIN(TestDashboardEditing)
#include "tst_dashboard_editing.moc"
