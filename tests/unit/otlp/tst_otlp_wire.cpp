// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/wire_reader.h"
#include "otlp/wire_writer.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace tokenscope::otlp;

namespace {

QByteArray hex(const std::string& bytes)
{
    return QByteArray::fromStdString(bytes).toHex();
}

template <class Write>
QByteArray written(Write write)
{
    WireWriter out;
    write(out);
    return hex(out.bytes());
}

} // namespace

class TstOtlpWire : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void integers_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("0") << qint64(0) << QByteArray("0800");
        QTest::newRow("1") << qint64(1) << QByteArray("0801");
        QTest::newRow("127") << qint64(127) << QByteArray("087f");
        QTest::newRow("128") << qint64(128) << QByteArray("088001");
        QTest::newRow("150") << qint64(150) << QByteArray("089601");
        QTest::newRow("largest") << std::numeric_limits<qint64>::max() << QByteArray("08ffffffffffffffff7f");
        QTest::newRow("-1") << qint64(-1) << QByteArray("08ffffffffffffffffff01");
        QTest::newRow("-2") << qint64(-2) << QByteArray("08feffffffffffffffff01");
        QTest::newRow("smallest") << std::numeric_limits<qint64>::min() << QByteArray("0880808080808080808001");
    }

    void integers()
    {
        QFETCH(qint64, value);
        QFETCH(QByteArray, bytes);
        WireWriter out;
        out.write_int(1, value);
        QCOMPARE(hex(out.bytes()), bytes);
        WireReader reader(out.bytes());
        const auto field = reader.next();
        QVERIFY(field && !field->data);
        QCOMPARE(qint64(field->as_int()), value);
        QVERIFY(!reader.next() && !reader.malformed());
    }

    void other_types()
    {
        QCOMPARE(written([](auto& out) { out.write_fixed32(16, 0x01020304); }), QByteArray("850104030201"));
        QCOMPARE(written([](auto& out) { out.write_fixed64(7, 0x0102030405060708); }),
                 QByteArray("390807060504030201"));
        QCOMPARE(written([](auto& out) { out.write_double(4, 1.5); }), QByteArray("21000000000000f83f"));
        QCOMPARE(written([](auto& out) { out.write_double(4, -std::numeric_limits<double>::infinity()); }),
                 QByteArray("21000000000000f0ff"));
        QCOMPARE(written([](auto& out) { out.write_bool(2, true); }), QByteArray("1001"));
        QCOMPARE(written([](auto& out) { out.write_bool(2, false); }), QByteArray("1000"));
        QCOMPARE(written([](auto& out) { out.write_string(2, "testing"); }), QByteArray("120774657374696e67"));
        QCOMPARE(written([](auto& out) { out.write_string(2, ""); }), QByteArray("1200"));
        QCOMPARE(written([](auto& out) { out.write_bytes(1, std::string_view("\xFF\x00", 2)); }),
                 QByteArray("0a02ff00"));
        QCOMPARE(written([](auto& out) { out.write_uint(0x1FFFFFFF, 0); }), QByteArray("f8ffffff0f00"));
    }

    void messages_nest()
    {
        QCOMPARE(written([](auto& out) { out.write_message(3, [] {}); }), QByteArray("1a00"));
        QCOMPARE(written([](auto& out) {
                     out.write_message(3, [&] {
                         out.write_int(1, 150);
                         out.write_message(2, [&] { out.write_string(1, "a"); });
                     });
                     out.write_bool(4, true);
                 }),
                 QByteArray("1a08089601"
                            "12030a0161"
                            "2001"));
    }

    void lengths_grow_with_the_message()
    {
        for (const std::size_t size : {127, 128, 16'383, 16'384, 3'000'000}) {
            WireWriter out;
            out.write_message(1, [&] { out.write_message(2, [&] { out.write_bytes(3, std::string(size, 'x')); }); });
            WireReader outer(out.bytes());
            const auto first = outer.next();
            QVERIFY(first && first->data && !outer.next() && !outer.malformed());
            WireReader inner(*first->data);
            const auto second = inner.next();
            QVERIFY(second && second->data && second->number == 2);
            WireReader innermost(*second->data);
            const auto third = innermost.next();
            QVERIFY(third && third->data && third->number == 3);
            QCOMPARE(third->data->size(), size);
        }
    }

    void text_becomes_valid_utf8()
    {
        QCOMPARE(written([](auto& out) {
                     out.write_string(1, "a\xFF"
                                         "b");
                 }),
                 QByteArray("0a0561efbfbd62"));
        QCOMPARE(written([](auto& out) { out.write_string(1, "\xC3\xA9"); }), QByteArray("0a02c3a9"));
        QCOMPARE(written([](auto& out) { out.write_string(1, "\xC3"); }), QByteArray("0a03efbfbd"));
    }

    void malformed_messages_end_data()
    {
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const char* hex) {
            QTest::newRow(name) << QByteArray::fromHex(QByteArray(hex));
        };
        row("tag alone", "08");
        row("cut tag", "80");
        row("field 0", "0001");
        row("field too large", "8080808080010001");
        row("cut varint", "0880");
        row("varint of 11 bytes", "08ffffffffffffffffffff01");
        row("varint of 70 bits", "08ffffffffffffffffff7f");
        row("cut fixed32", "0d010203");
        row("cut fixed64", "0901020304050607");
        row("text longer than the message", "0a0561");
        row("text of 2^64-1 bytes", "0affffffffffffffffff01");
        row("group", "0b0c");
        row("end of a group", "0c");
        row("type 6", "0e00");
        row("type 7", "0f00");
    }

    void malformed_messages_end()
    {
        QFETCH(QByteArray, message);
        const auto bytes = message.toStdString();
        WireReader reader(bytes);
        QVERIFY(!reader.next());
        QVERIFY(reader.malformed());
        QVERIFY(!reader.next());
    }
};

QTEST_APPLESS_MAIN(TstOtlpWire)
#include "tst_otlp_wire.moc"
