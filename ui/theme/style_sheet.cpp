// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/style_sheet.h"

#include "theme/color_math.h"
#include "theme/theme.h"

namespace tokenscope::ui {
namespace {

// Heights are of the content box: 26 and a hairline above and below make the 28 of a control. A focused control has a
// border of two pixels and one pixel less of padding or height, so that nothing moves.
// A button with a menu is wider by its arrow: Qt sees to that, and puts the text in the middle of the rest.
constexpr auto buttons = R"(
QPushButton { background: @{raised}; color: @{text}; border: 1px solid @{outline}; border-radius: @{radius}px;
    padding: 0 12px; min-height: @{inner}px; outline: none; }
QPushButton:hover { background: @{hover}; }
QPushButton:pressed, QPushButton:checked { background: @{pressed}; }
QPushButton:focus { border: 2px solid @{accent}; padding: 0 11px; min-height: @{innerFocus}px; }
QPushButton:disabled { color: @{disabled}; border-color: @{hairline}; background: @{surface}; }
QPushButton[primary="true"] { background: @{accent}; color: @{onAccent}; border-color: @{accent}; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @{accentHover}; border-color: @{accentHover}; }
QPushButton[primary="true"]:pressed { background: @{accentPressed}; border-color: @{accentPressed}; }
QPushButton[primary="true"]:focus { border-color: @{text}; }
QPushButton[primary="true"]:disabled { background: @{hairline}; color: @{disabled}; border-color: @{hairline}; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: @{hover}; }
QPushButton[flat="true"]:focus { border-color: @{accent}; }
QPushButton::menu-indicator { image: url(:/theme/chevron-down.svg); width: 10px; height: 10px; padding-left: 4px;
    subcontrol-origin: border; subcontrol-position: center right; right: 12px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolButton { background: transparent; color: @{text}; border: 1px solid transparent; border-radius: @{radius}px;
    padding: 0 7px; min-height: @{inner}px; }
QToolButton:hover { background: @{hover}; }
QToolButton:pressed { background: @{pressed}; }
QToolButton[framed="true"] { border-color: @{outline}; }
QToolButton:checked { background: @{selection}; color: @{text}; }
QToolButton[framed="true"]:checked { border-color: @{selection}; }
QToolButton[menu="true"] { padding: 0 23px 0 7px; }
QToolButton:focus { border: 2px solid @{accent}; padding: 0 6px; min-height: @{innerFocus}px; }
QToolButton[framed="true"]:focus { border-color: @{accent}; }
QToolButton[menu="true"]:focus { padding: 0 22px 0 6px; }
QToolButton:disabled { color: @{disabled}; }
QToolButton::menu-indicator { image: none; }
QToolButton[menu="true"]::menu-indicator { image: url(:/theme/chevron-down.svg); width: 10px; height: 10px;
    subcontrol-origin: border; subcontrol-position: center right; right: 12px; }
)";

// Inputs name no `color`: the palette has it, and a rule's colour would make the placeholder its own at half the strength, too
// pale to be read.
constexpr auto inputs = R"(
QLineEdit, QAbstractSpinBox, QComboBox { background: @{field}; border: 1px solid @{outline};
    border-radius: @{radius}px; padding: 0 7px; min-height: @{inner}px; selection-background-color: @{selection};
    selection-color: @{text}; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @{secondary}; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on { border: 2px solid @{accent}; padding: 0 6px;
    min-height: @{innerFocus}px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: @{disabled}; background: @{window};
    border-color: @{hairline}; }
QLineEdit:read-only { background: @{window}; }
QLineEdit QToolButton { min-width: 0; min-height: 0; padding: 0; margin: 0; border: none; background: transparent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QPlainTextEdit, QTextEdit, QTextBrowser { background: @{field}; border: 1px solid @{outline};
    border-radius: @{radius}px; padding: 4px; selection-background-color: @{selection}; selection-color: @{text}; }
QPlainTextEdit:focus, QTextEdit:focus, QTextBrowser:focus { border: 2px solid @{accent}; padding: 3px; }
QTextBrowser[bare="true"], QTextBrowser[bare="true"]:focus { border: none; padding: 0; background: transparent; }
QPlainTextEdit:disabled, QTextEdit:disabled { color: @{disabled}; background: @{window}; border-color: @{hairline}; }
QComboBox { combobox-popup: 0; padding-right: 24px; }
QComboBox:focus, QComboBox:on { padding-right: 23px; }
QComboBox::drop-down { border: none; width: 24px; subcontrol-origin: border; subcontrol-position: center right; }
QComboBox::down-arrow { image: url(:/theme/chevron-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @{raised}; color: @{text}; border: 1px solid @{outline}; padding: 4px;
    outline: none; selection-background-color: @{selection}; selection-color: @{text}; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; border: none; width: 22px;
    background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @{hover}; border-radius: 4px; }
QAbstractSpinBox::up-arrow { image: url(:/theme/chevron-up.svg); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(:/theme/chevron-down.svg); width: 9px; height: 9px; }
)";

constexpr auto toggles = R"(
QCheckBox { spacing: 8px; min-height: 20px; }
QCheckBox:disabled { color: @{disabled}; }
QCheckBox::indicator, QListView::indicator { width: 14px; height: 14px; border: 1px solid @{outlineStrong}; border-radius: 4px;
    background: @{field}; }
QCheckBox::indicator:hover, QListView::indicator:hover { border-color: @{accent}; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @{accent}; border-color: @{accent}; image: url(@{check}); }
QCheckBox::indicator:indeterminate { background: @{selection}; border-color: @{accent}; }
QCheckBox::indicator:focus { width: 12px; height: 12px; border: 2px solid @{accent}; }
QCheckBox::indicator:checked:focus { border-color: @{text}; }
QCheckBox::indicator:disabled { border-color: @{hairline}; background: @{window}; }
QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @{hairline}; }
QSlider::sub-page:horizontal { border-radius: 2px; background: @{accent}; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: @{raised};
    border: 1px solid @{outlineStrong}; }
QSlider::handle:horizontal:hover { border-color: @{accent}; }
QSlider::handle:horizontal:focus { width: 12px; height: 12px; border: 2px solid @{accent}; }
QSlider::sub-page:horizontal:disabled { background: @{hairline}; }
QProgressBar { border: none; border-radius: 2px; background: @{hairline}; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { border-radius: 2px; background: @{accent}; }
)";

constexpr auto frames = R"(
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @{scroll}; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: @{secondary}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QSplitter::handle { background: @{hairline}; }
QSplitter::handle:horizontal { width: 1px; margin: 0 4px; }
QSplitter::handle:vertical { height: 1px; margin: 4px 0; }
QSplitter::handle:hover { background: @{accent}; }
QToolTip { background: @{raised}; color: @{text}; border: 1px solid @{outline}; padding: 4px 8px; }
QMenu { background: @{raised}; color: @{text}; border: 1px solid @{outline}; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @{selection}; }
QMenu::item:disabled { color: @{disabled}; background: transparent; }
QMenu::separator { height: 1px; background: @{hairline}; margin: 4px 8px; }
QStatusBar { background: @{surface}; color: @{secondary}; border-top: 1px solid @{hairline}; }
QStatusBar::item { border: none; }
QLabel[role="secondary"] { color: @{secondary}; }
QLabel[role="error"] { color: @{bad}; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
)";

// Headers have no ground of their own: it would lie square over the round corners of the view's border.
constexpr auto views = R"(
QTableView, QTreeView, QListView { background: @{surface}; color: @{text}; border: 1px solid @{hairline};
    border-radius: @{radius}px; alternate-background-color: @{stripe}; gridline-color: @{hairline};
    selection-background-color: @{selection}; selection-color: @{text}; outline: none; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 1px solid @{accent}; }
QTableView::item, QTreeView::item { padding: 0 8px; border: none; }
QListView::item { padding: 4px 8px; border: none; border-radius: 4px; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @{selection};
    color: @{text}; }
QListView::item:hover:!selected { background: @{hover}; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: @{secondary}; border: none; border-bottom: 1px solid @{hairline};
    padding: 5px 8px; font-weight: 400; }
QTreeView QHeaderView::section { padding-left: 11px; }
QHeaderView::section:hover { color: @{text}; }
QHeaderView::down-arrow { image: url(:/theme/chevron-down.svg); width: 9px; height: 9px; }
QHeaderView::up-arrow { image: url(:/theme/chevron-up.svg); width: 9px; height: 9px; }
QTableCornerButton::section { background: transparent; border: none; border-bottom: 1px solid @{hairline}; }
QTabWidget::pane { border: none; border-top: 1px solid @{hairline}; }
QTabBar::tab { background: transparent; color: @{secondary}; padding: 5px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @{text}; }
QTabBar::tab:selected { color: @{text}; border-bottom-color: @{accent}; }
QTabBar::tab:focus { background: @{hover}; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: @{surface}; }
QCalendarWidget QToolButton { min-height: @{inner}px; padding: 0 7px; }
QCalendarWidget QTableView, QCalendarWidget QTableView:focus { border: none; border-radius: 0;
    alternate-background-color: @{surface}; show-decoration-selected: 1; }
QCalendarWidget QTableView::item { padding: 0; }
)";

} // namespace

QPalette makePalette(const ThemeTokens& t)
{
    QPalette palette;
    palette.setColor(QPalette::Window, t.window);
    palette.setColor(QPalette::Base, t.surface);
    palette.setColor(QPalette::AlternateBase, mixed(t.surface, t.text, 0.025));
    palette.setColor(QPalette::Button, t.raised);
    palette.setColor(QPalette::ToolTipBase, t.raised);
    palette.setColor(QPalette::Highlight, t.accent);
    palette.setColor(QPalette::HighlightedText, t.onAccent);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::LinkVisited, t.accent);
    palette.setColor(QPalette::PlaceholderText, t.secondary);
    palette.setColor(QPalette::Light, t.raised);
    palette.setColor(QPalette::Midlight, t.hairline);
    palette.setColor(QPalette::Mid, t.hairline);
    palette.setColor(QPalette::Dark, t.disabled);
    palette.setColor(QPalette::Shadow, t.window);
    palette.setColor(QPalette::BrightText, t.bad);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, t.text);
        palette.setColor(QPalette::Disabled, role, t.disabled);
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, t.hairline);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, t.disabled);
    return palette;
}

