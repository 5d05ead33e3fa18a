// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/grpc_exporter.h"
#include "unit/otlp/grpc_server.h"
#include "unit/otlp/sending.h"

#include <nghttp2/nghttp2.h>

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <future>

using namespace tokenscope;
using namespace tokenscope::test;
using config::ExporterType;
using Plan = GrpcServer::Plan;
using Kind = telemetry::ExportOutcome::Kind;

namespace {

/// Answers by the number of the request, from 0.
GrpcServer::Answer in_turn(std::vector<Plan> plans)
{
    const auto next = std::make_shared<std::atomic<std::size_t>>(0);
    return [plans = std::move(plans), next](const GrpcServer::Request&) {
        const auto turn = (*next)++;
        return turn < plans.size() ? plans[turn] : Plan();
    };
}

Plan goes_away_at(std::int32_t stream)
{
    Plan plan;
    plan.goaway_at = stream;
    return plan;
}

/// An exporter over TLS that trusts `ca` besides nobody.
std::unique_ptr<telemetry::SpanExporter> trusting(const TestCa& ca, const std::string& endpoint)
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("ca.pem")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("No file.");
    file.write(QByteArray::fromStdString(ca.pem()));
    file.close();
    qputenv("SSL_CERT_FILE", file.fileName().toUtf8());
    auto exporter = exporter_to(ExporterType::otlp, endpoint);
    qunsetenv("SSL_CERT_FILE");
    return exporter;
}

std::string https(const LoopServer& server)
{
    return "https://127.0.0.1:" + std::to_string(server.port());
}

} // namespace

