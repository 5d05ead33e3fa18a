// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QSize>
#include <QString>
#include <QStringList>

namespace tokenscope::ui {

class MainWindow;

struct ScreenshotOptions {
    QString directory;                    ///< made where it is missing
    QList<QSize> sizes{QSize(1440, 900)}; ///< of the whole window, at least one
    QList<ThemeMode> themes;              ///< none: as it is
    double afterSeconds = 5;              ///< of live data before the first picture
};

/// Pictures of every page without anybody at the screen: <directory>/<page>.png, with "-dark" or "-light" where there are
/// several themes, and with "-1440x900" where there are several sizes. Works on the offscreen platform.
class ScreenshotRun : public QObject {
    Q_OBJECT

public:
    ScreenshotRun(MainWindow& window, Theme& theme, ScreenshotOptions options, QObject* parent = nullptr);
    void start();

Q_SIGNALS:
    /// `exitCode` is 0 when every page was written; otherwise `errors` holds a sentence for each that was not.
    void finished(int exitCode, const QStringList& errors);

private:
    void fillCharts();
    void dress();
    void prepare();
    void poll();
    void lookAway();
    void take();
    void next();
    QString fileName() const;

    MainWindow& m_window;
    Theme& m_theme;
    const ScreenshotOptions m_options;
    qsizetype m_size = 0;
    qsizetype m_look = 0; ///< of the themes
    std::size_t m_page = 0;
    QElapsedTimer m_waiting;
    QStringList m_errors;
};

} // namespace tokenscope::ui
