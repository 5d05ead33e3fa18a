// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/filter_fields.h"
#include "telemetry/filter/filter_spot.h"
#include "telemetry/filter/request_filter.h"
#include "telemetry/request_figures.h"

#include <QtTest>

#include <ctime>
#include <random>
#include <set>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = 1'700'000'000'000 / 86'400'000 * 86'400'000 + 43'200'000; ///< 2023-11-14T12:00 UTC

RequestRecord record(const char* id)
{
    RequestRecord record;
    record.request_id = id;
    record.route = "/v1/chat/completions";
    record.accepted = Instant(10s);
    record.ended = record.accepted + 1s;
    record.started = WallTime(std::chrono::milliseconds(noon));
    return record;
}

/// good: all there is; slow: a retry, expensive; gone: an error with little known; free: not streamed, no cost, 0 tokens cached.
std::vector<RequestRecord> samples()
{
    auto good = record("good");
    good.trace_id = "0af7651916cd43dd8448eb211c80319c";
    good.operation = "chat";
    good.client = "Laptop";
    good.target = {.backend = "ollama", .model = "phi4:14b"};
    good.requested_model = "fast";
    good.finish_reason = "stop";
    good.streamed = true;
    good.http_status = 200;
    good.status = RequestStatus::success;
    good.end_reason = EndReason::done;
    good.first_token = good.accepted + 182ms;
    good.last_token = good.accepted + 1182ms;
    good.ended = good.accepted + 1480ms;
    good.chunk_count = 51;
    good.usage.prompt = 1200;
    good.usage.completion = 50;
    good.attempts = 1;
    good.cost = Cost{.amount = 0.0042, .currency = "USD"};

    auto slow = good;
    slow.request_id = "slow";
    slow.trace_id = "11111111111111111111111111111111";
    slow.target = {.backend = "work", .model = "GPT-4o"};
    slow.queued = slow.accepted;
    slow.dequeued = slow.accepted + 2s;
    slow.first_token = slow.accepted + 4s;
    slow.last_token = slow.accepted + 94s;
    slow.ended = slow.accepted + 95s;
    slow.usage.prompt = 3000;
    slow.usage.completion = 900;
    slow.usage.reasoning = 600;
    slow.usage.cached = 1024;
    slow.attempts = 3;
    slow.cost = Cost{.amount = 0.25, .currency = "EUR"};
    slow.started += 30min;

    auto gone = record("gone");
    gone.requested_model = "nothing here";
    gone.http_status = 429;
    gone.end_reason = EndReason::rejected;
    gone.error = "Too many requests: try again in 3 s.";
    gone.error_type = "queue_full";
    gone.started -= 1h;

    auto free = record("free");
    free.route = "/v1/embeddings";
    free.operation = "embeddings";
    free.target = {.backend = "demo", .model = "tiny"};
    free.http_status = 502;
    free.end_reason = EndReason::upstream_error;
    free.error = "The provider \"demo\" (x) did not answer";
    free.usage.cached = 0;
    free.queued = free.accepted;
    free.attempts = 1;
    free.cost = Cost{.amount = 0, .currency = "USD"};
    free.started -= 24h;
    return {good, slow, gone, free};
}

