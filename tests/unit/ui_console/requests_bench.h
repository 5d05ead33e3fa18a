// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console_fixture.h"
#include "pages/requests/filter_box.h"
#include "pages/requests/request_details.h"
#include "pages/requests/request_list.h"
#include "pages/requests/requests_page.h"
#include "request_samples.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QVBoxLayout>
#include <QtTest>

namespace tokenscope::test {

using namespace ui;

class FakeDetails final : public RequestDetails {
public:
    FakeDetails() { setFocusPolicy(Qt::StrongFocus); }
    void show(std::shared_ptr<const telemetry::RequestRecord> record) override { shown = record->sequence; }
    void clear() override { shown = 0; }
    void setNote(const QString& words) override { note = words; }

    std::uint64_t shown = 0;
    QString note;
};

/// The window around the page: what no control wants comes here.
class Window final : public QWidget {
public:
    QList<int> keys;

protected:
    void keyPressEvent(QKeyEvent* event) override { keys << event->key(); }
};

/// The Requests page in a window, over a log of its own.
struct RequestsBench : ConsoleFixture {
    explicit RequestsBench(std::uint64_t count = 50, bool running = true) : ConsoleFixture(running) { publish(count); }
    void publish(std::uint64_t count)
    {
        for (; count > 0; --count)
            log.publish(sampleRequest(++last, clock.wall()));
    }
    void open()
    {
        kept = std::make_unique<ConsoleContext>(context());
        window = std::make_unique<Window>();
        details = new FakeDetails;
        lanes = new QLabel(QStringLiteral("lanes"));
        page = new RequestsPage(*kept, lanes, details);
        auto* column = new QVBoxLayout(window.get());
        column->setContentsMargins(0, 0, 0, 0);
        column->addWidget(page);
        window->resize(1400, 700);
        window->show();
        page->enter();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }
    template <typename W>
    W* find(const char* name) const
    {
        auto* found = window->findChild<W*>(QLatin1StringView(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    RequestList& list() const { return *find<RequestList>("requests.table"); }
    FilterBox& filter() const { return *find<FilterBox>("requests.filter"); }
    int rows() const { return list().model()->rowCount(); }
    std::uint64_t at(int row) const
    {
        return list().model()->index(row, 0).data(RequestListModel::sequenceRole).toULongLong();
    }
    std::uint64_t selected() const
    {
        const auto indexes = list().selectionModel()->selectedRows();
        return indexes.isEmpty() ? 0 : at(indexes.front().row());
    }
    QLabel& hint() const { return *find<QLabel>("requests.filter.error"); }
    QString text(const char* name) const { return find<QLabel>(name)->text(); }
    void key(QWidget& widget, Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(&widget, key, modifiers);
    }
    void type(const char* text) const { QTest::keyClicks(&filter(), QString::fromUtf8(text)); }
    void clickRow(int row) const
    {
        QTest::mouseClick(list().viewport(), Qt::LeftButton, {},
                          list().visualRect(list().model()->index(row, RequestListModel::time)).center());
    }
    void clickTitle(int column) const
    {
        auto* header = list().horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          QPoint(header->sectionViewportPosition(column) + 20, header->height() / 2));
    }
    QMenu* menu() const { return window->findChild<QMenu*>(QStringLiteral("requests.menu")); }

    std::uint64_t last = 0;
    std::unique_ptr<ConsoleContext> kept;
    std::unique_ptr<Window> window;
    RequestsPage* page = nullptr;
    FakeDetails* details = nullptr;
    QLabel* lanes = nullptr;
};

} // namespace tokenscope::test
