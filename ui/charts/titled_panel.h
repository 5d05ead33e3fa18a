// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"
#include "query/frame.h"

#include <QWidget>

namespace tokenscope::ui {

class Theme;

/// The ground of what shows an answer in another way than as lines over time: title, and what stands in place of data while
/// there are none. Its accessible description is what can be read off it.
class TitledPanel : public QWidget {
    Q_OBJECT

public:
    TitledPanel(const Theme& theme, QWidget* parent);

    void setTitle(const QString& title); ///< also the accessible name
    void setSubtitle(const QString& subtitle);
    void setUnit(Unit unit);
    void setHeaderReserve(int width);       ///< px on the right of the title that others stand on
    void setEmptyText(const QString& text); ///< what to do to see data here
    void setFrame(query::FramePtr frame);
    query::FramePtr frame() const { return m_frame; }
    void setError(const QString& message); ///< shown over the last data, until the next frame
    void setLoading();                     ///< no answer yet: shown only while there is no data
    /// What stands in place of data, or an empty text.
    QString message() const;

    QSize sizeHint() const override { return {400, 220}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

protected:
    /// Another frame, unit or theme. Says in words what is to be seen.
    virtual QString readData() = 0;
    virtual bool hasData() const = 0;
    virtual void paintData(QPainter&, const QRect&) {}
    /// What explains the data, at the right of the title where there is room beside it: its width in px, 0 where there is none.
    virtual int keyWidth() const { return 0; }
    virtual void paintKey(QPainter&, const QRect&) const {}
    const Theme& theme() const { return m_theme; }
    Unit unit() const { return m_unit; }
    bool stale() const { return !m_error.isEmpty(); } ///< the data are not of now: to be drawn pale
    QRect body() const;                               ///< below the title
    void paintEvent(QPaintEvent* event) override;
    void refresh();

private:
    void paintHeader(QPainter& painter) const;

    const Theme& m_theme;
    QString m_title, m_subtitle, m_emptyText, m_error;
    Unit m_unit = Unit::none;
    bool m_loading = false;
    int m_headerReserve = 0;
    query::FramePtr m_frame;
};

} // namespace tokenscope::ui
