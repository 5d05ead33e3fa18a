// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/model_list.h"
#include "models/model_picker_model.h"
#include "scripted_server.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::ScriptedServer;

namespace {

QByteArray json(const QByteArray& body)
{
    return ScriptedServer::reply("200 OK", "application/json", body);
}

} // namespace

class TestModelList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsSortsAndKeeps()
    {
        ScriptedServer server;
        server.script("/v1/models", {json(R"({"data":[{"id":"z","owned_by":"ollama"},{"id":"tiny","owned_by":"demo"},
            {"id":"a","owned_by":"ollama"},{"id":"a","owned_by":"ollama"},{"id":7},"x",{"id":"bare"}]})")});
        ModelList list(server.apiUrl());
        QSignalSpy changed(&list, &ModelList::changed);
        list.refresh();
        QTRY_COMPARE(changed.size(), 1);
        QStringList names;
        for (const auto& model : list.models())
            names << model.ownedBy + QLatin1Char('/') + model.id
                         + (model.simulated ? QLatin1String("*") : QLatin1String(""));
        QCOMPARE(names, (QStringList{QStringLiteral("ollama/z"), QStringLiteral("ollama/a"),
                                     QStringLiteral("demo/tiny*"), QStringLiteral("/bare")}));

        server.script("/v1/models", {ScriptedServer::reply("500 Oops", "text/plain", "")});
        list.refresh();
        QTRY_COMPARE(changed.size(), 2);
        QCOMPARE(list.models().size(), std::size_t{4});
        QVERIFY(!list.error().isEmpty());
    }

    void unreadableIsAnErrorAndNotAnEmptyList()
    {
        ScriptedServer server;
        for (const QByteArray body : {"", "[]", "{\"data\":{}}", "<html>"}) {
            server.script("/v1/models", {json(body)});
            ModelList list(server.apiUrl());
            list.refresh();
            QTRY_VERIFY(!list.error().isEmpty());
            QVERIFY(!list.everAnswered());
        }
    }

    void withoutAGatewayNothingIsAsked()
    {
        ModelList list{QString()};
        list.start();
        list.refresh();
        QVERIFY(list.models().empty());
        QVERIFY(list.error().isEmpty());
    }

    void pickerGroupsAndSaysWhatIsSimulated()
    {
        ModelPickerModel picker;
        QAbstractItemModelTester tester(&picker, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(picker.firstModelRow(), -1);
        picker.setModels({{QStringLiteral("bare"), QString(), false},
                          {QStringLiteral("tiny"), QStringLiteral("demo"), true},
                          {QStringLiteral("a"), QStringLiteral("ollama"), false}});
        QStringList rows;
        for (int row = 0; row < picker.rowCount(); ++row)
            rows << (picker.item(row)->isSelectable() ? QStringLiteral("  ") : QString()) + picker.item(row)->text();
        QCOMPARE(rows,
                 (QStringList{QStringLiteral("other"), QStringLiteral("  bare"), QStringLiteral("demo (simulated)"),
                              QStringLiteral("  tiny (simulated)"), QStringLiteral("ollama"), QStringLiteral("  a")}));
        QCOMPARE(picker.firstModelRow(), 1);
        QCOMPARE(picker.rowOf(QStringLiteral("tiny")), 3);
        QCOMPARE(picker.rowOf(QStringLiteral("demo (simulated)")), -1);
        QCOMPARE(picker.rowOf(QString()), -1);
    }
};

QTEST_MAIN(TestModelList)
#include "tst_model_list.moc"
