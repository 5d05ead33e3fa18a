// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/trace_response.h"
#include "otlp/wire_writer.h"

#include <QTest>

#include <limits>

using namespace tokenscope::otlp;
using std::chrono::milliseconds;

namespace {

std::string partial(std::int64_t rejected, std::string_view why)
{
    WireWriter out;
    out.write_message(1, [&] {
        out.write_int(1, rejected);
        out.write_string(2, why);
    });
    return out.take();
}

std::string status_with_retry(std::int64_t seconds, std::int64_t nanos,
                              std::string_view type = "type.googleapis.com/google.rpc.RetryInfo")
{
    WireWriter out;
    out.write_int(1, 8);
    out.write_string(2, "slow down");
    out.write_message(3, [&] {
        out.write_string(1, "type.googleapis.com/google.rpc.DebugInfo");
        out.write_bytes(2, "\xFF\xFF");
    });
    out.write_message(3, [&] {
        out.write_string(1, type);
        out.write_message(2, [&] {
            out.write_message(1, [&] {
                out.write_int(1, seconds);
                out.write_int(2, nanos);
            });
        });
    });
    return out.take();
}

} // namespace

class TstTraceResponse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void responses()
    {
        const auto nothing = read_trace_response("");
        QVERIFY(nothing && nothing->rejected_spans == 0 && nothing->error_message.empty());
        const auto some = read_trace_response(partial(7, "too old"));
        QVERIFY(some);
        QCOMPARE(some->rejected_spans, std::uint64_t(7));
        QCOMPARE(some->error_message, std::string("too old"));
        QCOMPARE(read_trace_response(partial(-3, ""))->rejected_spans, std::uint64_t(0));
        QCOMPARE(read_trace_response(partial(std::numeric_limits<std::int64_t>::min(), ""))->rejected_spans,
                 std::uint64_t(0));
    }

    void unknown_fields_are_passed_over()
    {
        WireWriter out;
        out.write_int(9, 5);
        out.write_string(10, "new");
        out.write_double(11, 1);
        out.write_fixed32(12, 1);
        const auto response = read_trace_response(out.bytes() + partial(2, "x") + out.bytes());
        QVERIFY(response);
        QCOMPARE(response->rejected_spans, std::uint64_t(2));
    }

    void fields_of_the_wrong_type_are_not_taken()
    {
        WireWriter out;
        out.write_message(1, [&] {
            out.write_string(1, "seven");
            out.write_int(2, 7);
        });
        const auto response = read_trace_response(out.bytes());
        QVERIFY(response && response->rejected_spans == 0 && response->error_message.empty());
        WireWriter number;
        number.write_int(1, 7);
        QVERIFY(!read_trace_response(number.bytes()));
    }

    void damaged_messages_are_survived()
    {
        const auto whole = partial(7, std::string(300, 'x')) + status_with_retry(1, 5);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            (void)read_trace_response(std::string_view(whole).substr(0, i));
            (void)read_rpc_status(std::string_view(whole).substr(0, i));
            for (const int bit : {0, 3, 7}) {
                auto damaged = whole;
                damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
                (void)read_trace_response(damaged);
                (void)read_rpc_status(damaged);
            }
        }
        QVERIFY(!read_trace_response(std::string_view(whole).substr(0, 50)));
        QVERIFY(!read_trace_response("<html>"));
    }

    void retry_info_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<qint64>("nanos");
        QTest::addColumn<qint64>("expected");
        const auto max = std::numeric_limits<qint64>::max();
        QTest::newRow("plain") << qint64(2) << qint64(500'000'000) << qint64(2'500);
        QTest::newRow("none") << qint64(0) << qint64(0) << qint64(0);
        QTest::newRow("negative") << qint64(-5) << qint64(-1) << qint64(0);
        QTest::newRow("for ever") << max << max << qint64(3'600'000);
        QTest::newRow("nanos too large") << qint64(1) << max << qint64(1'999);
    }

    void retry_info()
    {
        QFETCH(qint64, seconds);
        QFETCH(qint64, nanos);
        QFETCH(qint64, expected);
        const auto status = read_rpc_status(status_with_retry(seconds, nanos));
        QVERIFY(status && status->retry_delay);
        QCOMPARE(qint64(status->retry_delay->count()), expected);
        QCOMPARE(status->code, std::int64_t(8));
        QCOMPARE(status->message, std::string("slow down"));
    }

    void other_details_are_no_retry_info()
    {
        const auto status = read_rpc_status(status_with_retry(1, 0, "type.googleapis.com/google.rpc.ErrorInfo"));
        QVERIFY(status && !status->retry_delay);
    }
};

QTEST_APPLESS_MAIN(TstTraceResponse)
#include "tst_trace_response.moc"
