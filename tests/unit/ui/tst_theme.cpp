// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/color_math.h"
#include "theme/fonts.h"
#include "theme/series_places.h"
#include "theme/style_sheet.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QImage>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTextEdit>
#include <QtTest>

using namespace tokenscope::ui;

namespace {

/// Counts how often it is told of another style.
class Told : public QPushButton {
public:
    using QPushButton::QPushButton;
    int times = 0;

protected:
    void changeEvent(QEvent* event) override
    {
        times += event->type() == QEvent::StyleChange;
        QPushButton::changeEvent(event);
    }
};

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void contrastIsThatOfWcag();
    void textCanBeRead_data();
    void textCanBeRead();
    void placeholdersCanBeRead_data() { textCanBeRead_data(); }
    void placeholdersCanBeRead();
    void seriesCanBeSeen_data() { textCanBeRead_data(); }
    void seriesCanBeSeen();
    void fadingStopsAtTheContrast();
    void seriesColorsAreStable();
    void seriesPlacesAreBounded();
    void styleSheetIsComplete();
    void followsThePaletteAtStart();
    void changeOfModeIsTold();
    void whoIsNotSeenIsNotLaidOutAnew();
    void numbersDoNotJitter();
};

void TestTheme::contrastIsThatOfWcag()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::black), 21.0);
    QVERIFY(qAbs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
}

void TestTheme::textCanBeRead_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("dark") << ThemeMode::dark;
    QTest::newRow("light") << ThemeMode::light;
}

void TestTheme::textCanBeRead()
{
    QFETCH(ThemeMode, mode);
    const Theme theme(mode);
    const ThemeTokens& t = theme.tokens();
    const std::pair<const char*, QColor> texts[] = {{"text", t.text}, {"secondary", t.secondary},
                                                    {"good", t.good}, {"warn", t.warn},
                                                    {"bad", t.bad},   {"accent", t.accent}};
    for (const auto& [name, text] : texts) {
        for (const QColor& ground : {t.window, t.surface, t.raised})
            QVERIFY2(contrastRatio(text, ground) >= 4.5, name);
    }
    QVERIFY(contrastRatio(t.onAccent, t.accent) >= 4.5);
    QVERIFY(contrastRatio(t.text, t.selection) >= 4.5);
    QVERIFY(contrastRatio(t.accent, t.raised) >= 3); // the focus ring
}

/// As a style sheet leaves it, in the mode of the start and after a change of it.
void TestTheme::placeholdersCanBeRead()
{
    QFETCH(ThemeMode, mode);
    Theme theme(mode == ThemeMode::dark ? ThemeMode::light : ThemeMode::dark);
    theme.applyTo(*qApp);
    QWidget window;
    auto* row = new QHBoxLayout(&window);
    QComboBox box;
    box.setEditable(true);
    const std::vector<QWidget*> inputs{new QLineEdit, new QPlainTextEdit, new QTextEdit, new QSpinBox, &box};
    for (auto* input : inputs)
        row->addWidget(input);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    theme.setMode(mode);
    const ThemeTokens& t = theme.tokens();
    auto looked = inputs;
    looked.push_back(box.lineEdit());
    for (const auto* input : looked) {
        const QPalette palette = input->palette();
        QCOMPARE(palette.color(QPalette::Text), t.text);
        QCOMPARE(palette.color(QPalette::PlaceholderText), t.secondary);
        QVERIFY(contrastRatio(palette.color(QPalette::PlaceholderText), t.dark ? t.window : t.surface) >= 4.5);
    }
}

void TestTheme::seriesCanBeSeen()
{
    QFETCH(ThemeMode, mode);
    const Theme theme(mode);
    const ThemeTokens& t = theme.tokens();
    QCOMPARE(t.series.size(), std::size_t(10));
    for (const QColor& color : t.series)
        QVERIFY2(contrastRatio(color, t.surface) >= 3, qPrintable(color.name()));
}

void TestTheme::fadingStopsAtTheContrast()
{
    const QColor blue(0x26, 0x84, 0xFF);
    const QColor pale = faded(blue, Qt::white, 0.9, 3);
    QVERIFY(contrastRatio(pale, Qt::white) >= 3);
    QVERIFY(contrastRatio(pale, Qt::white) < contrastRatio(blue, Qt::white));
    QCOMPARE(faded(QColor(0xEE, 0xEE, 0xEE), Qt::white, 0.5, 3), QColor(0xEE, 0xEE, 0xEE));
}

