// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextBrowser>
#include <QTimer>

class QTextTable;

namespace tokenscope::ui {

class Theme;

/// A reply as Markdown, as tall as its text. HTML in it is shown, not interpreted; nothing is ever loaded, from disk or
/// network. While text streams in it is rendered at most every 50 ms, and less often where rendering takes long, so that
/// a long reply never holds up the window.
class MarkdownView : public QTextBrowser {
    Q_OBJECT

public:
    explicit MarkdownView(const Theme& theme, QWidget* parent = nullptr);

    void appendText(const QString& delta);
    /// Renders what is still waiting.
    void flush();
    const QString& source() const { return m_source; }

    QVariant loadResource(int type, const QUrl& name) override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void render();
    void styleBlocks();
    void styleCode(QTextCursor& cursor, bool first, bool last) const;
    void styleCell(QTextCursor& cursor, QTextTable& table) const;
    void styleText(QTextCursor& cursor, bool last) const;
    void fit();

    const Theme& m_theme;
    QString m_source;
    QTimer m_timer;
    bool m_dirty = false;
};

} // namespace tokenscope::ui