QString found(const RequestFilter& filter)
{
    QStringList ids;
    for (const auto& sample : samples()) {
        if (filter.matches(sample, WallTime(std::chrono::milliseconds(noon + 31 * 60'000))))
            ids << QString::fromStdString(sample.request_id);
    }
    return ids.join(QLatin1Char(' '));
}

} // namespace

class TestRequestFilter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("TZ", "UTC0");
        ::tzset();
    }

    void finds_data()
    {
        QTest::addColumn<QString>("ids");
        const auto add = [](const char* text, const char* ids) { QTest::newRow(text) << QString::fromLatin1(ids); };
        const auto* const all = "good slow gone free";
        add("", all);
        add("  \t ", all);
        // Words.
        add("phi4", "good");
        add("PHI4", "good");
        add("phi4:14b", "good");
        add("chat ollama", "good");
        add("laptop", "good slow");
        add("fast", "good slow");
        add("1111", "slow");
        add("\"did not\"", "free");
        add("did not", "free");
        add("\"not did\"", "");
        add("too*3", "gone");
        add("\"too*3\"", "");
        add("*", all);
        add("\"OR\"", "slow"); // its provider is "work"
        add("or", "slow");
        // Texts.
        add("model:phi", "good");
        add("MODEL:Phi", "good");
        add("model:=phi4", "");
        add("model:phi,gpt", "good slow");
        add("model:=phi4:14b,tiny", "good free");
        add("model:!=phi4:14b,tiny", "slow gone");
        add("-model:phi,gpt", "gone free");
        add("status:success,429", "good slow gone");
        add("status:429,5xx", "gone free");
        add("reason:rejected,done", "good slow gone");
        add("provider:\"x,y\"", "");
        add("model:\"phi4\",gp*", "good slow");
        add("route:/v1/", all);
        add("model:=phi4:14b", "good");
        add("model:phi4:14b", "good");
        add("model:gpt*", "slow");
        add("model:*o", "slow");
        add("model:*4*", "good slow");
        add("model:g*4*o", "slow");
        add("model:4o*", "");
        add("model:!=tiny", "good slow gone");
        add("-model:tiny", "good slow gone");
        add("provider:!=demo", "good slow"); // the one without a provider is neither
        add("-provider:demo", "good slow gone");
        add("backend:demo", "free");
        add("model:nothing", "gone"); // asked for, never resolved
        add("model:\"nothing here\"", "gone");
        add("model:nothing\" \"here", "gone");
        add("requested:fast", "good slow");
        add("route:/v1/emb", "free");
        add("route:*/completions", "good slow gone");
        add("operation:chat", "good slow");
        add("client:laptop", "good slow");
        add("trace:0af7*", "good");
        add("id:=good", "good");
        add("finish:stop", "good slow");
        add("error:\"\\\"demo\\\"\"", "free");
        add("error:\"demo\\\" (x)\"", "free");
        add("error:demo*", "");
        add("cause:queue_full", "gone");
        add("model:(x)", "");
        // Status and reason.
        add("status:error", "gone free");
        add("status:success", "good slow");
        add("status:OK", "good slow");
        add("status:!=error", "good slow");
        add("status:429", "gone");
        add("code:429", "gone");
        add("status:4xx", "gone");
        add("status:42X", "gone");
        add("status:5xx", "free");
        add("status:>=500", "free");
        add("status:>4xx", "free");
        add("status:<=4xx", "good slow gone");
        add("status:<4xx", "good slow");
        add("status:!=200", "gone free");
        add("status:400..499", "gone");
        add("status:\"200\"", "good slow");
        add("reason:done", "good slow");
        add("reason:upstream", "free");
        add("reason:=error", "");
        add("reason:!=done", "gone free");
        // Numbers.
        add("ttft:>182ms", "slow");
        add("ttft:>=182ms", "good slow");
        add("ttft:182ms", "good");
        add("ttft:0.18s", "good");
        add("ttft:0.2s", "good");
        add("ttft:0.1s", "");
        add("ttft:!=182ms", "slow");
        add("ttft:<1h", "good slow");
        add("-ttft:<1h", "gone free");
        add("total:1.5s", "good");
        add("total:1s..1.48s", "good gone free");
        add("total:..1s", "gone free");
        add("total:1m..", "slow");
        add("total:1m35s", "slow");
        add("total:>0", all);
        add("queue:2s", "slow");
        add("queue:1s", "free"); // to its end
        add("in:>1k", "good slow");
        add("prompt:1.2k", "good");
        add("in:1200", "good");
        add("out:50..900", "good slow");
        add("completion:=900", "slow");
        add("tokens:3.9k", "slow");
        add("tokens:>=1250", "good slow");
        add("cached:0", "free");
        add("cached:>=0", "slow free");
        add("reasoning:>0.5k", "slow");
        add("speed:>20", "good");
        add("speed:10tok/s", "slow");
        add("chunks:>50", "good slow");
        add("chunks:0", "");
        add("retries:>0", "slow");
        add("retries:0", "good gone free");
        add("attempts:0", "gone");
        add("cost:>0.01", "slow");
        add("cost:>$0.001", "good");
        add("cost:0", "free"); // nothing else reads like 0
        add("cost:0.0", "free");
        add("cost:!=0", "good slow");
        add("cost:<=0", "free");
        add("cost:!=0.25", "good free");
        add("cost:\xE2\x82\xAC"
            "0.25",
            "slow");
        add("stream:yes", "good slow");
        add("stream:no", "gone free");
        add("stream:!=yes", "gone free");
        add("stream:TRUE", "good slow");
        // Presence.
        add("has:cost", "good slow free");
        add("-has:cost", "gone");
        add("has:ttft", "good slow");
        add("has:error", "gone free");
        add("has:backend", "good slow free");
        add("has:stream", "good slow");
        add("NOT has:trace", "gone free");
        // Time.
        add("time:>=12:30", "slow");
        add("time:12:00", "good");
        add("time:12:00..12:30", "good slow");
        add("time:<12:00", "gone free");
        add("time:<=12:00", "good gone free");
        add("time:>12:00", "slow");
        add("time:!=12:00", "slow gone free");
        add("time:12:00:00.0", "good");
        add("time:12:00:01", "");
        add("time:2023-11-13", "free");
        add("time:2023-11-13..2023-11-13", "free");
        add("time:2023-11-14T11:00..", "good slow gone");
        add("time:2023-11-14T11:00", "gone");
        add("age:<5m", "slow");
        add("age:>1h", "gone free");
        add("age:31m", "good");
        add("since:5m", "slow");
        add("since:12:00", "good slow");
        add("since:2023-11-13", all);
        // Together.
        add("status:error model:tiny", "free");
        add("status:error AND model:tiny", "free");
        add("model:tiny OR model:phi4", "good free");
        add("model:tiny OR model:phi4 stream:yes", "good free");
        add("(model:tiny OR model:phi4) stream:yes", "good");
        add("-(model:tiny OR model:phi4)", "slow gone");
        add("NOT model:tiny -model:phi4", "slow gone");
        add("--model:tiny", "free");
        add("NOT NOT model:tiny", "free");
        add("((((tiny))))", "free");
        add("(-tiny)", "good slow gone");
        add("- tiny", "good slow gone");
        add("and", "");
        add("\"AND\"", "");
    }
    void finds()
    {
        QFETCH(QString, ids);
        const auto filter = parse_request_filter(QTest::currentDataTag());
        QVERIFY2(filter, filter ? "" : filter.error().message.c_str());
        QCOMPARE(found(*filter), ids);
    }

    void saysWhatIsWrongAndWhere_data()
    {
        QTest::addColumn<QString>("where"); // the stretch itself; empty at the end
        QTest::addColumn<QString>("words");
        const auto add = [](const char* text, const char* where, const char* words) {
            QTest::newRow(text) << QString::fromUtf8(where) << QString::fromUtf8(words);
        };
        add("modle:phi4", "modle", "did you mean “model”");
        add("status:error xyzzy:1", "xyzzy", "There is no field “xyzzy”");
        add("http://x", "http", "in quotes");
        add("ttft:", "ttft:", "“ttft:” needs a value, as in ttft:>500ms.");
        add("ttft:>", "ttft:>", "needs a value");
        add("ttft: >500ms", "ttft:", "needs a value");
        add("model:\"\"", "model:\"\"", "needs a value");
        add("ttft:>500", "500", "say the unit, as in 500ms or 500s");
        add("ttft:>soon", "soon", "written like 500ms");
        add("ttft:>-5ms", "-5ms", "is not what “ttft” is compared with");
        add("ttft:1e3s", "1e3s", "is not");
        add("ttft:1.2.3s", "1.2.3s", "is not");
        add("ttft:nan", "nan", "is not");
        add("ttft:999999999999999999999999999999s", "999999999999999999999999999999s", "is not");
        add("in:0x10", "0x10", "3k");
        add("in:3m", "3m", "3k");
        add("cost:>£1", "£1", "$0.01");
        add("total:5s..1s", "5s..1s", "write 1s..5s");
        add("total:..", "..", "no ends");
        add("total:>1s..2s", "1s..2s", "leave out the sign");
        add("model:>phi", "phi", "is a text");
        add("model:/phi/", "/phi/", "write * for anything, as in model:*phi*");
        add("model:a,", "a,", "at a comma");
        add("status:,429", ",429", "at a comma");
        add("status:429,teapot", "429,teapot", "“teapot” is no status");
        add("status:>429,500", "429,500", "leave out the sign");
        add(":::", ":::", "no letter");
        add("status:teapot", "teapot", "success, error, an HTTP status");
        add("status:6", "6", "HTTP status");
        add("status:>error", "error", "neither more nor less");
        add("status:xxx", "xxx", "HTTP status");
        add("reason:tired", "tired", "done, client_gone");
        add("stream:maybe", "maybe", "yes or no");
        add("has:money", "money", "There is no field");
        add("has:time", "time", "Every request has");
        add("has:!=cost", "cost", "takes the name");
        add("time:25:00", "25:00", "is no moment");
        add("time:2023-02-30", "2023-02-30", "is no moment");
        add("time:12:00:00.1234", "12:00:00.1234", "is no moment");
        add("since:yesterday", "yesterday", "neither a moment nor a time");
        add("since:>5m", "5m", "takes no sign");
        add("since:1m..2m", "1m..2m", "takes one moment");
        add("age:<5", "5", "say the unit");
        add("a OR", "OR", "after OR");
        add("OR a", "OR", "before this word");
        add("a AND", "AND", "after AND");
        add("a OR OR b", "OR", "after OR");
        add("NOT", "NOT", "after NOT");
        add("-", "-", "right after the “-”");
        add("a -", "-", "right after");
        add("(a", "(", "not closed");
        add("(", "(", "not closed");
        add("()", "()", "nothing between");
        add("a)", ")", "leave this one out");
        add(")", ")", "leave this one out");
        add("a \"b", "\"b", "not closed");
        add("\"", "\"", "not closed");
        add("\"\"", "\"\"", "nothing between the quotes");
        add(">500ms", ">500ms", "needs a field before it");
        add("ttft>500ms", "ttft>500ms", "Write ttft:>500ms, with a colon.");
    }
    void saysWhatIsWrongAndWhere()
    {
        QFETCH(QString, where);
        QFETCH(QString, words);
        const std::string text = QTest::currentDataTag();
        const auto filter = parse_request_filter(text);
        QVERIFY(!filter);
        const auto& error = filter.error();
        QVERIFY(error.from + error.length <= text.size());
        QCOMPARE(QString::fromStdString(text.substr(error.from, error.length)), where);
        const auto message = QString::fromStdString(error.message);
        QVERIFY2(message.contains(words), qPrintable(message));
        QVERIFY2(message.endsWith(QLatin1Char('.')) || message.endsWith(QLatin1Char('?')), qPrintable(message));
    }

    void holdsItsLimits()
    {
        QVERIFY(parse_request_filter(std::string(60, '(') + "a" + std::string(60, ')')));
        for (const char c : {'(', '-'}) {
            const auto deep = parse_request_filter(std::string(4000, c) + "a");
            QVERIFY(!deep);
            QVERIFY(QString::fromStdString(deep.error().message).contains(QStringLiteral("fewer parentheses")));
        }
        const auto wild = parse_request_filter(std::string(RequestFilter::longest, '*'));
        QVERIFY(wild);
        QCOMPARE(found(*wild), QStringLiteral("good slow gone free"));
        QVERIFY(!parse_request_filter(std::string(RequestFilter::longest + 1, 'a')));
        std::string many;
        while (many.size() + 20 < RequestFilter::longest)
            many += "a OR b (c) -d OR ";
        QVERIFY(parse_request_filter(many + "e"));
    }

    void garbageIsAnErrorAtMost()
    {
        std::mt19937 random(7);
        const std::vector<std::string> words = {
            "model", "ttft", "status",      "time", "has",  "since", ":",    ">",
            "<=",    "!=",   "..",          "\"",   "\\",   "(",     ")",    "-",
            "NOT",   "OR",   "AND",         "*",    " ",    "500",   "ms",   "5xx",
            "$",     "1.",   "14:30",       "\t",   "\xFF", "\xC3",  "\x01", "\xE2\x82\xAC",
            "k",     "x",    "2026-01-31T", "T",    "age",  "cost",  "=",    std::string(1, '\0')};
        const auto records = samples();
        for (int round = 0; round < 20'000; ++round) {
            std::string text;
            for (auto length = random() % 14; length > 0; --length)
                text += random() % 8 == 0 ? std::string(1, static_cast<char>(random() % 256))
                                          : words[random() % words.size()];
            const auto filter = parse_request_filter(text);
            if (filter) {
                for (const auto& sample : records)
                    filter->matches(sample, WallTime(std::chrono::milliseconds(noon)));
                QVERIFY(parse_request_filter(filter_and(text, "model:x")));
            } else {
                QVERIFY(!filter.error().message.empty());
                QVERIFY(filter.error().from + filter.error().length <= text.size());
            }
            for (std::size_t cursor = 0; cursor <= text.size() + 1; ++cursor) {
                const auto spot = filter_spot_at(text, cursor);
                QVERIFY(spot.from <= spot.to && spot.to <= text.size());
            }
        }
    }

    void knowsWhatIsHalfWritten_data()
    {
        QTest::addColumn<FilterHalf>("half");
        const auto add = [](const char* text, FilterHalf half) { QTest::newRow(text) << half; };
        // "|" is the cursor
        add("m|", FilterHalf::name);
        add("MOD|", FilterHalf::name);
        add("model|", FilterHalf::name);
        add("a (lat|)", FilterHalf::name); // of an alias
        add("-st| b", FilterHalf::name);
        add("status:error mod|", FilterHalf::name);
        add("mod |", FilterHalf::none);
        add("m|od", FilterHalf::none); // nothing is added at the end of it
        add("models|", FilterHalf::none);
        add("zzz|", FilterHalf::none);
        add("\"mod|", FilterHalf::none);
        add("|", FilterHalf::none);
        add("model:|", FilterHalf::value);
        add("ttft:>|", FilterHalf::value);
        add("model:phi4,|", FilterHalf::value);
        add("status:=429,| b", FilterHalf::value);
        add("model:\"a,|", FilterHalf::none);
        add("model:p|", FilterHalf::none);
        add("xyz:|", FilterHalf::none);
    }
    void knowsWhatIsHalfWritten()
    {
        QFETCH(FilterHalf, half);
        std::string text = QTest::currentDataTag();
        const auto cursor = text.find('|');
        text.erase(cursor, 1);
        QCOMPARE(filter_half_at(text, cursor), half);
    }

    void knowsItsFields()
    {
        std::set<std::string_view> names;
        for (const auto& field : filter_fields()) {
            QVERIFY(names.insert(field.name).second);
            for (const auto alias : field.aliases)
                QVERIFY(alias.empty() || names.insert(alias).second);
            QVERIFY(!field.doc.empty() && !field.doc.ends_with('.'));
            const auto example = parse_request_filter(field.example);
            QVERIFY2(example, std::string(field.example).c_str());
            QVERIFY(field.example.starts_with(std::string(field.name) + ':'));
            for (const auto word : filter_words(field))
                QVERIFY(parse_request_filter(std::string(field.name) + ':' + std::string(word)));
            QCOMPARE(find_filter_field(field.name), &field);
        }
        for (const auto& phrase : filter_phrases())
            QVERIFY2(parse_request_filter(phrase.example), std::string(phrase.example).c_str());
        QCOMPARE(find_filter_field(""), nullptr);
    }

    void keepsWhatIsThereWhenATermIsAdded_data()
    {
        QTest::addColumn<QString>("joined");
        QTest::newRow("") << QStringLiteral("x:1");
        QTest::newRow("  ") << QStringLiteral("x:1");
        QTest::newRow(" a b ") << QStringLiteral("a b x:1");
        QTest::newRow("a OR b") << QStringLiteral("(a OR b) x:1");
        QTest::newRow("a OR b(") << QStringLiteral("(a OR b( ) x:1");
        QTest::newRow("\"OR\"") << QStringLiteral("\"OR\" x:1");
    }
    void keepsWhatIsThereWhenATermIsAdded()
    {
        QFETCH(QString, joined);
        QCOMPARE(QString::fromStdString(filter_and(QTest::currentDataTag(), "x:1")), joined);
    }

    void anyValueCanBeAskedFor_data()
    {
        QTest::addColumn<int>("nothing");
        for (const char* value :
             {"phi4:14b", "a b", "a\"b", "a\\b", "a\\", "*", "-x", ">5", "(a)", "a)", "\xC3\xA4", "..", "NOT"})
            QTest::newRow(value);
    }
    void anyValueCanBeAskedFor()
    {
        const std::string value = QTest::currentDataTag();
        const auto filter = parse_request_filter("model:=" + filter_value(value));
        QVERIFY2(filter, filter ? "" : filter.error().message.c_str());
        auto other = record("x");
        other.target.model = value + "x";
        auto same = other;
        same.target.model = value;
        QVERIFY(filter->matches(same, {}));
        QVERIFY(!filter->matches(other, {}));
    }

    void completesAtACursor_data()
    {
        QTest::addColumn<QString>("said");
        const auto add = [](const char* text, const char* said) { QTest::newRow(text) << QString::fromLatin1(said); };
        // "|" is the cursor; field or value, prefix, what is replaced
        add("|", "field  ''");
        add("mo|", "field mo 'mo'");
        add("a mo|del:x", "field mo 'model:'");
        add("a |", "field  ''");
        add("(|", "field  ''");
        add("-st|", "field st 'st'");
        add("model:|", "value model  ''");
        add("model:p|hi4 b", "value model p 'phi4'");
        add("model:!=p|", "value model p 'p'");
        add("backend:o|", "value provider o 'o'");
        add("model:\"a b|", "value model a b '\"a b'");
        add("xyz:a|", "none  ''");
        add("has:c|", "value has c 'c'");
        add("status:>|", "value status  ''");
        add("model:a,b|c", "value model b 'bc'");
        add("model:\"a,b|", "value model a,b '\"a,b'");
    }
    void completesAtACursor()
    {
        QFETCH(QString, said);
        std::string text = QTest::currentDataTag();
        const auto cursor = text.find('|');
        text.erase(cursor, 1);
        const auto spot = filter_spot_at(text, cursor);
        const auto replaced = QString::fromStdString(text.substr(spot.from, spot.to - spot.from));
        const auto prefix = QString::fromStdString(spot.prefix);
        using Kind = FilterSpot::Kind;
        QCOMPARE(spot.kind == Kind::none ? QStringLiteral("none  ''")
                 : spot.kind == Kind::field
                     ? QStringLiteral("field %1 '%2'").arg(prefix, replaced)
                     : QStringLiteral("value %1 %2 '%3'").arg(QString::fromStdString(spot.field), prefix, replaced),
                 said);
    }
};

QTEST_APPLESS_MAIN(TestRequestFilter)
#include "tst_request_filter.moc"