/// The connection below the exporter: kept, lost, refused, slow, encrypted.
class TstGrpcConnection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void is_kept_between_batches()
    {
        const GrpcServer server([](const auto&) { return Plan(); });
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        for (int i = 0; i < 20; ++i)
            QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 1);
        QCOMPARE(server.requests().size(), std::size_t(20));
    }

    void is_closed_with_the_exporter()
    {
        const GrpcServer server([](const auto&) { return Plan(); });
        {
            const auto exporter = exporter_to(ExporterType::otlp, server.url());
            QVERIFY(send_to(*exporter).kind == Kind::accepted);
        }
        QTRY_COMPARE(server.closed(), 1);
    }

    void is_made_anew_once_the_server_has_closed_it_data()
    {
        QTest::addColumn<bool>("goaway");
        QTest::newRow("just closed") << false;
        QTest::newRow("after a GOAWAY") << true;
    }

    void is_made_anew_once_the_server_has_closed_it()
    {
        QFETCH(bool, goaway);
        Plan last;
        last.goaway = goaway;
        last.close_after = true;
        const GrpcServer server(in_turn({last, last, last}));
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
            QTRY_COMPARE(server.closed(), i + 1);
        }
        QCOMPARE(server.connections(), 3);
        QCOMPARE(server.requests().size(), std::size_t(3));
    }

    void a_goaway_is_heard_though_the_connection_stays_open()
    {
        Plan last;
        last.goaway = true;
        const GrpcServer server(in_turn({last}));
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 2);
    }

    void an_unseen_request_is_sent_again_data()
    {
        QTest::addColumn<QByteArray>("how");
        for (const char* how : {"goaway", "refused", "closed"})
            QTest::newRow(how) << QByteArray(how);
    }

    void an_unseen_request_is_sent_again()
    {
        QFETCH(QByteArray, how);
        Plan bad;
        if (how == "goaway")
            bad = goes_away_at(1);
        else if (how == "closed")
            bad.close = true;
        else {
            bad.status.clear();
            bad.reset = NGHTTP2_REFUSED_STREAM;
        }
        const GrpcServer server(in_turn({Plan(), bad}));
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 2);
        QCOMPARE(server.requests().size(), std::size_t(3));
    }

    void but_only_once()
    {
        Plan bad;
        bad.close = true;
        const GrpcServer server(in_turn({Plan(), bad, bad}));
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QVERIFY(send_to(*exporter).kind == Kind::try_again);
        QCOMPARE(server.connections(), 2);
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
    }

    void large_batches_pass_small_windows_data()
    {
        QTest::addColumn<unsigned>("window");
        QTest::addColumn<int>("bytes");
        QTest::newRow("usual window") << 65'535U << 3'000'000;
        QTest::newRow("small window") << 1'000U << 200'000;
        QTest::newRow("one byte") << 1U << 3'000;
        QTest::newRow("large window") << 8'000'000U << 3'000'000;
    }

    void large_batches_pass_small_windows()
    {
        QFETCH(unsigned, window);
        QFETCH(int, bytes);
        const GrpcServer server([](const auto&) { return Plan(); }, {.window = window, .no_updates = false});
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        for (int i = 0; i < 2; ++i)
            QCOMPARE(text_of(send_to(*exporter, many_bytes(std::size_t(bytes)), 30'000)), QByteArray("accepted: "));
        QVERIFY(server.received() > std::size_t(2 * bytes));
        QCOMPARE(server.connections(), 1);
    }

    void an_answer_may_come_before_all_is_sent()
    {
        Plan plan;
        plan.early = true;
        plan.trailers = net::Headers{{"grpc-status", "16"}};
        const GrpcServer server([plan](const auto&) { return plan; }, {.window = 100, .no_updates = true});
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        for (int i = 0; i < 3; ++i) {
            const auto text = text_of(send_to(*exporter, many_bytes(1'000'000)));
            QVERIFY2(text.startsWith("refused: ") && text.contains("UNAUTHENTICATED"), text);
        }
        QCOMPARE(server.connections(), 1);
    }

    void cancelling_ends_it_data()
    {
        QTest::addColumn<QByteArray>("where");
        for (const char* where : {"look-up", "handshake", "settings", "answer", "trickle", "window"})
            QTest::newRow(where) << QByteArray(where);
    }

    void cancelling_ends_it()
    {
        QFETCH(QByteArray, where);
        const DeafServer deaf;
        Plan plan;
        plan.silent = where != "trickle";
        plan.trickle = where == "trickle";
        const GrpcServer server([plan](const auto&) { return plan; },
                                where == "window" ? GrpcServer::Settings{.window = 10, .no_updates = true}
                                                  : GrpcServer::Settings());
        const auto asked = std::make_shared<std::atomic<bool>>(false);
        const auto over = std::make_shared<std::promise<void>>();
        otlp::ExporterOptions options{.endpoint = *parse_url(server.url())};
        std::function<bool()> ready = [&] { return server.received() > 0; };
        if (where == "look-up") {
            options.endpoint = *parse_url("http://collector.example:4317");
            options.lookup = [asked, wait = over->get_future().share()](const std::string&) {
                *asked = true;
                wait.wait();
                return net::Resolved{.addresses = {}, .error = "late"};
            };
            ready = [&] { return asked->load(); };
        } else if (where == "handshake" || where == "settings") {
            options.endpoint = *parse_url(where == "settings" ? deaf.url() : https(deaf));
            ready = [&] { return deaf.connections() > 0; };
        }
        otlp::GrpcExporter exporter(std::move(options));
        QElapsedTimer clock;
        clock.start();
        const auto outcome = send_and_cancel(exporter, ready, many_bytes(100'000));
        QVERIFY2(clock.elapsed() < 5'000, QByteArray::number(clock.elapsed()));
        const auto text = text_of(outcome);
        QVERIFY2(text.startsWith("try_again: ") && text.contains("was stopped"), text);
        // What has been cancelled stays so, at once.
        CancelSource source;
        source.cancel();
        QVERIFY(send_to(exporter, {sample_span()}, 60'000, source.token()).kind == Kind::try_again);
        over->set_value();
    }

    void a_cancelled_call_leaves_the_next_one_alone()
    {
        Plan silent;
        silent.silent = true;
        const GrpcServer server(in_turn({silent}));
        const auto exporter = exporter_to(ExporterType::otlp, server.url());
        QVERIFY(send_and_cancel(*exporter, [&] { return server.received() > 0; }).kind == Kind::try_again);
        QCOMPARE(text_of(send_to(*exporter)), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 2);
        QTRY_COMPARE(server.closed(), 1);
    }

    void tls()
    {
        const auto certificate = m_ca.issue({.names = "IP:127.0.0.1"});
        const GrpcServer server([](const auto&) { return Plan(); }, {}, &certificate);
        const auto exporter = trusting(m_ca, https(server));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(text_of(send_to(*exporter, many_bytes(300'000))), QByteArray("accepted: "));
        QCOMPARE(server.connections(), 1);
        QCOMPARE(server.requests().front().field(":scheme"), std::string("https"));
    }

    void tls_is_verified()
    {
        const auto good = m_ca.issue({.names = "IP:127.0.0.1"});
        const GrpcServer unknown([](const auto&) { return Plan(); }, {}, &good);
        const auto text = text_of(send_to(*exporter_to(ExporterType::otlp, https(unknown))));
        QVERIFY2(text.startsWith("try_again: ") && text.contains("SSL_CERT_FILE"), text);
        const auto other = m_ca.issue({.names = "DNS:other.example"});
        const GrpcServer misnamed([](const auto&) { return Plan(); }, {}, &other);
        const auto wrong = text_of(send_to(*trusting(m_ca, https(misnamed))));
        QVERIFY2(wrong.startsWith("try_again: ") && wrong.contains("another name"), wrong);
        QVERIFY(unknown.requests().empty() && misnamed.requests().empty());
    }

    void tls_without_http2_is_named()
    {
        const TlsServer server(m_ca.issue({.names = "IP:127.0.0.1"}));
        const auto text = text_of(send_to(*trusting(m_ca, https(server))));
        QVERIFY2(text.startsWith("refused: ") && text.contains("use type otlp_http"), text);
        const GrpcServer plain([](const auto&) { return Plan(); });
        const auto none = text_of(send_to(*trusting(m_ca, https(plain))));
        QVERIFY2(none.startsWith("try_again: ") && none.contains("TLS"), none);
        const auto certificate = m_ca.issue({.names = "IP:127.0.0.1"});
        const GrpcServer encrypted([](const auto&) { return Plan(); }, {}, &certificate);
        const auto wanting =
            text_of(send_to(*exporter_to(ExporterType::otlp, "127.0.0.1:" + std::to_string(encrypted.port()))));
        QVERIFY2(wanting.contains("without TLS"), wanting);
    }

    void proxies()
    {
        const auto certificate = m_ca.issue({.names = "DNS:collector.example"});
        const GrpcServer server([](const auto&) { return Plan(); }, {}, &certificate);
        const TunnelProxy proxy("HTTP/1.1 200 OK\r\n\r\n", server.port());
        const auto url = "http://user:s3cret@127.0.0.1:" + std::to_string(proxy.port());
        const auto env = [url](const std::string& name) {
            return name == "all_proxy" ? std::optional<std::string>(url) : std::nullopt;
        };
        // Without TLS there is no way through a proxy, and going around it is not for us to decide.
        const config::Exporter config{.type = ExporterType::otlp, .endpoint = "collector.example:4317", .headers = {}};
        const auto made = otlp::make_exporter(config, {}, env);
        QVERIFY(made);
        const auto text = text_of(send_to(**made));
        QVERIFY2(text.startsWith("refused: ") && text.contains("NO_PROXY") && !text.contains("s3cret"), text);
        QCOMPARE(proxy.connections(), 0);

        const config::Exporter secure{
            .type = ExporterType::otlp, .endpoint = "collector.example:4317", .insecure = false, .headers = {}};
        const auto through = otlp::make_exporter(secure, {}, env);
        QVERIFY(through);
        const auto untrusted = text_of(send_to(**through));
        QVERIFY2(untrusted.contains("SSL_CERT_FILE"), untrusted);
        QCOMPARE(proxy.connections(), 1);
    }

private:
    const TestCa m_ca;
};

QTEST_GUILESS_MAIN(TstGrpcConnection)
#include "tst_grpc_connection.moc"
