// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/gzip.h"
#include "net/weighted_list.h"

#include <QTest>

#include <zlib.h>

#include <random>

using namespace tokenscope;
using namespace tokenscope::net;

namespace {

/// "name;a=b q=0.5", one after the other.
QByteArray told(std::string_view field)
{
    QByteArray text;
    for (const auto& item : weighted_list(field)) {
        text += text.isEmpty() ? "" : " | ";
        text += QByteArray(item.name.data(), qsizetype(item.name.size()));
        for (const auto& [name, value] : item.parameters)
            text += ';' + QByteArray(name.data(), qsizetype(name.size())) + '='
                    + QByteArray(value.data(), qsizetype(value.size()));
        text += " q=" + QByteArray::number(item.weight);
    }
    return text;
}

std::string unzipped(std::string bytes, std::size_t size)
{
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string out(size + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return status == Z_STREAM_END && stream.avail_in == 0 ? out : "not gzip";
}

std::string noise(std::size_t size)
{
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}

} // namespace

/// Accept and Accept-Encoding, and the encoding itself.
class TstWeightedList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lists_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QByteArray>("items");
        const auto row = [](const char* field, const char* items) {
            QTest::newRow(field) << QByteArray(field) << QByteArray(items);
        };
        row("", "");
        row(" , ,, ", "");
        row("a", "a q=1");
        row("a, b;q=0.5,c;q=0", "a q=1 | b q=0.5 | c q=0");
        row("text/plain ; Version=0.0.4 ; Q=0.25", "text/plain;Version=0.0.4 q=0.25");
        row("a;q=1.000, b;q=0.001", "a q=1 | b q=0.001");
        row("a;x=\"b,c;d\";q=0.5, e", "a;x=b,c;d q=0.5 | e q=1");
        row("a;x=\"\\\"\",b", "a;x=\\\" q=1 | b q=1");
        row("a;x=\"never closed, b", "a;x=\"never closed, b q=1");
        row("a;;x;=y, b", "a;x= q=1 | b q=1");
        row("a;x = \"1\" ", "a;x=1 q=1");
        // What is no weight tells nothing of the rest.
        row("a;q=2, b;q=, c;q=-1, d;q=0.1234, e;q=.5, f;q=1.001, g;q=nan, h;q=1e0, i", "i q=1");
        row(";q=1, a", "a q=1");
        row("a;x=\"\\", "a;x=\"\\ q=1");
    }

    void lists()
    {
        QFETCH(QByteArray, field);
        QFETCH(QByteArray, items);
        QCOMPARE(told(std::string_view(field.constData(), std::size_t(field.size()))), items);
    }

    void parameters_are_found_without_case()
    {
        const auto items = weighted_list("a;Version=1;other=2");
        QCOMPARE(items[0].parameter("version"), std::string_view("1"));
        QCOMPARE(items[0].parameter("none"), std::string_view());
    }

    void fields_of_one_name_are_one_list()
    {
        const Headers headers{{"Accept", "a"}, {"Host", "h"}, {"accept", "b;q=0"}};
        QCOMPARE(joined_fields(headers, "accept"), std::string("a,b;q=0"));
        QCOMPARE(joined_fields(headers, "none"), std::string());
    }

    void a_field_of_commas_is_not_slow()
    {
        const std::string commas(64'000, ',');
        QCOMPARE(weighted_list(commas).size(), std::size_t(0));
        std::string quotes;
        for (int i = 0; i < 16'000; ++i)
            quotes += "a;\",";
        QVERIFY(weighted_list(quotes).size() < 16'000);
    }

    void gzip_is_wanted_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<bool>("wanted");
        const auto row = [](const char* field, bool wanted) { QTest::newRow(field) << QByteArray(field) << wanted; };
        row("", false);
        row("gzip", true);
        row("GZip", true);
        row("x-gzip", true);
        row("gzip;q=0", false);
        row("gzip;q=0.000", false);
        row("gzip;q=0.001", true);
        row("deflate, br", false);
        row("gzip, deflate, br, zstd", true);
        row("*", true);
        row("*;q=0", false);
        row("*;q=0, gzip", true);
        row("gzip;q=0, *", false);
        row("identity", false);
        row("gzipped", false);
        row("gzip;q=high", false);
    }

    void gzip_is_wanted()
    {
        QFETCH(QByteArray, field);
        QFETCH(bool, wanted);
        QCOMPARE(accepts_gzip(std::string_view(field.constData(), std::size_t(field.size()))), wanted);
    }

    void gzip_can_be_undone()
    {
        for (const std::string& bytes :
             {std::string(), std::string("a"), std::string(3'000'000, 'x'), noise(1), noise(1'000'000)}) {
            const auto zipped = gzip(bytes);
            QVERIFY(zipped);
            QVERIFY(unzipped(*zipped, bytes.size()) == bytes);
        }
        QVERIFY(gzip(std::string(3'000'000, 'x'))->size() < 30'000);
        QCOMPARE(gzip("same"), gzip("same"));
    }
};

QTEST_APPLESS_MAIN(TstWeightedList)
#include "tst_weighted_list.moc"
