// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>

#include <cstddef>
#include <memory>
#include <vector>

class QApplication;
class QDBusConnection;

namespace tokenscope::ui {

class SeriesPlaces;

enum class ThemeMode { light, dark, system };

/// The design tokens: every colour, distance and type size of the console. Nothing else names a colour or a font size.
struct ThemeTokens {
    bool dark = true;
    QColor window, surface, raised, hairline;
    QColor text, secondary, disabled;
    QColor accent, onAccent, good, warn, bad, selection;
    std::vector<QColor> series; ///< colour-blind-safe, in order of preference

    // On a 4 px grid.
    int space1 = 4, space2 = 8, space3 = 12, space4 = 16, space6 = 24;
    int radius = 6;
    int controlHeight = 28;

    QFont small, body, heading, number; ///< 12, 13, 15 and 22 px; `number` has tabular figures
    QFont mono;                         ///< 13 px, fixed pitch
};

/// Holds the current tokens and dresses the application in them (palette and style sheet).
class Theme : public QObject {
    Q_OBJECT

public:
    /// `system` follows the light or dark palette that the application has at this moment, and its changes; see also followDesktop().
    explicit Theme(ThemeMode mode, QObject* parent = nullptr);
    ~Theme() override;

    const ThemeTokens& tokens() const { return m_tokens; }
    ThemeMode mode() const { return m_mode; }
    void setMode(ThemeMode mode);
    /// Sets palette, style sheet and font of the whole application, now and whenever the mode changes.
    void applyTo(QApplication& application);

    /// From now on `system` is what the desktop says over this bus (the session's), where it says anything.
    void followDesktop(const QDBusConnection& bus);

    /// The colour that a series wants: a hash of its identity.
    QColor seriesColor(const QString& identity) const;
    /// Its place in ThemeTokens::series.
    std::size_t seriesSlot(const QString& identity) const;
    /// Which place it gets. Every chart asks here, so that it stays the same over time and across charts.
    SeriesPlaces& seriesPlaces() const { return *m_seriesPlaces; }

Q_SIGNALS:
    void changed();

protected:
    /// Of the application, while it follows the system.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Told { all, seen };
    void rebuild();
    void follow();
    bool systemDark() const;
    void readPalette();
    void systemChanged();
    void dress(Told told);

    ThemeMode m_mode;
    bool m_systemDark; ///< by the application's palette
    struct Desktop;
    std::unique_ptr<Desktop> m_desktop;
    ThemeTokens m_tokens;
    std::unique_ptr<SeriesPlaces> m_seriesPlaces;
    QApplication* m_application = nullptr;
    bool m_dressing = false;
};

} // namespace tokenscope::ui
