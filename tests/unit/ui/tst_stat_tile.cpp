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
    void anErrorIsOneWord();
    void toneColoursTheNumber();
    void aToneSaysFromWhere();
    void followsTheTheme();
    void heightIsSteady();
    void longTextIsElided();
    void aTextMayTakeTwoLines();
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

void TestStatTile::anErrorIsOneWord()
{
    const Theme theme(ThemeMode::dark);
    const auto message = QStringLiteral("http://127.0.0.1:9 refuses the connection: is <b>it</b> running?");
    StatTile tile(theme, QStringLiteral("TTFT p95"), Unit::seconds);
    tile.resize(64, tile.sizeHint().height());
    tile.setValue(0.182);
    tile.setError(message);
    auto* word = labelWith(tile, QStringLiteral("failed"));
    QVERIFY(word && !tile.value());
    QCOMPARE(word->palette().color(QPalette::WindowText), theme.tokens().bad);
    QVERIFY(word->toolTip().isEmpty()); // it is not cut off
    QCOMPARE(tile.toolTip(), QStringLiteral("<p>%1</p>").arg(message.toHtmlEscaped()));
    QCOMPARE(tile.accessibleName(), QStringLiteral("TTFT p95: ") + message);
    tile.setTone(StatTile::Tone::warn);
    QCOMPARE(word->palette().color(QPalette::WindowText), theme.tokens().bad);
    // What comes after has no more of it, and what others say of the tile stays.
    tile.setValue(0.2);
    QVERIFY(tile.toolTip().isEmpty());
    QCOMPARE(tile.accessibleName(), QStringLiteral("TTFT p95: 200 ms"));
    tile.setToolTip(QStringLiteral("of the last minute"));
    tile.setText(QStringLiteral("no data"));
    QCOMPARE(tile.toolTip(), QStringLiteral("of the last minute"));
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

/// A colour alone says nothing to who cannot tell it from another, nor what it is for.
void TestStatTile::aToneSaysFromWhere()
{
    const Theme theme(ThemeMode::dark);
    StatTile tile(theme, QStringLiteral("TTFT p95"), Unit::seconds);
    tile.setValue(1.05);
    tile.setTone(StatTile::Tone::warn, 1);
    tile.resize(200, 80);
    tile.show();
    auto* reason = labelWith(tile, QStringLiteral("≥ 1 s"));
    QVERIFY(reason && reason->isVisible());
    QVERIFY2(tile.accessibleDescription().contains(QStringLiteral("≥ 1 s")), qPrintable(tile.accessibleDescription()));
    tile.resize(90, 80); // the number comes first
    QTRY_VERIFY(!reason->isVisible());
    tile.resize(200, 80);
    QTRY_VERIFY(reason->isVisible());
    tile.setTone(StatTile::Tone::normal);
    QVERIFY(!reason->isVisible());
    QVERIFY(!tile.accessibleDescription().contains(QStringLiteral("≥")));
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

void TestStatTile::aTextMayTakeTwoLines()
{
    const auto text = QStringLiteral("a rather long line of text that cannot fit");
    ElidedLabel label(text, nullptr, 2);
    const int line = label.fontMetrics().lineSpacing();
    const int whole = label.fontMetrics().horizontalAdvance(text);
    QVERIFY(label.hasHeightForWidth());
    QCOMPARE(label.heightForWidth(whole + 4), line);
    QCOMPARE(label.heightForWidth(whole * 3 / 4), 2 * line);
    QCOMPARE(label.heightForWidth(whole / 8), 2 * line); // and no more
    label.resize(whole * 3 / 4, 2 * line);
    label.show();
    QVERIFY(label.toolTip().isEmpty());
    const auto seen = [&label](int at) {
        const auto image = label.grab().toImage();
        const int height = image.height() / 2;
        for (int y = at * height; y < (at + 1) * height; ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixel(x, y) != image.pixel(image.width() - 1, image.height() - 1))
                    return true;
            }
        }
        return false;
    };
    QVERIFY(seen(0) && seen(1));
    label.resize(whole / 4, 2 * line);
    QCOMPARE(label.toolTip(), text);
    QVERIFY(!ElidedLabel(text).hasHeightForWidth());
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
