// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/model_list.h"
#include "console_fixture.h"
#include "pages/common/notice_bar.h"
#include "pages/playground/parameter_panel.h"
#include "pages/playground/playground_page.h"
#include "pages/playground/replay_request.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextBrowser>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::ScriptedServer;

namespace {

const QByteArray talk = R"({"model":"phi4","temperature":0.25,"max_tokens":64,"stream":true,"top_p":0.9,"messages":[
  {"role":"system","content":"Be brief."},
  {"role":"user","content":"first"},
  {"role":"assistant","content":"**one**"},
  {"role":"user","content":[{"type":"text","text":"what is"},{"type":"image_url","image_url":{"url":"data:..."}},{"type":"text","text":"this?"}]}]})";

QByteArray messages(const char* list)
{
    return QByteArray("{\"messages\":") + list + '}';
}

ReplayRequest read(const QByteArray& body)
{
    return readReplay({QStringLiteral("m"), body});
}

/// "user>reply|prompt"
QString textOf(const ReplayRequest& request)
{
    QStringList turns;
    for (const auto& turn : request.turns)
        turns << turn.prompt + QLatin1Char('>') + turn.reply;
    return turns.join(QLatin1Char(',')) + QLatin1Char('|') + request.prompt;
}

struct Bench : test::ConsoleFixture {
    Bench() : models(server.apiUrl())
    {
        page = std::make_unique<PlaygroundPage>(shared, models);
        page->resize(1000, 700);
        page->show();
        models.start();
    }
    template <typename W = QWidget>
    W* part(const char* name) const
    {
        return page->findChild<W*>(QLatin1StringView(name));
    }
    bool ready() const { return part<QComboBox>("playground.model")->count() > 0; }
    QString prompt() const { return part<QPlainTextEdit>("playground.prompt")->toPlainText(); }

    ConsoleContext shared = context();
    ModelList models;
    std::unique_ptr<PlaygroundPage> page;
};

} // namespace

