// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/frame_math.h"
#include "fake_source.h"

#include <QtTest>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {
const double absent = std::nan("");
}

class TestFrameMath : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shareOfNothingIsAbsent()
    {
        const auto share = percentage(test::frameOf({0, 0, 1}), test::frameOf({0, absent, 4}));
        QVERIFY(std::isnan(share->columns[0].values[0]));
        QVERIFY(std::isnan(share->columns[0].values[1]));
        QCOMPARE(share->columns[0].values[2], 25.0);
    }

    void noFailuresAmongRequestsIsZeroPerCent()
    {
        QCOMPARE(percentage(std::make_shared<query::Frame>(), test::frameOf({2, 2}))->columns[0].values[1], 0.0);
        QCOMPARE(percentage(nullptr, test::frameOf({2, 2}))->columns[0].values[1], 0.0);
        QVERIFY(percentage(test::frameOf({1}), nullptr)->columns.empty());
        QVERIFY(percentage(test::frameOf({1}), std::make_shared<query::Frame>())->columns.empty());
    }

    void lastValueIsTheNewestStepAndNotTheNewestNumber()
    {
        QCOMPARE(lastValue(*test::frameOf({1, 2})), std::optional(2.0));
        QVERIFY(!lastValue(*test::frameOf({1, absent})));
        QVERIFY(!lastValue(query::Frame{}));
        QVERIFY(!lastValue(*test::frameOf({1}), 3));
    }

    void combinedNamesAndSkips()
    {
        const auto both = combined({test::frameOf({1, 2}), nullptr, test::frameOf({3, 4}), test::frameOf({5, 6, 7})},
                                   {"in flight", "lost", "queued", "other steps"});
        QCOMPARE(both->columns.size(), std::size_t{2});
        QCOMPARE(both->columns[0].name, std::string("in flight"));
        QCOMPARE(both->columns[1].name, std::string("queued"));
        QVERIFY(both->columns[0].labels != both->columns[1].labels);
        QVERIFY(combined({}, {})->columns.empty());
    }

    void anAnswersWarningsAreSaidOnce()
    {
        const auto warning = [](std::vector<std::string> warnings) {
            auto frame = std::make_shared<query::Frame>();
            frame->warnings = std::move(warnings);
            return query::FramePtr(frame);
        };
        FeedAnswer answer;
        answer.frames = {warning({"b", "a"}), failure(ErrorCode::upstream_timeout, "late"), query::FramePtr()};
        answer.end = {warning({"a", "c"})};
        QCOMPARE(warningsOf(answer), QStringList({QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("c")}));
        QVERIFY(warningsOf({}).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestFrameMath)
#include "tst_frame_math.moc"
