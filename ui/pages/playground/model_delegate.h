// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QItemDelegate>

namespace tokenscope::ui {

class Theme;

/// The rows of a ModelPickerModel: its headings paler and smaller, the models set in below them. A QItemDelegate, as that of other
/// boxes is, so that the rows are as high as theirs.
class ModelDelegate : public QItemDelegate {
    Q_OBJECT

public:
    explicit ModelDelegate(const Theme& theme, QObject* parent = nullptr) : QItemDelegate(parent), m_theme(theme) {}

protected:
    void drawDisplay(QPainter* painter, const QStyleOptionViewItem& option, const QRect& rect,
                     const QString& text) const override;

private:
    const Theme& m_theme;
};

} // namespace tokenscope::ui
