// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace tokenscope::ui {

/// What is added first takes the row; what is added second stands at the row's right end, or below where there is no room for both.
class WrappingRow : public QLayout {
    Q_OBJECT

public:
    explicit WrappingRow(int spacing);
    ~WrappingRow() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;

    QSize sizeHint() const override;
    QSize minimumSize() const override;
    Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    void setGeometry(const QRect& rect) override;

private:
    std::vector<QLayoutItem*> shown() const;
    bool wraps(const std::vector<QLayoutItem*>& shown, int width) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace tokenscope::ui
