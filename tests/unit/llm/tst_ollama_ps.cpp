// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ollama_ps.h"

#include <QFile>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::llm;

namespace {

std::string_view view(const QByteArray& text)
{
    return {text.data(), static_cast<std::size_t>(text.size())};
}

/// "name size vram expires" of each, "-" for what is absent.
QByteArray shown(const Result<std::vector<LoadedModel>>& models)
{
    if (!models)
        return "error";
    const auto number = [](const auto& value) { return value ? QByteArray::number(*value) : QByteArray("-"); };
    QByteArrayList out;
    for (const auto& model : *models)
        out << QByteArray::fromStdString(model.name) + ' ' + number(model.size) + ' ' + number(model.size_vram) + ' '
                   + number(model.expires_at);
    return out.join(", ");
}

} // namespace

class TstOllamaPs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_recorded_answer()
    {
        QFile file(QStringLiteral(TOKENSCOPE_UPSTREAMS "/ollama_ps.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(shown(read_ollama_ps(view(file.readAll()))),
                 QByteArray("phi4:latest 11000000000 11000000000 1767604830"));
    }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("models");
        const auto row = [](const char* name, QByteArray body, const char* models) {
            QTest::newRow(name) << body.replace('\'', '"') << QByteArray(models);
        };
        row("nothing loaded", "{'models':[]}", "");
        row("nothing loaded, as Go may say it", "{'models':null}", "");
        row("partly on a GPU", "{'models':[{'name':'a','size':6591830464,'size_vram':5333539264}]}",
            "a 6591830464 5333539264 -");
        row("on the CPU", "{'models':[{'name':'a','size':10,'size_vram':0}]}", "a 10 0 -");
        row("kept for ever", "{'models':[{'name':'a','size':1,'expires_at':'2318-01-01T00:00:00Z'}]}",
            "a 1 - 10981785600");
        row("no time", "{'models':[{'name':'a','expires_at':'0001-01-01T00:00:00Z'}]}", "a - - -");
        row("two, and space", " {'models' : [ {'name':'a'} , {'model':'b'} ] , 'more':[{}]} ", "a - - -, b - - -");
        row("numbers that cannot be", "{'models':[{'name':'a','size':-1,'size_vram':1e400},{'name':'b','size':'7'}]}",
            "a - - -, b - - -");
        row("a number beyond 64 bits", "{'models':[{'name':'a','size':99999999999999999999}]}", "a - - -");
        row("entries that are none", "{'models':[1,null,[],{},{'name':''},{'name':5},{'name':'a'}]}", "a - - -");
        row("the last list counts", "{'models':[{'name':'a'}],'models':[{'name':'b'}]}", "b - - -");
        row("another API", "{'object':'list','data':[]}", "error");
        row("an error", "{'error':'no'}", "error");
        row("a list", "[]", "error");
        row("empty", "", "error");
        row("a page", "<html>", "error");
        row("cut", "{'models':[{'name':'a'", "error");
        row("more behind it", "{'models':[]} x", "error");
    }

    void answers()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, models);
        QCOMPARE(shown(read_ollama_ps(view(body))), models);
    }

    void a_flood_is_cut()
    {
        QByteArrayList entries;
        for (int i = 0; i < 5000; ++i)
            entries << "{\"name\":\"m" + QByteArray::number(i) + "\"}";
        const QByteArray body = "{\"models\":[" + entries.join(',') + "]}";
        const auto models = read_ollama_ps(view(body));
        QVERIFY(models);
        QCOMPARE(models->size(), most_loaded_models);
    }

    void every_truncation_is_an_answer()
    {
        const QByteArray body =
            R"({"models":[{"name":"a\u00e9","size":12,"expires_at":"2026-01-05T10:20:30.1+01:00"}]})";
        for (qsizetype size = 0; size < body.size(); ++size)
            QVERIFY(!read_ollama_ps(view(body.left(size))));
        QVERIFY(read_ollama_ps(view(body)));
    }
};

QTEST_APPLESS_MAIN(TstOllamaPs)
#include "tst_ollama_ps.moc"
