// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_list_model.h"
#include "pages/requests/cell_terms.h"
#include "pages/requests/filter_text.h"
#include "pages/requests/request_export.h"
#include "request_samples.h"
#include "telemetry/filter/request_filter.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;

namespace {

RequestListModel::Record sample(std::uint64_t n)
{
    return std::make_shared<const telemetry::RequestRecord>(test::sampleRequest(n, WallTime(1'700'000'000'123ms)));
}

RequestListModel::Record hostile()
{
    auto record = *sample(1);
    record.request_id = "=1+1";
    record.client = "@cmd";
    record.requested_model = "a,\"b\"\r\nc";
    record.error = "-2\tx";
    record.cost = telemetry::Cost{.amount = 1e-9, .currency = "USD"};
    record.usage.prompt = 0;
    return std::make_shared<const telemetry::RequestRecord>(record);
}

/// RFC 4180, read the hard way.
QList<QStringList> readCsv(const QString& text)
{
    QList<QStringList> lines(1);
    QString cell;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto c = text[i];
        if (quoted && c == QLatin1Char('"') && text.mid(i + 1, 1) == QStringLiteral("\"")) {
            cell += c;
            ++i;
        } else if (c == QLatin1Char('"')) {
            quoted = !quoted;
        } else if (!quoted && c == QLatin1Char(',')) {
            lines.back() << std::exchange(cell, {});
        } else if (!quoted && text.mid(i, 2) == QStringLiteral("\r\n")) {
            lines.back() << std::exchange(cell, {});
            lines << QStringList();
            ++i;
        } else {
            cell += c;
        }
    }
    lines.removeLast();
    return lines;
}

QStringList texts(const std::vector<CompletionItem>& items)
{
    QStringList texts;
    for (const auto& item : items)
        texts << item.text;
    return texts;
}

} // namespace

class TestRequestParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exportsCsv()
    {
        const auto lines = readCsv(QString::fromUtf8(requestsCsv({sample(1), sample(4), hostile()})));
        QCOMPARE(lines.size(), 4);
        const auto at = [&](int line, const char* name) {
            return lines[line].value(lines[0].indexOf(QLatin1StringView(name)));
        };
        for (const auto& line : lines)
            QCOMPARE(line.size(), lines[0].size());
        QCOMPARE(at(1, "id"), QStringLiteral("req_1"));
        QCOMPARE(at(1, "time"), QStringLiteral("2023-11-14T22:13:20.123Z"));
        QCOMPARE(at(1, "status"), QStringLiteral("200"));
        QCOMPARE(at(1, "success"), QStringLiteral("true"));
        QCOMPARE(at(2, "ttft_ms"), QString());
        QCOMPARE(at(2, "prompt_tokens"), QString()); // not 0
        QCOMPARE(at(3, "prompt_tokens"), QStringLiteral("0"));
        QCOMPARE(at(3, "id"), QStringLiteral("'=1+1"));
        QCOMPARE(at(3, "client"), QStringLiteral("'@cmd"));
        QCOMPARE(at(3, "error"), QStringLiteral("'-2\tx"));
        QCOMPARE(at(3, "requested_model"), QStringLiteral("a,\"b\"\r\nc"));
        QCOMPARE(at(3, "cost").toDouble(), 1e-9);
        QCOMPARE(requestsCsv({}).count('\n'), 1);
    }

    void exportsJsonLines()
    {
        const auto lines = requestsJsonLines({sample(4), hostile()}).split('\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines.back().isEmpty());
        const auto failed = QJsonDocument::fromJson(lines[0]).object();
        QCOMPARE(failed[QStringLiteral("ttft_ms")], QJsonValue(QJsonValue::Null));
        QVERIFY(failed.contains(QStringLiteral("prompt_tokens")));
        QCOMPARE(failed[QStringLiteral("success")], QJsonValue(false));
        const auto odd = QJsonDocument::fromJson(lines[1]).object();
        QCOMPARE(odd[QStringLiteral("id")].toString(), QStringLiteral("=1+1")); // a program reads it, not a spreadsheet
        QCOMPARE(odd[QStringLiteral("requested_model")].toString(), QStringLiteral("a,\"b\"\r\nc"));
        QCOMPARE(odd[QStringLiteral("prompt_tokens")].toInteger(-1), 0);
        QCOMPARE(requestsJsonLines({}), QByteArray());
    }

    void everyCellOffersWhatFindsIt()
    {
        std::vector<RequestListModel::Record> records{hostile()};
        for (std::uint64_t n = 1; n < 40; ++n)
            records.push_back(sample(n));
        telemetry::RequestRecord bare;
        bare.started = records.front()->started;
        records.push_back(std::make_shared<const telemetry::RequestRecord>(bare));
        for (const auto& record : records) {
            for (int column = 0; column < RequestListModel::columnCount_; ++column) {
                const auto terms = termsOf(*record, column);
                QVERIFY(terms.size() >= 2);
                bool found = false;
                for (const auto& [offer, term] : terms) {
                    QVERIFY(!offer.isEmpty());
                    const auto filter = telemetry::parse_request_filter(term.toStdString());
                    QVERIFY2(filter, qPrintable(term));
                    const bool matches = filter->matches(*record, record->started);
                    found = found || matches;
                    const bool excludes = term.startsWith(QLatin1Char('-'));
                    if (term.contains(QStringLiteral(":>=")) || term.contains(QStringLiteral(":<=")))
                        QVERIFY2(matches, qPrintable(term));
                    else if (!term.contains(QStringLiteral("has:")))
                        QVERIFY2(matches != excludes, qPrintable(term));
                }
                QVERIFY(found);
            }
        }
    }

    void completes_data()
    {
        QTest::addColumn<QString>("choices"); // the first ones
        const auto add = [](const char* text, const char* choices) {
            QTest::newRow(text) << QString::fromUtf8(choices);
        };
        add("mo", "model:");
        add("MO", "model:");
        add("st", "status: stream: cost:");
        add("backend", "provider:");
        add("model:", "gpt-4o phi4:14b a b");
        add("model:=p", "phi4:14b gpt-4o");
        add("status:", "success error 200");
        add("status:4", "429");
        add("stream:", "yes no");
        add("reason:c", "client_gone rejected");
        add("has:co", "cost");
        add("ttft:", "");
        add("xyz:", "");
        add("zzz", "");
    }
    void completes()
    {
        QFETCH(QString, choices);
        const SeenValues seen = [](const QString& field) {
            return field == QStringLiteral("model")
                       ? QStringList{QStringLiteral("gpt-4o"), QStringLiteral("phi4:14b"), QStringLiteral("a b")}
                   : field == QStringLiteral("status") ? QStringList{QStringLiteral("200"), QStringLiteral("429")}
                                                       : QStringList();
        };
        const std::string text = QTest::currentDataTag();
        const auto found = texts(filterChoices(telemetry::filter_spot_at(text, text.size()), seen));
        const auto wanted = choices.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        if (text == "model:")
            QCOMPARE(found.join(QLatin1Char(' ')), choices);
        else
            QCOMPARE(found.mid(0, wanted.size()), wanted);
        if (wanted.isEmpty())
            QVERIFY(found.isEmpty());
    }

    void writesAChoice()
    {
        const auto value = telemetry::filter_spot_at("model:a", 7);
        QCOMPARE(filterInsertion(value, QStringLiteral("phi4:14b")), QStringLiteral("phi4:14b "));
        QCOMPARE(filterInsertion(value, QStringLiteral("a \"b\"")), QStringLiteral("\"a \\\"b\\\"\" "));
        QCOMPARE(filterInsertion(telemetry::filter_spot_at("mo", 2), QStringLiteral("model:")),
                 QStringLiteral("model:"));
    }

    void countsInTheEditorsCharacters()
    {
        const auto text = QString::fromUtf8("\xC3\xA4\xF0\x9F\x98\x80 x");
        const auto place = stretchOf(text, 7, 8);
        QCOMPARE(place.from, 4);
        QCOMPARE(place.length, 1);
        QCOMPARE(stretchOf(text, 8, 8).from, 5);
        QCOMPARE(stretchOf(QString(), 0, 0).from, 0);
    }

    void seesWhatOccurs()
    {
        std::deque<RequestListModel::Record> records;
        for (std::uint64_t n = 1; n < 30; ++n)
            records.push_back(sample(n));
        QCOMPARE(seenValues(records, QStringLiteral("provider")).front(), QStringLiteral("ollama"));
        QCOMPARE(seenValues(records, QStringLiteral("status")),
                 (QStringList{QStringLiteral("200"), QStringLiteral("429"), QStringLiteral("502")}));
        QVERIFY(seenValues(records, QStringLiteral("ttft")).isEmpty());
        QVERIFY(seenValues(records, QStringLiteral("nonsense")).isEmpty());
        QVERIFY(seenValues({}, QStringLiteral("model")).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestRequestParts)
#include "tst_request_parts.moc"