/// Who groups by request sees many series: they are not remembered for ever, and take nothing from the models.
void TestTheme::seriesPlacesAreBounded()
{
    SeriesPlaces places;
    const auto hue = [](const QString& kind, std::size_t i) { return Hue{QString::number(i), kind}; };
    const auto request = QStringLiteral("request");
    std::vector<std::size_t> uses(10);
    for (std::size_t i = 0; i < SeriesPlaces::mostOfAKind; ++i)
        ++uses[places.placeOf(hue(request, i), 3, uses.size(), {})];
    for (const auto count : uses)
        QVERIFY(count == SeriesPlaces::mostOfAKind / uses.size()
                || count == SeriesPlaces::mostOfAKind / uses.size() + 1);
    QVERIFY(places.knows(hue(request, 255)));
    QCOMPARE(places.placeOf(hue(request, 300), 3, uses.size(), {}), std::size_t(3));
    QVERIFY(!places.knows(hue(request, 300)));
    for (std::size_t i = 1; i <= SeriesPlaces::mostKinds; ++i)
        QCOMPARE(places.placeOf(hue(QString::number(i), 0), 7, uses.size(), {}), std::size_t(7));
    QVERIFY(places.knows(hue(QString::number(SeriesPlaces::mostKinds - 1), 0)));
    QVERIFY(!places.knows(hue(QString::number(SeriesPlaces::mostKinds), 0)));
    // What its chart shows already is the last that it gets.
    QCOMPARE(places.placeOf(hue(QStringLiteral("1"), 1), 7, uses.size(), {8, 9}), std::size_t(0));
}

void TestTheme::seriesColorsAreStable()
{
    Theme theme(ThemeMode::dark);
    // FNV-1a of "vupjxa" and "vupjx", worked out apart.
    QCOMPARE(theme.seriesSlot(QStringLiteral("a")), std::size_t(0x3832f9be5233780dU % 10));
    QCOMPARE(theme.seriesSlot(QString()), std::size_t(0x958dcd3ab3183f5eU % 10));
    QVERIFY(theme.seriesSlot(QStringLiteral("input")) != theme.seriesSlot(QStringLiteral("output")));
    QCOMPARE(theme.seriesColor(QStringLiteral("output")), theme.tokens().series.front());
    const std::size_t before = theme.seriesSlot(QStringLiteral("model=phi4,"));
    theme.setMode(ThemeMode::light);
    QCOMPARE(theme.seriesSlot(QStringLiteral("model=phi4,")), before);
    QCOMPARE(theme.seriesColor(QStringLiteral("model=phi4,")), theme.tokens().series[before]);
}

void TestTheme::styleSheetIsComplete()
{
    for (const ThemeMode mode : {ThemeMode::dark, ThemeMode::light}) {
        const Theme theme(mode);
        const QString sheet = makeStyleSheet(theme.tokens());
        QVERIFY(!sheet.contains(QStringLiteral("@{")));
        QVERIFY(sheet.contains(theme.tokens().accent.name()));
        static const QRegularExpression url(QStringLiteral("url\\(([^)]*)\\)"));
        auto matches = url.globalMatch(sheet);
        QVERIFY(matches.hasNext());
        while (matches.hasNext()) {
            const QString path = matches.next().captured(1);
            QVERIFY2(!QImage(path).isNull(), qPrintable(path));
        }
    }
}

void TestTheme::followsThePaletteAtStart()
{
    const QPalette before = QGuiApplication::palette();
    QGuiApplication::setPalette(QPalette(QColor(20, 20, 20)));
    Theme dark(ThemeMode::system);
    QGuiApplication::setPalette(QPalette(QColor(240, 240, 240)));
    const Theme light(ThemeMode::system);
    QGuiApplication::setPalette(before);
    QVERIFY(dark.tokens().dark);
    QVERIFY(!light.tokens().dark);
    // There and back: the system's choice is not lost by dressing the application otherwise.
    dark.applyTo(*qApp);
    dark.setMode(ThemeMode::light);
    dark.setMode(ThemeMode::system);
    QVERIFY(dark.tokens().dark);
    QCOMPARE(QGuiApplication::palette().color(QPalette::Window), dark.tokens().window);
}

void TestTheme::changeOfModeIsTold()
{
    Theme theme(ThemeMode::dark);
    QSignalSpy spy(&theme, &Theme::changed);
    theme.setMode(ThemeMode::dark);
    QCOMPARE(spy.size(), 0);
    theme.setMode(ThemeMode::light);
    QCOMPARE(spy.size(), 1);
}

void TestTheme::whoIsNotSeenIsNotLaidOutAnew()
{
    Theme theme(ThemeMode::dark);
    theme.applyTo(*qApp);
    QWidget window;
    auto* row = new QHBoxLayout(&window);
    auto* seen = new Told(QStringLiteral("seen"));
    auto* hidden = new Told(QStringLiteral("hidden"));
    row->addWidget(seen);
    row->addWidget(hidden);
    window.show();
    hidden->hide();
    seen->times = hidden->times = 0;
    theme.setMode(ThemeMode::light);
    QVERIFY(seen->times > 0);
    QCOMPARE(hidden->times, 0);
    // It wears the new colours all the same.
    hidden->show();
    const auto middle = [](QWidget* button) { return button->grab().toImage().pixelColor(6, 14); };
    QCOMPARE(middle(hidden), theme.tokens().raised);
    QCOMPARE(middle(seen), middle(hidden));
}

void TestTheme::numbersDoNotJitter()
{
    const Theme theme(ThemeMode::dark);
    QCOMPARE(theme.tokens().number.pixelSize(), 22);
    for (const QFont& font : {theme.tokens().number, withTabularFigures(interfaceFont(12))}) {
        const QFontMetricsF metrics(font);
        for (char digit = '1'; digit <= '9'; ++digit)
            QCOMPARE(metrics.horizontalAdvance(QLatin1Char(digit)), metrics.horizontalAdvance(QLatin1Char('0')));
    }
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
