// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"
#include "widgets/elided_label.h"
#include "widgets/stat_tile.h"

#include <QAccessible>
#include <QLabel>
#include <QtTest>

#include <cmath>

using namespace tokenscope::ui;

class TestStatTile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysLabelValueAndUnit();
    void absentIsADash();
    void wordsReplaceTheNumber();
    void toneColoursTheNumber();
    void followsTheTheme();
    void heightIsSteady();
    void longTextIsElided();
    void theNumberIsNotCut();
    void theNoteGivesWay();
    void whatLeadsSomewhereIsAButton();

private:
    static QLabel* labelWith(const StatTile& tile, const QString& text);
};

QLabel* TestStatTile::labelWith(const StatTile& tile, const QString& text)
{
    for (auto* label : tile.findChildren<QLabel*>()) {
        if (label->text() == text)
            return label;
    }
    return nullptr;
}

void TestStatTile::saysLabelValueAndUnit()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("TTFT p95"), Unit::seconds);
    tile.setValue(0.182);
    QCOMPARE(tile.accessibleName(), QStringLiteral("TTFT p95: 182 ms"));
    QVERIFY(labelWith(tile, QStringLiteral("182")));
    QVERIFY(labelWith(tile, QStringLiteral("ms")));
}

void TestStatTile::absentIsADash()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("Errors"), Unit::percent);
    QCOMPARE(tile.accessibleName(), QStringLiteral("Errors: –"));
    tile.setValue(0);
    QCOMPARE(tile.accessibleName(), QStringLiteral("Errors: 0 %"));
    tile.setValue(std::nan(""));
    QCOMPARE(tile.accessibleName(), QStringLiteral("Errors: –"));
    tile.setValue(std::nullopt);
    QCOMPARE(tile.value(), std::optional<double>());
}

void TestStatTile::wordsReplaceTheNumber()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("GPU"), Unit::percent);
    tile.setValue(71);
    tile.setText(QStringLiteral("no GPU found"));
    QCOMPARE(tile.accessibleName(), QStringLiteral("GPU: no GPU found"));
    QVERIFY(!tile.value());
    tile.setValue(71);
    QCOMPARE(tile.accessibleName(), QStringLiteral("GPU: 71 %"));
}

void TestStatTile::toneColoursTheNumber()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("Errors"), Unit::percent);
    tile.setValue(7);
    tile.setTone(StatTile::Tone::bad);
    auto* number = labelWith(tile, QStringLiteral("7.0"));
    QVERIFY(number);
    QCOMPARE(number->palette().color(QPalette::WindowText), theme.tokens().bad);
    tile.setTone(StatTile::Tone::normal);
    QCOMPARE(number->palette().color(QPalette::WindowText), theme.tokens().text);
}

void TestStatTile::followsTheTheme()
{
    Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("Errors"), Unit::percent);
    theme.setMode(ThemeMode::light);
    QCOMPARE(labelWith(tile, QStringLiteral("Errors"))->palette().color(QPalette::WindowText),
             theme.tokens().secondary);
}

void TestStatTile::heightIsSteady()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("GPU"), Unit::percent);
    const int height = tile.sizeHint().height();
    tile.setValue(71);
    QCOMPARE(tile.sizeHint().height(), height);
    tile.setText(QStringLiteral("no GPU found"));
    QCOMPARE(tile.sizeHint().height(), height);
}

void TestStatTile::longTextIsElided()
{
    ElidedLabel label(QStringLiteral("a rather long line of text that cannot fit"));
    label.resize(60, 20);
    label.show();
    QCOMPARE(label.toolTip(), label.text());
    label.resize(2000, 20);
    QVERIFY(label.toolTip().isEmpty());
    QVERIFY(label.minimumSizeHint().width() < 60);
}

void TestStatTile::theNumberIsNotCut()
{
    const Theme theme(ThemeMode::dark);
    QWidget page; // within one, a tile may be narrower than its layout would like
    StatTile tile(theme, QStringLiteral("Output"), Unit::tokensPerSecond, &page);
    tile.setValue(1234567);
    tile.resize(240, 90);
    page.show();
    QLabel* number = nullptr;
    for (auto* label : tile.findChildren<QLabel*>()) {
        if (!label->text().isEmpty() && label->text().at(0).isDigit())
            number = label;
    }
    QVERIFY(number);
    QCOMPARE(number->font().pixelSize(), theme.tokens().number.pixelSize());
    tile.resize(64, 90);
    QTRY_VERIFY(number->font().pixelSize() < theme.tokens().number.pixelSize());
    QTRY_VERIFY(QFontMetrics(number->font()).horizontalAdvance(number->text()) <= number->width());
    tile.resize(240, 90);
    QTRY_COMPARE(number->font().pixelSize(), theme.tokens().number.pixelSize());
}

void TestStatTile::theNoteGivesWay()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("Total latency p95"), Unit::seconds);
    tile.setNote(QStringLiteral("over 1m"));
    tile.resize(300, 90);
    tile.show();
    auto* note = labelWith(tile, QStringLiteral("over 1m"));
    QVERIFY(note->isVisible());
    tile.resize(130, 90);
    QVERIFY(!note->isVisible());
    QCOMPARE(tile.accessibleDescription(), QStringLiteral("over 1m"));
}

void TestStatTile::whatLeadsSomewhereIsAButton()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("TTFT p95"), Unit::seconds);
    QSignalSpy clicked(&tile, &StatTile::clicked);
    auto* interface = QAccessible::queryAccessibleInterface(&tile);
    QVERIFY(interface && interface->actionInterface());
    auto& actions = *interface->actionInterface();
    const auto press = QAccessibleActionInterface::pressAction();
    QVERIFY(interface->role() != QAccessible::Button);
    QVERIFY(!actions.actionNames().contains(press));
    QTest::keyClick(&tile, Qt::Key_Space);
    actions.doAction(press);
    QCOMPARE(clicked.size(), 0);
    tile.setClickHint(QStringLiteral("Click: the requests of this time"));
    QCOMPARE(interface->role(), QAccessible::Button);
    QCOMPARE(actions.actionNames().value(0), press);
    QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("TTFT p95: –"));
    actions.doAction(press);
    QCOMPARE(clicked.size(), 1);
    QTest::keyClick(&tile, Qt::Key_Space);
    QTest::keyClick(&tile, Qt::Key_Return);
    QCOMPARE(clicked.size(), 3);
}

QTEST_MAIN(TestStatTile)
#include "tst_stat_tile.moc"
