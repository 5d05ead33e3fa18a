// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/desktop_scheme.h"
#include "theme/fonts.h"
#include "theme/series_places.h"
#include "theme/style_sheet.h"

#include <QApplication>
#include <QEvent>
#include <QPalette>
#include <QScopedValueRollback>
#include <QStyleFactory>
#include <QWidget>

#include <cstdint>

namespace tokenscope::ui {
namespace {

std::vector<QColor> colors(std::initializer_list<QRgb> values)
{
    return {values.begin(), values.end()};
}

ThemeTokens darkTokens()
{
    ThemeTokens t;
    t.dark = true;
    t.window = QColor(0x0F1115);
    t.surface = QColor(0x171A21);
    t.raised = QColor(0x1E222B);
    t.hairline = QColor(0x2A2F3A);
    t.text = QColor(0xE6E9EF);
    t.secondary = QColor(0x9AA3B2);
    t.disabled = QColor(0x5F6877);
    t.accent = QColor(0x4C9AFF);
    t.onAccent = QColor(0x0B1118);
    t.good = QColor(0x3FB68B);
    t.warn = QColor(0xE5A50A);
    t.bad = QColor(0xF0616D);
    t.selection = QColor(0x24436F);
    // No green among them: it says that something went well.
    t.series =
        colors({0x4C9AFF, 0xF2994A, 0xE77AB8, 0xB07CE8, 0xE5C04B, 0xEE6A77, 0x29B5C9, 0x9BB23C, 0xC98B5E, 0x8A94A6});
    return t;
}

ThemeTokens lightTokens()
{
    ThemeTokens t;
    t.dark = false;
    t.window = QColor(0xF6F7F9);
    t.surface = QColor(0xFFFFFF);
    t.raised = QColor(0xFFFFFF);
    t.hairline = QColor(0xDDE1E8);
    t.text = QColor(0x1B1F27);
    t.secondary = QColor(0x5B6472);
    t.disabled = QColor(0xA4ACB9);
    t.accent = QColor(0x1B66DB);
    t.onAccent = QColor(0xFFFFFF);
    t.good = QColor(0x1A7F5A);
    t.warn = QColor(0x9A6700);
    t.bad = QColor(0xCF2B3A);
    t.selection = QColor(0xCFE1FC);
    t.series =
        colors({0x2684FF, 0xD16A0F, 0xC8489A, 0xA468E5, 0xA38218, 0xEB4F5E, 0x2193A3, 0x7B8E30, 0xBE7540, 0x7C879B});
    return t;
}

void addFonts(ThemeTokens& t)
{
    t.small = interfaceFont(12);
    t.body = interfaceFont(13);
    t.heading = interfaceFont(15, QFont::DemiBold);
    t.number = withTabularFigures(interfaceFont(22, QFont::DemiBold));
    t.mono = fixedFont(13);
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128;
}

/// With the mode only colours change. Who is not seen need not be told so: each of some thousand widgets of hidden pages would work
/// out its size and lay itself out anew, which takes more time than all the rest.
class UnseenWidgets : public QObject {
public:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        return event->type() == QEvent::StyleChange && watched->isWidgetType()
               && !static_cast<const QWidget*>(watched)->isVisible();
    }
};

/// FNV-1a: the same on every machine and run, unlike qHash.
std::uint64_t stableHash(const QByteArray& bytes)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3U;
    }
    return hash;
}

} // namespace

struct Theme::Desktop {
    QDBusConnection bus;
    std::unique_ptr<DesktopScheme> scheme; ///< while the mode is `system`
};

Theme::Theme(ThemeMode mode, QObject* parent)
    : QObject(parent), m_mode(mode), m_systemDark(isDark(QGuiApplication::palette())),
      m_seriesPlaces(std::make_unique<SeriesPlaces>())
{
    rebuild();
}

Theme::~Theme() = default;

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    follow();
    rebuild();
    dress(Told::seen);
    Q_EMIT changed();
}

void Theme::applyTo(QApplication& application)
{
    m_application = &application;
    follow();
    const QScopedValueRollback dressing(m_dressing, true);
    // Once: to change the style polishes every widget, as the style sheet does.
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    dress(Told::all);
}

void Theme::followDesktop(const QDBusConnection& bus)
{
    m_desktop = std::make_unique<Desktop>(Desktop{bus, nullptr});
    follow();
}

/// Nobody is listened to whose word would not count.
void Theme::follow()
{
    const bool follows = m_mode == ThemeMode::system;
    if (m_application)
        m_application->removeEventFilter(this);
    if (m_application && follows)
        m_application->installEventFilter(this);
    if (!m_desktop || follows == (m_desktop->scheme != nullptr))
        return;
    m_desktop->scheme = follows ? std::make_unique<DesktopScheme>(m_desktop->bus) : nullptr;
    if (follows)
        connect(m_desktop->scheme.get(), &DesktopScheme::changed, this, &Theme::systemChanged);
}

bool Theme::systemDark() const
{
    const auto said = m_desktop && m_desktop->scheme ? m_desktop->scheme->dark() : std::nullopt;
    return said.value_or(m_systemDark);
}

void Theme::systemChanged()
{
    if (m_mode != ThemeMode::system || systemDark() == m_tokens.dark)
        return;
    rebuild();
    dress(Told::seen);
    Q_EMIT changed();
}

/// What the palette would be without ours.
void Theme::readPalette()
{
    const QScopedValueRollback dressing(m_dressing, true);
    QApplication::setPalette(QPalette());
    m_systemDark = isDark(QGuiApplication::palette());
    QApplication::setPalette(makePalette(m_tokens));
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    const bool told = event->type() == QEvent::ThemeChange
                      || (event->type() == QEvent::ApplicationPaletteChange && watched == m_application);
    if (told && !m_dressing) {
        readPalette();
        systemChanged();
    }
    return QObject::eventFilter(watched, event);
}

std::size_t Theme::seriesSlot(const QString& identity) const
{
    // Begun so that no names which a chart of ours shows together ("in flight", "queued") want the same place: each has its own in
    // every chart, whatever stands beside it. Nor is what waits or runs as red as what failed.
    static const QByteArray beginning("vupjx");
    // Beside charts of models, by which tokens are told apart, too: neither is to look like one of them.
    if (identity == QLatin1StringView("output"))
        return 0;
    if (identity == QLatin1StringView("input"))
        return m_tokens.series.size() - 1;
    return static_cast<std::size_t>(stableHash(beginning + identity.toUtf8()) % m_tokens.series.size());
}

QColor Theme::seriesColor(const QString& identity) const
{
    return m_tokens.series[seriesSlot(identity)];
}

void Theme::rebuild()
{
    const bool dark = m_mode == ThemeMode::dark || (m_mode == ThemeMode::system && systemDark());
    m_tokens = dark ? darkTokens() : lightTokens();
    addFonts(m_tokens);
}

void Theme::dress(Told told)
{
    if (!m_application)
        return;
    const QScopedValueRollback dressing(m_dressing, true);
    QApplication::setPalette(makePalette(m_tokens));
    QApplication::setFont(m_tokens.body);
    UnseenWidgets unseen; // a filter goes with its end
    if (told == Told::seen)
        m_application->installEventFilter(&unseen);
    m_application->setStyleSheet(makeStyleSheet(m_tokens));
}

} // namespace tokenscope::ui
