// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QSize>
#include <QString>
#include <QStringList>

namespace tokenscope::ui {

class MainWindow;

struct ScreenshotOptions {
    QString directory;       ///< made where it is missing
    QSize size{1440, 900};   ///< of the whole window
    double afterSeconds = 5; ///< of live data before the first picture
};

/// Pictures of every page, <directory>/<page>.png, without anybody at the screen. Works on the offscreen platform.
class ScreenshotRun : public QObject {
    Q_OBJECT

public:
    ScreenshotRun(MainWindow& window, ScreenshotOptions options, QObject* parent = nullptr);
    void start();

Q_SIGNALS:
    /// `exitCode` is 0 when every page was written; otherwise `errors` holds a sentence for each that was not.
    void finished(int exitCode, const QStringList& errors);

private:
    void prepare();
    void poll();
    void take();
    void next();

    MainWindow& m_window;
    const ScreenshotOptions m_options;
    std::size_t m_page = 0;
    QElapsedTimer m_waiting;
    QStringList m_errors;
};

} // namespace tokenscope::ui