QString makeStyleSheet(const ThemeTokens& t)
{
    const std::pair<const char*, QString> values[] = {
        {"window", t.window.name()},
        {"surface", t.surface.name()},
        {"raised", t.raised.name()},
        {"hairline", t.hairline.name()},
        {"text", t.text.name()},
        {"secondary", t.secondary.name()},
        {"disabled", t.disabled.name()},
        {"accent", t.accent.name()},
        {"onAccent", t.onAccent.name()},
        {"bad", t.bad.name()},
        {"selection", t.selection.name()},
        {"field", (t.dark ? t.window : t.surface).name()},
        {"hover", mixed(t.raised, t.text, 0.06).name()},
        {"pressed", mixed(t.raised, t.text, 0.12).name()},
        {"stripe", mixed(t.surface, t.text, 0.025).name()},
        {"scroll", mixed(t.hairline, t.secondary, 0.3).name()},
        {"outline", mixed(t.hairline, t.secondary, 0.2).name()},
        {"outlineStrong", mixed(t.hairline, t.secondary, 0.7).name()},
        {"accentHover", mixed(t.accent, t.text, 0.12).name()},
        {"accentPressed", mixed(t.accent, t.window, t.dark ? 0.2 : 0.0).name()},
        {"check", t.dark ? QStringLiteral(":/theme/check-dark.svg") : QStringLiteral(":/theme/check-light.svg")},
        {"radius", QString::number(t.radius)},
        {"inner", QString::number(t.controlHeight - 2)},
        {"innerFocus", QString::number(t.controlHeight - 4)},
    };
    QString sheet = QLatin1String(buttons) + QLatin1String(inputs) + QLatin1String(toggles) + QLatin1String(frames)
                    + QLatin1String(views);
    for (const auto& [name, value] : values)
        sheet.replace(QStringLiteral("@{") + QLatin1String(name) + QLatin1Char('}'), value);
    return sheet;
}

} // namespace tokenscope::ui
