// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/playground_page.h"

#include "bridge/model_list.h"
#include "console_fixture.h"
#include "pages/playground/markdown_view.h"
#include "pages/playground/parameter_panel.h"
#include "pages/playground/reply_stats.h"

#include <QAbstractItemDelegate>
#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextBrowser>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::ScriptedServer;

namespace {

const QByteArray chat = "/v1/chat/completions";

QByteArray content(const QByteArray& text)
{
    return "data: {\"model\":\"tiny\",\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
}

const QByteArray ending = "data: "
                          "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,"
                          "\"completion_tokens\":9}}\n\n"
                          "data: [DONE]\n\n";

/// The page on its own, with models loaded.
struct Bench : test::ConsoleFixture {
    explicit Bench(bool running = true) : test::ConsoleFixture(running), models(running ? server.apiUrl() : QString())
    {
        open();
    }
    void open()
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
    void type(const QString& text) const { part<QPlainTextEdit>("playground.prompt")->setPlainText(text); }
    void send() const
    {
        QTest::keyClick(part<QPlainTextEdit>("playground.prompt"), Qt::Key_Return, Qt::ControlModifier);
    }
    void ask(const char* prompt) const
    {
        type(QString::fromLatin1(prompt));
        send();
    }
    QString label(const char* name) const { return part<QLabel>(name) ? part<QLabel>(name)->text() : QString(); }

    QString reply() const
    {
        const auto* browser = part<QTextBrowser>("playground.reply");
        return browser && browser->isVisible() ? browser->toPlainText() : QString();
    }

    ConsoleContext shared = context();
    ModelList models;
    std::unique_ptr<PlaygroundPage> page;
};

} // namespace

