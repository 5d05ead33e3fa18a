// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/playground/markdown_cutter.h"

#include <QTextBrowser>
#include <QTimer>

class QTextBlock;
class QTextTable;

namespace tokenscope::ui {

class Theme;

/// A reply as Markdown, as tall as its text. HTML in it is shown, not interpreted; nothing is ever loaded, from disk or
/// network. While text streams in it is rendered at most every 50 ms, and less often where rendering takes long; blocks that
/// more text cannot change are rendered once, so that a long reply takes no longer than a short one.
class MarkdownView : public QTextBrowser {
    Q_OBJECT

public:
    explicit MarkdownView(const Theme& theme, QWidget* parent = nullptr);

    void appendText(const QString& delta);
    /// Renders what is still waiting.
    void flush();
    const QString& source() const { return m_source; }
    /// How many letters of the source have been rendered so far, those counted again that were rendered again.
    qsizetype lettersRendered() const { return m_lettersRendered; }

    QVariant loadResource(int type, const QUrl& name) override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void render();
    void renderAnew();
    void put(const QString& opening, QStringView text);
    void styleFrom(int position);
    void drawGrounds(const QRectF& exposed);
    void styleCode(QTextCursor& cursor, bool first, bool last) const;
    void styleCell(QTextCursor& cursor, QTextTable& table) const;
    void styleText(QTextCursor& cursor, bool last) const;
    void fit();

    const Theme& m_theme;
    QString m_source;
    MarkdownCutter m_cutter;
    qsizetype m_settled = 0; ///< letters of the source whose blocks stay as they are
    int m_open = 0;          ///< where in the document the others' begin: at the end of the settled ones' last
    QString m_opening;       ///< see MarkdownCutter, of what is settled
    QTimer m_timer;
    bool m_dirty = false;
    qsizetype m_lettersRendered = 0;
};

} // namespace tokenscope::ui
