// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "find_widget.h"
#include "pages/sources/sources_dialog.h"
#include "shell/main_window.h"

#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QToolButton>
#include <QtTest>

#include <thread>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

void type(QWidget* widget, const char* text)
{
    widget->setFocus();
    QTest::keyClicks(widget, QString::fromUtf8(text));
}

/// The dialog over a list of fakes.
struct Open : test::SourceFixture {
    explicit Open(const std::vector<std::string>& names = {})
    {
        for (const auto& name : names)
            add(name);
        dialog = new SourcesDialog(theme, sources);
        dialog->show();
    }
    ~Open() { delete dialog.data(); }

    template <typename W = QPushButton>
    W* get(const char* name) const
    {
        return find<W>(*dialog, name);
    }
    void fill(const char* name, const char* url)
    {
        get("sources.add")->click();
        type(get<QLineEdit>("source.name"), name);
        type(get<QLineEdit>("source.url"), url);
    }
    QString problem(const char* field) const
    {
        const auto* label = get<QLabel>(field);
        return label->isVisible() ? label->text() : QString();
    }

    Theme theme{ThemeMode::dark};
    QPointer<SourcesDialog> dialog;
};

} // namespace

class TestSourcesDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addsAConnection()
    {
        Open open;
        open.fill("prod", "https://prom.example/prometheus");
        QVERIFY(open.get("source.save")->isEnabled());
        open.get("source.save")->click();
        QCOMPARE(open.sources.connections().size(), std::size_t{1});
        const auto& saved = open.sources.connections()[0];
        QCOMPARE(saved.name, std::string("prod"));
        QCOMPARE(saved.url, std::string("https://prom.example/prometheus"));
        QCOMPARE(open.get<QListWidget>("sources.list")->currentItem()->text(), QStringLiteral("prod"));
        QCOMPARE(open.get<QLabel>("source.reason")->text(), QStringLiteral("All saved"));
        QVERIFY(!open.get("source.save")->isEnabled());
    }

    void everythingThatIsTypedIsSaved()
    {
        Open open;
        open.fill("page", "http://127.0.0.1:8000/metrics");
        open.get<QComboBox>("source.kind")->setCurrentIndex(1);
        open.get<QComboBox>("source.auth")->setCurrentIndex(1);
        type(open.get<QLineEdit>("source.user"), "me");
        type(open.get<QLineEdit>("source.secret"), "${PROM_PASSWORD}");
        auto* headers = open.get<QTableWidget>("source.headers");
        headers->item(0, 0)->setText(QStringLiteral("X-Scope-OrgID"));
        headers->item(0, 1)->setText(QStringLiteral("team"));
        QCOMPARE(headers->rowCount(), 2); // there is room for another
        type(open.get<QLineEdit>("source.ca_file"), "/etc/ca.pem");
        open.get("source.save")->click();
        QCOMPARE(open.sources.connections().size(), std::size_t{1});
        const auto saved = open.sources.connections()[0];
        QVERIFY(saved.kind == sources::ConnectionKind::page && saved.auth == sources::AuthKind::basic);
        QCOMPARE(saved.user, std::string("me"));
        QCOMPARE(saved.secret, std::string("${PROM_PASSWORD}"));
        QCOMPARE(saved.headers.at("X-Scope-OrgID"), std::string("team"));
        QCOMPARE(saved.ca_file, std::string("/etc/ca.pem"));
    }

    /// Of a Prometheus: the limit of a page is another one.
    void theLargestAnswerIsSaved()
    {
        Open open;
        open.fill("prod", "http://127.0.0.1:9090");
        auto* largest = open.get<QSpinBox>("source.answer_mib");
        QVERIFY(largest->isVisible());
        QCOMPARE(largest->value(), 256);
        largest->setValue(1'024);
        open.get("source.save")->click();
        QCOMPARE(open.sources.connections().at(0).answer_mib, std::int64_t{1'024});
        QVERIFY(!open.get("source.save")->isEnabled());
        open.get<QComboBox>("source.kind")->setCurrentIndex(1);
        QVERIFY(!largest->isVisible());
    }

    void credentialsThatAreNotUsedAreNotKept()
    {
        Open open;
        open.fill("prod", "http://127.0.0.1:9090");
        auto* auth = open.get<QComboBox>("source.auth");
        auth->setCurrentIndex(1);
        type(open.get<QLineEdit>("source.user"), "me");
        type(open.get<QLineEdit>("source.secret"), "secret");
        auth->setCurrentIndex(0);
        open.get("source.save")->click();
        QCOMPARE(open.sources.connections().size(), std::size_t{1});
        QCOMPARE(open.sources.connections()[0].user, std::string());
        QCOMPARE(open.sources.connections()[0].secret, std::string());
    }

    void secretsAreHiddenUntilAskedFor()
    {
        Open open({"prod"});
        open.get<QComboBox>("source.auth")->setCurrentIndex(2);
        auto* secret = open.get<QLineEdit>("source.secret");
        QCOMPARE(secret->echoMode(), QLineEdit::Password);
        open.get("source.secret.show")->click();
        QCOMPARE(secret->echoMode(), QLineEdit::Normal);
        open.get("sources.add")->click(); // another connection's secret is not shown
        QCOMPARE(secret->echoMode(), QLineEdit::Password);
    }

    void whatIsWrongStandsAtItsField()
    {
        Open open({"prod"});
        open.get("sources.add")->click();
        QVERIFY(open.problem("source.problem.name").isEmpty()); // nobody typed yet
        QVERIFY(!open.get("source.save")->isEnabled());
        QVERIFY(!open.get<QLabel>("source.reason")->text().isEmpty());
        type(open.get<QLineEdit>("source.name"), "prod");
        QVERIFY(!open.problem("source.problem.url").isEmpty());
        type(open.get<QLineEdit>("source.url"), "ftp://x");
        QVERIFY(!open.problem("source.problem.url").isEmpty());
        open.get<QLineEdit>("source.url")->setText(QStringLiteral("http://x"));
        QVERIFY(open.problem("source.problem.url").isEmpty());
        QVERIFY(!open.problem("source.problem.name").isEmpty()); // taken
        type(open.get<QLineEdit>("source.name"), "2");
        QVERIFY(open.problem("source.problem.name").isEmpty());
        QVERIFY(open.get("source.save")->isEnabled());
    }

    void aTestThatSucceedsSaysWhatAnswered()
    {
        Open open;
        open.fill("prod", "http://127.0.0.1:9090");
        open.get("source.test")->click();
        const auto trial = open.remote["prod"];
        QVERIFY(open.get<QProgressBar>("source.test.progress")->isVisible());
        QVERIFY(!open.get("source.test")->isEnabled());
        std::thread([&] { trial->tests().at(0).second(std::string("Prometheus 2.42.0 with 312 metrics.")); }).join();
        auto* outcome = open.get<QLabel>("source.test.outcome.message");
        QTRY_VERIFY(outcome->isVisible());
        const QRegularExpression said(
            QStringLiteral("^Answered in \\d+ ms: Prometheus 2\\.42\\.0 with 312 metrics\\.$"));
        QVERIFY2(said.match(outcome->text()).hasMatch(), qPrintable(outcome->text()));
        QVERIFY(!open.get<QProgressBar>("source.test.progress")->isVisible());
        QVERIFY(open.sources.connections().empty()); // a test saves nothing
        type(open.get<QLineEdit>("source.name"), "another name");
        QVERIFY(outcome->isVisible());
        type(open.get<QLineEdit>("source.url"), "http://127.0.0.1:9091"); // of which nothing is known
        QVERIFY(!outcome->isVisible());
    }

    void aTestThatFailsSaysWhyAndLosesNothing()
    {
        Open open;
        open.fill("prod", "http://127.0.0.1:9090");
        open.get("source.test")->click();
        open.remote["prod"]->tests().at(0).second(failure(
            ErrorCode::upstream_unreachable, "Nobody listens there: is it running?", "connect: Connection refused"));
        auto* outcome = open.get<QLabel>("source.test.outcome.message");
        QTRY_VERIFY(outcome->isVisible());
        QCOMPARE(outcome->text(), QStringLiteral("Nobody listens there: is it running?"));
        auto* detail = open.get<QPlainTextEdit>("source.test.outcome.detail");
        QVERIFY(!detail->isVisible());
        open.get("source.test.outcome.details")->click();
        QVERIFY(detail->isVisible());
        QCOMPARE(detail->toPlainText(), QStringLiteral("connect: Connection refused"));
        open.get("source.test.outcome.copy")->click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("Connection refused")));
        QCOMPARE(open.get<QLineEdit>("source.name")->text(), QStringLiteral("prod"));
        QVERIFY(open.get("source.save")->isEnabled()); // a server that is down today may be saved
        QVERIFY(open.get("source.test")->isEnabled());
    }

    /// A word that fits into no line must not make the dialog wider than the screen.
    void longWordsAreBroken()
    {
        Open open;
        open.fill("prod", "http://127.0.0.1:9090");
        const QSize size = open.dialog->size();
        const auto url = QStringLiteral("http://%1.com").arg(QString(3000, QLatin1Char('a')));
        open.get("source.test")->click();
        const auto sentence = QStringLiteral("The host of %1 is not known.").arg(url);
        open.remote["prod"]->tests().at(0).second(failure(ErrorCode::upstream_unreachable, sentence.toStdString()));
        auto* message = open.get<QLabel>("source.test.outcome.message");
        QTRY_VERIFY(message->isVisible());
        QTest::qWait(50); // laid out
        QCOMPARE(open.dialog->width(), size.width());
        QVERIFY(open.dialog->minimumSizeHint().width() <= size.width());
        QVERIFY(message->height() >= message->heightForWidth(message->width()));
        QVERIFY(message->height() > 2 * message->fontMetrics().height());
        QVERIFY(message->text().remove(QChar(0x200b)).endsWith(QStringLiteral("a.com is not known.")));
        // What is copied is what was said.
        open.get("source.test.outcome.copy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), sentence);
        QGuiApplication::clipboard()->clear();
        message->setFocus();
        QTest::keyClick(message, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(message, Qt::Key_C, Qt::ControlModifier);
        const auto selected = QGuiApplication::clipboard()->text();
        QVERIFY(selected.startsWith(QStringLiteral("The host of http://aaaa")) && !selected.contains(QChar(0x200b)));
        // What is wrong with a field.
        open.get<QLineEdit>("source.url")->setText(url);
        QTest::qWait(50);
        QCOMPARE(open.dialog->width(), size.width());
    }

    void aLongNameIsElided()
    {
        test::ConsoleFixture fixture;
        const std::string name = "first " + std::string(200, 'm') + " last";
        fixture.add(name);
        MainWindow window(fixture.context());
        window.show();
        auto* menu = find<QMenu>(window, "topBar.sources");
        Q_EMIT menu->aboutToShow();
        const auto* action = menu->actions().at(1);
        QVERIFY2(menu->sizeHint().width() < 600, qPrintable(QString::number(menu->sizeHint().width())));
        QVERIFY2(action->text().startsWith(QStringLiteral("first m"))
                     && action->text().endsWith(QStringLiteral("m last")),
                 qPrintable(action->text()));
        const auto tip = action->toolTip();
        QVERIFY(tip.size() > action->text().size() && menu->fontMetrics().size(0, tip).width() < 1000);
    }

    void noRowCoversItsNeighbours()
    {
        const Open open({"a", "b", "c"});
        const auto* list = open.get<QListWidget>("sources.list");
        for (int row = 0; row < list->count(); ++row) {
            const auto place = list->visualItemRect(list->item(row));
            QCOMPARE(place.height(), open.theme.tokens().controlHeight);
            QVERIFY(row == 0 || place.top() > list->visualItemRect(list->item(row - 1)).bottom());
        }
    }

    void aTestCanBeStoppedAndItsAnswerIsLate()
    {
        Open open;
        open.fill("prod", "http://127.0.0.1:9090");
        open.get("source.test")->click();
        const auto trial = open.remote["prod"];
        open.get("source.test.stop")->click();
        QVERIFY(trial->tests().at(0).first.cancelled());
        trial->tests().at(0).second(std::string("too late"));
        QCoreApplication::processEvents();
        QVERIFY(!open.get<QLabel>("source.test.outcome.message")->isVisible());
        QVERIFY(open.get("source.test")->isEnabled());
    }

    void theDialogMayCloseWhileItTests()
    {
        Open open({"prod"});
        open.get("source.test")->click();
        const auto trial = open.remote["prod"];
        delete open.dialog.data();
        QVERIFY(trial->tests().at(0).first.cancelled());
        trial->tests().at(0).second(std::string("too late"));
        QCoreApplication::processEvents();
    }

    void draftsStayWhileOthersAreLookedAt()
    {
        Open open({"a", "b"});
        auto* list = open.get<QListWidget>("sources.list");
        list->setCurrentRow(0);
        type(open.get<QLineEdit>("source.url"), "/changed");
        list->setCurrentRow(1);
        QCOMPARE(open.get<QLineEdit>("source.name")->text(), QStringLiteral("b"));
        QVERIFY(list->item(0)->text().contains(QStringLiteral("•")));
        list->setCurrentRow(0);
        QVERIFY(open.get<QLineEdit>("source.url")->text().endsWith(QStringLiteral("/changed")));
        open.dialog->reject(); // asks
        QVERIFY(open.dialog->isVisible());
        QVERIFY(find<QWidget>(*open.dialog, "sources.notice")->isVisible());
        open.get("source.revert")->click();
        QVERIFY(!open.get<QLineEdit>("source.url")->text().endsWith(QStringLiteral("/changed")));
        open.dialog->reject();
        QTRY_VERIFY(!open.dialog);
    }

    void removeAsksOnceAndCanBeUndone()
    {
        Open open({"a", "b", "c"});
        const auto id = open.sources.entries()[2].id;
        open.sources.setCurrent(id);
        auto* list = open.get<QListWidget>("sources.list");
        list->setCurrentRow(1);
        open.get("sources.remove")->click();
        QCOMPARE(open.sources.connections().size(), std::size_t{3});
        open.get("sources.notice.0")->click();
        QCOMPARE(open.sources.connections().size(), std::size_t{2});
        QVERIFY(open.sources.current().local());
        QTRY_COMPARE(open.get("sources.notice.0")->text(), QStringLiteral("Undo"));
        open.get("sources.notice.0")->click();
        QCOMPARE(open.sources.entries()[2].id, id);
        QCOMPARE(open.sources.current().id, id);
        QCOMPARE(list->currentItem()->text(), QStringLiteral("b"));
    }

    void aDuplicateGetsAnotherName()
    {
        Open open({"a"});
        open.get("sources.duplicate")->click();
        QCOMPARE(open.get<QLineEdit>("source.name")->text(), QStringLiteral("a (copy)"));
        QVERIFY(open.get("source.save")->isEnabled());
        open.get("source.save")->click();
        QCOMPARE(open.sources.connections().size(), std::size_t{2});
        QVERIFY(open.sources.connections()[0].id != open.sources.connections()[1].id);
    }

    void theSourceIsChosenByKeysAndRestored()
    {
        test::ConsoleFixture fixture;
        fixture.add("far");
        {
            MainWindow window(fixture.context());
            window.show();
            QVERIFY(QTest::qWaitForWindowActive(&window));
            auto* picker = find<QToolButton>(window, "topBar.source");
            auto* menu = find<QMenu>(window, "topBar.sources");
            QTimer::singleShot(0, menu, [menu] {
                QTRY_VERIFY(menu->isVisible());
                QTest::keyClick(menu, Qt::Key_Down);
                QTest::keyClick(menu, Qt::Key_Return);
            });
            QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
            QTRY_COMPARE(picker->text(), QStringLiteral("far"));
            QCOMPARE(picker->accessibleName(), QStringLiteral("Source: far"));
            QVERIFY(!fixture.remote["far"]->calls().empty());
        }
        fixture.sources.setCurrent({});
        MainWindow window(fixture.context());
        QCOMPARE(find<QToolButton>(window, "topBar.source")->text(), QStringLiteral("far"));
    }

    void theDotSaysHowTheSourceIs()
    {
        test::ConsoleFixture fixture;
        fixture.prepare = [](test::FakeSource& source) {
            source.health = {.health = sources::Health::bad,
                             .message = "Nobody listens there.",
                             .last_success_ms = {},
                             .warnings = {"The store is full."}};
        };
        fixture.sources.setCurrent(fixture.add("far"));
        MainWindow window(fixture.context());
        window.show();
        QCOMPARE(find<QLabel>(window, "topBar.sourceDot")->accessibleName(), QStringLiteral("Nobody listens there."));
        QVERIFY(find<QLabel>(window, "banner")->isVisible());
        // A page's panels go on showing what it was.
        QCOMPARE(find<QLabel>(window, "banner")->text(), QStringLiteral("Nobody listens there.\nThe store is full."));
    }

    /// A tile has no room for why it is empty.
    void aPrometheusThatAnswersNothingIsSaidOnce()
    {
        test::ConsoleFixture fixture;
        fixture.prepare = [](test::FakeSource& source) {
            source.canPromql = true;
            source.health = {.health = sources::Health::good,
                             .message = "It answers.",
                             .last_success_ms = QDateTime::currentMSecsSinceEpoch(),
                             .warnings = {}};
        };
        fixture.sources.setCurrent(fixture.add("far"));
        MainWindow window(fixture.context());
        window.show();
        auto* banner = find<QLabel>(window, "banner");
        QVERIFY(!banner->isVisible());
        auto& health = fixture.remote["far"]->health;
        // Others are answered: the panel that is not says so, and nothing moves.
        health.health = sources::Health::bad;
        health.message = "Nobody listens there.";
        health.last_success_ms = QDateTime::currentMSecsSinceEpoch();
        QTest::qWait(1'200);
        QVERIFY(!banner->isVisible());
        health.health = sources::Health::good;
        QTest::qWait(1'200);
        health.health = sources::Health::bad;
        health.last_success_ms = QDateTime::currentMSecsSinceEpoch() - 60'000;
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(banner->text(), QStringLiteral("Nobody listens there."));
        health.health = sources::Health::good;
        QTRY_VERIFY(!banner->isVisible());
    }
};

QTEST_MAIN(TestSourcesDialog)
#include "tst_sources_dialog.moc"