class TestPlayground : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresOfAReply()
    {
        Theme theme(ThemeMode::dark);
        ReplyStats shown(theme);
        shown.setNamed(true);
        const auto label = [&shown](const char* name) { return shown.findChild<QLabel*>(QLatin1StringView(name)); };
        ChatStats stats;
        stats.ttft = 0.0874;
        stats.gaps = {0.01, 0.011, 0.01, 0.09};
        stats.model = QStringLiteral("tiny");
        shown.setStats(stats, stats.model);
        const auto* ttft = label("playground.stats.ttft");
        QCOMPARE(ttft->accessibleName(), QStringLiteral("TTFT 87.4 ms"));
        const auto number = [&] { return QString(theme.tokens().text.name() + QStringLiteral("\">87.4</span> ms")); };
        QVERIFY2(ttft->text().endsWith(number()), qPrintable(ttft->text()));
        theme.setMode(ThemeMode::light);
        QVERIFY2(ttft->text().endsWith(number()), qPrintable(ttft->text()));
        // The heading names the model already.
        QCOMPARE(label("playground.stats.model")->text(), QString());
        shown.setStats(stats, QStringLiteral("newest"));
        QCOMPARE(label("playground.stats.model")->text(), stats.model);
        // What a bar of another colour means.
        const auto amber = QStringLiteral("amber: more than 3 × the median");
        const auto* caption = label("playground.stats.longestGap");
        QVERIFY(caption->text().endsWith(amber) && caption->toolTip().endsWith(amber));
        stats.gaps.pop_back();
        shown.setStats(stats, stats.model);
        QVERIFY(!caption->text().contains(amber) && caption->toolTip().endsWith(amber));
    }

    void sendsAndShowsReplyAndNumbers()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.server.script(chat, {ScriptedServer::streamHead(), content("**Hello**"), content(" world"), ending});
        bench.type(QStringLiteral("  hi  "));
        bench.send();
        QCOMPARE(bench.part<QPlainTextEdit>("playground.prompt")->toPlainText(), QString());
        QTRY_VERIFY(bench.label("playground.stats.ttft").startsWith(QStringLiteral("TTFT ")));
        QCOMPARE(bench.part<QTextBrowser>("playground.reply")->toPlainText(), QStringLiteral("Hello world"));
        QCOMPARE(bench.part("playground.stats.tokensIn")->accessibleName(), QStringLiteral("5 in"));
        QCOMPARE(bench.part("playground.stats.tokensOut")->accessibleName(), QStringLiteral("9 out"));
        // The bars have a scale.
        const auto scale = bench.label("playground.stats.longestGap");
        QVERIFY2(scale.startsWith(QStringLiteral("gap before each token, up to ")), qPrintable(scale));
        QCOMPARE(bench.part("playground.stats.longestGap")->parentWidget(),
                 bench.part("playground.stats.gaps")->parentWidget());
        QCOMPARE(bench.part("playground.maxTokens")->accessibleName(), QStringLiteral("Max output tokens"));
        QCOMPARE(bench.part<QPushButton>("playground.send")->text(), QStringLiteral("Send"));
        bench.part<QPushButton>("playground.copyReply")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("**Hello** world"));
        bench.part<QPushButton>("playground.copyCurl")->click();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("curl ")));
    }

    void modelsAreSetInBelowTheirHeadings()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        const auto* picker = bench.part<QComboBox>("playground.model");
        const auto begins = [picker](int row) {
            QImage image(200, 24, QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            QStyleOptionViewItem option;
            option.rect = image.rect();
            option.font = picker->font();
            option.fontMetrics = picker->fontMetrics();
            const auto index = picker->model()->index(row, 0);
            option.state.setFlag(QStyle::State_Enabled, index.flags().testFlag(Qt::ItemIsEnabled));
            picker->view()->itemDelegate()->paint(&painter, option, index);
            for (int x = 0; x < image.width(); ++x) {
                for (int y = 0; y < image.height(); ++y) {
                    if (image.pixelColor(x, y) != QColor(Qt::white))
                        return x;
                }
            }
            return -1;
        };
        QVERIFY(begins(0) >= 0);
        QVERIFY(begins(1) >= begins(0) + 8);
    }

    void theConversationGoesAlong()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.server.script(chat, {ScriptedServer::streamHead(), content("one"), ending});
        bench.part<QPlainTextEdit>("playground.system")->setPlainText(QStringLiteral("Be brief."));
        bench.part<QLineEdit>("playground.temperature")->setText(QStringLiteral("0,7"));
        for (const auto* prompt : {"first", "second"}) {
            bench.type(QString::fromLatin1(prompt));
            bench.send();
            QTRY_VERIFY(!bench.label("playground.stats.ttft").isEmpty());
        }
        const auto bodies = bench.server.bodies();
        QVERIFY(bodies.back().contains(R"([{"role":"system","content":"Be brief."},{"role":"user","content":"first"},)"
                                       R"({"role":"assistant","content":"one"},{"role":"user","content":"second"}])"));
        QVERIFY(bodies.back().contains(R"("temperature":0.7)"));
        QVERIFY(!bodies.back().contains("max_tokens"));
        QCOMPARE(bench.page->findChildren<QTextBrowser*>(QStringLiteral("playground.reply")).size(), 1);
        bench.part<QPushButton>("playground.newChat")->click();
        QTRY_COMPARE(bench.page->findChildren<QTextBrowser*>().size(), 0);
    }

    void aNewChatCanBeUndone()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        const auto* notice = bench.part("playground.notice");
        const auto newChat = [&bench] { // its button is seen going down
            QSignalSpy clicked(bench.part<QPushButton>("playground.newChat"), &QPushButton::clicked);
            QTest::keyClick(bench.page.get(), Qt::Key_N, Qt::ControlModifier);
            QTRY_COMPARE(clicked.size(), 1);
        };
        newChat(); // there is nothing to lose
        QVERIFY(!notice->isVisible());
        bench.server.script(chat, {ScriptedServer::streamHead(), content("one"), ending});
        bench.ask("first");
        QTRY_VERIFY(!bench.label("playground.stats.ttft").isEmpty());
        bench.server.script(chat, {ScriptedServer::streamHead(), content("begin")}, true);
        bench.ask("second");
        QTRY_COMPARE(bench.reply(), QStringLiteral("begin"));
        newChat(); // in mid-reply
        QVERIFY(!bench.part<QTextBrowser>("playground.reply"));
        QVERIFY(bench.part("playground.hint")->isVisible());
        QVERIFY(notice->isVisible());
        bench.part<QPushButton>("playground.notice.0")->click();
        QTRY_COMPARE(bench.reply(), QStringLiteral("begin"));
        QVERIFY(!bench.part("playground.hint")->isVisible());
        bench.server.script(chat, {ScriptedServer::streamHead(), content("three"), ending});
        bench.ask("third");
        QTRY_COMPARE(bench.reply(), QStringLiteral("three"));
        QVERIFY(bench.server.bodies().back().contains(
            R"([{"role":"user","content":"first"},{"role":"assistant","content":"one"},)"
            R"({"role":"user","content":"second"},{"role":"assistant","content":"begin"},)"
            R"({"role":"user","content":"third"}])"));
        // With the next prompt it is too late: that belongs to the new one.
        QTRY_COMPARE(bench.part<QPushButton>("playground.send")->text(), QStringLiteral("Send"));
        newChat();
        QVERIFY(notice->isVisible());
        bench.ask("anew");
        QVERIFY(!notice->isVisible());
    }

    void anAnswerThatIsAskedForAgainComesBack()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        for (const auto* reply : {"one", "good"}) {
            bench.server.script(chat, {ScriptedServer::streamHead(), content(reply), ending});
            bench.ask(reply);
            QTRY_COMPARE(bench.reply(), QString::fromLatin1(reply));
            QTRY_COMPARE(bench.part<QPushButton>("playground.send")->text(), QStringLiteral("Send"));
        }
        bench.server.script(chat, {ScriptedServer::streamHead(), content("worse")}, true);
        const auto all = bench.page->commands();
        std::ranges::find(all, QStringLiteral("retry"), &PageCommand::id)->run();
        QTRY_COMPARE(bench.reply(), QStringLiteral("worse"));
        QCOMPARE(bench.page->findChildren<QTextBrowser*>().size(), 2);
        bench.part<QPushButton>("playground.notice.0")->click();
        QTRY_COMPARE(bench.reply(), QStringLiteral("good"));
        QTRY_COMPARE(bench.page->findChildren<QTextBrowser*>().size(), 2);
        QCOMPARE(bench.part<QPushButton>("playground.send")->text(), QStringLiteral("Send"));
    }

    void errorsStandWhereTheyAroseAndCanBeTriedAgain()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.server.script(chat, {ScriptedServer::reply("429 Too Many Requests", "application/json",
                                                         R"({"error":{"message":"The queue is full."}})")});
        bench.type(QStringLiteral("hi"));
        bench.send();
        QTRY_COMPARE(bench.label("playground.error.message"), QStringLiteral("The queue is full."));
        QVERIFY(!bench.part<QLabel>("playground.error.detail")->isVisible());
        bench.part<QPushButton>("playground.error.details")->click();
        QVERIFY(bench.part<QLabel>("playground.error.detail")->isVisible());
        bench.part<QPushButton>("playground.error.copy")->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("HTTP 429")));
        bench.server.script(chat, {ScriptedServer::streamHead(), content("yes"), ending});
        bench.part<QPushButton>("playground.error.retry")->click();
        QTRY_VERIFY(!bench.label("playground.stats.ttft").isEmpty());
        QCOMPARE(bench.server.bodies().back().count("\"role\":\"user\""), 1);
    }

    void escapeStops()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.server.script(chat, {ScriptedServer::streamHead(), content("begin")}, true);
        bench.type(QStringLiteral("hi"));
        bench.send();
        auto* send = bench.part<QPushButton>("playground.send");
        QTRY_COMPARE(send->text(), QStringLiteral("Stop"));
        QTRY_VERIFY(bench.part<QTextBrowser>("playground.reply")->isVisible());
        QVERIFY(QTest::qWaitForWindowActive(bench.page.get()));
        QTest::keyClick(bench.part<QPlainTextEdit>("playground.prompt"), Qt::Key_Escape);
        QTRY_COMPARE(send->text(), QStringLiteral("Send"));
        QCOMPARE(bench.label("playground.stats.finish"), QStringLiteral("stopped"));
        QCOMPARE(bench.part<QTextBrowser>("playground.reply")->toPlainText(), QStringLiteral("begin"));
    }

    void wrongParametersAreNotSent_data()
    {
        QTest::addColumn<QString>("temperature");
        QTest::addColumn<QString>("maxTokens");
        QTest::addColumn<bool>("good");
        QTest::newRow("empty") << QString() << QString() << true;
        QTest::newRow("fine") << QStringLiteral(" 0.5 ") << QStringLiteral("100") << true;
        QTest::newRow("zero is a temperature") << QStringLiteral("0") << QString() << true;
        QTest::newRow("too hot") << QStringLiteral("2.1") << QString() << false;
        QTest::newRow("not a number") << QStringLiteral("nan") << QString() << false;
        QTest::newRow("infinite") << QStringLiteral("inf") << QString() << false;
        QTest::newRow("negative") << QStringLiteral("-1") << QString() << false;
        QTest::newRow("no tokens") << QString() << QStringLiteral("0") << false;
        QTest::newRow("half a token") << QString() << QStringLiteral("1.5") << false;
        QTest::newRow("too many") << QString() << QStringLiteral("99999999999") << false;
    }
    void wrongParametersAreNotSent()
    {
        QFETCH(QString, temperature);
        QFETCH(QString, maxTokens);
        QFETCH(bool, good);
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.type(QStringLiteral("hi"));
        bench.part<QLineEdit>("playground.temperature")->setText(temperature);
        bench.part<QLineEdit>("playground.maxTokens")->setText(maxTokens);
        QCOMPARE(bench.part<QPushButton>("playground.send")->isEnabled(), good);
        QCOMPARE(bench.part<QLabel>("playground.parameterProblem")->isVisible(), !good);
    }

    void draftsSurvive()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        bench.type(QStringLiteral("half a thought\nand a line"));
        bench.part<QLineEdit>("playground.maxTokens")->setText(QStringLiteral("64"));
        bench.part<QComboBox>("playground.model")->setCurrentIndex(3);
        QTRY_COMPARE(bench.settings.value(QStringLiteral("playground/draft")).toString(),
                     QStringLiteral("half a thought\nand a line"));
        bench.type(QStringLiteral("later"));
        bench.page.reset(); // before the next save was due
        bench.open();
        QCOMPARE(bench.part<QPlainTextEdit>("playground.prompt")->toPlainText(), QStringLiteral("later"));
        QCOMPARE(bench.part<QLineEdit>("playground.maxTokens")->text(), QStringLiteral("64"));
        QTRY_COMPARE(bench.part<ParameterPanel>("playground.parameters")->model(), QStringLiteral("phi4"));
    }

    void aChosenModelSurvivesARenewedList()
    {
        Bench bench;
        QTRY_VERIFY(bench.ready());
        auto* panel = bench.part<ParameterPanel>("playground.parameters");
        QCOMPARE(panel->model(), QStringLiteral("tiny"));
        QVERIFY(panel->modelSimulated());
        panel->setModel(QStringLiteral("phi4"));
        panel->setModels({{QStringLiteral("aaa"), QStringLiteral("new"), false},
                          {QStringLiteral("phi4"), QStringLiteral("ollama"), false}},
                         {});
        QCOMPARE(panel->model(), QStringLiteral("phi4"));
        panel->setModels({}, {});
        QCOMPARE(panel->model(), QString());
        panel->setModels({{QStringLiteral("aaa"), QStringLiteral("new"), false},
                          {QStringLiteral("phi4"), QStringLiteral("ollama"), false}},
                         {});
        QCOMPARE(panel->model(), QStringLiteral("phi4"));
    }

    void markdownIsRenderedAndNothingElse()
    {
        Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        view.resize(400, 100);
        view.appendText(QStringLiteral("# Title\n\n**bold** <script>alert(1)</script> "
                                       "<b>raw</b>\n\n![x](file:///etc/passwd)\n\n```\nint main();\n"));
        view.flush();
        const auto text = view.toPlainText();
        QVERIFY(text.contains(QStringLiteral("<b>raw</b>")));
        QVERIFY(text.contains(QStringLiteral("<script>")));
        QVERIFY(!text.contains(QStringLiteral("**")));
        QVERIFY(text.contains(QStringLiteral("int main();")));
        QVERIFY(!view.loadResource(QTextDocument::ImageResource, QUrl(QStringLiteral("file:///etc/passwd"))).isValid());
        QVERIFY(!view.loadResource(QTextDocument::ImageResource, QUrl(QStringLiteral("https://example.org/a.png")))
                     .isValid());
        QVERIFY(view.height() >= static_cast<int>(view.document()->size().height()));
    }

    void longRepliesDoNotHoldUpTheWindow()
    {
        Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        view.resize(800, 100);
        view.show();
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < 20'000; ++i)
            view.appendText(QStringLiteral("word%1 ").arg(i) + (i % 50 == 0 ? QStringLiteral("\n\n") : QString()));
        QVERIFY2(clock.elapsed() < 1000, "appending must not render");
        view.flush();
        QVERIFY(view.toPlainText().contains(QStringLiteral("word19999")));
    }
};

QTEST_MAIN(TestPlayground)
#include "tst_playground.moc"
