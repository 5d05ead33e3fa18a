// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <set>

/// `tokenscope --screenshots` as README uses it, without any display.
class TstScreenshots : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void draws_every_page_data()
    {
        QTest::addColumn<QString>("theme");
        QTest::newRow("dark") << QStringLiteral("dark");
        QTest::newRow("light") << QStringLiteral("light");
    }

    void draws_every_page()
    {
        QFETCH(QString, theme);
        const QTemporaryDir folder;
        QProcess console;
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* home : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"})
            environment.insert(QString::fromLatin1(home), folder.path());
        console.setProcessEnvironment(environment);
        console.start(qEnvironmentVariable("TOKENSCOPE_CONSOLE"),
                      {QStringLiteral("--demo"), QStringLiteral("--screenshots"),
                       folder.filePath(QStringLiteral("new/shots")), QStringLiteral("--theme"), theme,
                       QStringLiteral("--size"), QStringLiteral("1024x640"), QStringLiteral("--after"),
                       QStringLiteral("3")});
        QVERIFY(console.waitForFinished(60'000));
        QCOMPARE(console.exitCode(), 0);
        for (const auto* page : {"overview", "playground", "dashboards"}) {
            const QImage image(folder.filePath(QStringLiteral("new/shots/%1.png").arg(QLatin1StringView(page))));
            QVERIFY2(!image.isNull(), page);
            QCOMPARE(image.size(), QSize(1024, 640));
            QCOMPARE(qGray(image.pixel(600, 320)) < 128, theme == QLatin1String("dark"));
            std::set<QRgb> colours;
            for (int y = 0; y < image.height(); y += 2)
                for (int x = 0; x < image.width(); x += 2)
                    colours.insert(image.pixel(x, y));
            QVERIFY2(colours.size() > 50, "The picture is all but empty.");
        }
    }
};

QTEST_GUILESS_MAIN(TstScreenshots)
#include "tst_screenshots.moc"