class TestReplay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAConversation()
    {
        const auto request = readReplay({{}, talk});
        QCOMPARE(request.problem, QString());
        QCOMPARE(request.model, QStringLiteral("phi4"));
        QCOMPARE(request.system, QStringLiteral("Be brief."));
        QCOMPARE(textOf(request), QStringLiteral("first>**one**|what is\n\nthis?"));
        QCOMPARE(request.temperature, QStringLiteral("0.25"));
        QCOMPARE(request.maxTokens, QStringLiteral("64"));
        QCOMPARE(request.notes,
                 QStringList({QStringLiteral("Images are left out."), QStringLiteral("Not repeated: top_p.")}));
    }

    void readsWhatNobodyExpects_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("note");
        const auto row = [](const char* name, const char* list, const char* text, const char* note) {
            QTest::newRow(name) << messages(list) << QString::fromUtf8(text) << QString::fromUtf8(note);
        };
        row("two users", R"([{"role":"user","content":"a"},{"role":"user","content":"b"}])", "|a\n\nb", "joined");
        row("two replies",
            R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"assistant","content":"c"}])",
            "a>b\n\nc|", "Replies");
        row("ends with a reply", R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"}])", "a>b|",
            "what comes next");
        row("begins with a reply", R"([{"role":"assistant","content":"x"},{"role":"user","content":"a"}])", "|a",
            "nothing had been asked");
        row("late system", R"([{"role":"user","content":"a"},{"role":"developer","content":"s"}])", "|a", "moved");
        row("tools",
            R"([{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{}]},{"role":"tool","content":"7"}])",
            "|a", "Calls of tools");
        row("odd role", R"([{"role":"user","content":"a"},{"role":7,"content":"x"}])", "|a", "role");
        row("odd messages", R"([{"role":"user","content":"a"},null,7,[],{"role":"user","content":{"x":1}}])", "|a", "");
        row("odd parts",
            R"([{"role":"user","content":["x",{"type":"audio"},{"type":"text","text":5},{"type":"text","text":"a"}]}])",
            "|a", "audio");
    }
    void readsWhatNobodyExpects()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, text);
        QFETCH(QString, note);
        const auto request = read(body);
        QCOMPARE(request.problem, QString());
        QCOMPARE(textOf(request), text);
        QVERIFY2(request.notes.join(QLatin1Char(' ')).contains(note), qPrintable(request.notes.join(QLatin1Char(' '))));
    }

    void whatIsNoChatIsAProblem()
    {
        const QByteArray deep =
            QByteArray("{\"messages\":") + QByteArray(100'000, '[') + QByteArray(100'000, ']') + '}';
        for (const auto& body :
             {QByteArray(), QByteArray("{"), QByteArray("[]"), QByteArray("{\"messages\":{}}"), messages("[]"),
              messages(R"([{"role":"user","content":""}])"), QByteArray("\xff\xfe\0", 3), deep})
            QVERIFY(!read(body).problem.isEmpty());
    }

    void fillsThePlayground()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.page->replay({QStringLiteral("phi4"), talk});
        QCOMPARE(bench.prompt(), QStringLiteral("what is\n\nthis?"));
        QCOMPARE(bench.part<QPlainTextEdit>("playground.system")->toPlainText(), QStringLiteral("Be brief."));
        QCOMPARE(bench.part<QLineEdit>("playground.temperature")->text(), QStringLiteral("0.25"));
        QCOMPARE(bench.part<QLineEdit>("playground.maxTokens")->text(), QStringLiteral("64"));
        QCOMPARE(bench.part<ParameterPanel>("playground.parameters")->model(), QStringLiteral("phi4"));
        QCOMPARE(bench.part<QTextBrowser>("playground.reply")->toPlainText(), QStringLiteral("one"));
        QVERIFY(bench.part<NoticeBar>("playground.notice")->text().contains(QStringLiteral("Images are left out.")));
        // Sent, it is what was captured.
        bench.server.script("/v1/chat/completions", {ScriptedServer::streamHead(), "data: [DONE]\n\n"});
        QTest::keyClick(bench.part<QPlainTextEdit>("playground.prompt"), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(bench.server.bodies().back().contains(
            R"([{"role":"system","content":"Be brief."},{"role":"user","content":"first"},)"
            R"({"role":"assistant","content":"**one**"},{"role":"user",)"));
        QVERIFY(bench.server.bodies().back().contains(R"("temperature":0.25)"));
    }

    void aDraftIsNotLostUnasked()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.part<QPlainTextEdit>("playground.prompt")->setPlainText(QStringLiteral("my thought"));
        bench.page->replay({QStringLiteral("phi4"), talk});
        auto* notice = bench.part<NoticeBar>("playground.notice");
        QVERIFY(notice->isVisible());
        QCOMPARE(bench.prompt(), QStringLiteral("my thought"));
        bench.part<QPushButton>("playground.notice.1")->click();
        QCOMPARE(bench.prompt(), QStringLiteral("my thought"));
        QVERIFY(!notice->isVisible());
        bench.page->replay({QStringLiteral("phi4"), talk});
        bench.part<QPushButton>("playground.notice.0")->click();
        QCOMPARE(bench.prompt(), QStringLiteral("what is\n\nthis?"));
        // It is a draft now, too.
        bench.page->replay({QStringLiteral("phi4"), messages(R"([{"role":"user","content":"other"}])")});
        QCOMPARE(bench.prompt(), QStringLiteral("what is\n\nthis?"));
    }

    void aModelThatIsGoneIsNamed()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.page->replay({QStringLiteral("gone"), messages(R"([{"role":"user","content":"a"}])")});
        QVERIFY(bench.part<NoticeBar>("playground.notice")->text().contains(QStringLiteral("“gone”")));
        QVERIFY(!bench.part<ParameterPanel>("playground.parameters")->model().isEmpty());
        bench.part<QPlainTextEdit>("playground.prompt")->clear();
        bench.page->replay({QStringLiteral("phi4"), QByteArray("{")});
        QVERIFY(bench.part<NoticeBar>("playground.notice")->text().contains(QStringLiteral("cannot be replayed")));
    }

    void aReplyThatIsComingIsStopped()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.server.script("/v1/chat/completions", {ScriptedServer::streamHead()}, true);
        bench.part<QPlainTextEdit>("playground.prompt")->setPlainText(QStringLiteral("hi"));
        QTest::keyClick(bench.part<QPlainTextEdit>("playground.prompt"), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(bench.part<QPushButton>("playground.send")->text(), QStringLiteral("Stop"));
        bench.page->replay({QStringLiteral("phi4"), talk});
        bench.part<QPushButton>("playground.notice.0")->click();
        QTRY_COMPARE(bench.part<QPushButton>("playground.send")->text(), QStringLiteral("Send"));
        QCOMPARE(bench.prompt(), QStringLiteral("what is\n\nthis?"));
        QTRY_COMPARE(bench.page->findChildren<QTextBrowser*>(QStringLiteral("playground.reply")).size(), 1);
    }
};

QTEST_MAIN(TestReplay)
#include "tst_replay.moc"
