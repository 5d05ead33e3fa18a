// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/value_picker.h"

#include <QFrame>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMouseEvent>
#include <QScopedValueRollback>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int narrowest = 220;
constexpr int highest = 320;
constexpr int longest = 20; ///< letters that the box has room for
constexpr int valueRole = Qt::UserRole;

} // namespace

ValuePicker::ValuePicker(QWidget* parent) : QComboBox(parent)
{
    addItem(tr("All"));
    showText();
}

void ValuePicker::setValues(const QStringList& values)
{
    m_values = values;
    if (m_popup)
        fill();
}

void ValuePicker::setChosen(const QStringList& chosen)
{
    m_chosen = chosen;
    showText();
    if (m_popup)
        fill();
}

void ValuePicker::makePopup()
{
    m_popup = new QFrame(this, Qt::Popup);
    m_popup->setObjectName(objectName() + QStringLiteral(".popup"));
    m_popup->setFrameShape(QFrame::StyledPanel);
    m_popup->setAccessibleName(accessibleName());
    m_popup->installEventFilter(this);
    m_filter = new QLineEdit;
    m_filter->setObjectName(objectName() + QStringLiteral(".filter"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setAccessibleName(tr("Filter the values"));
    m_filter->setClearButtonEnabled(true);
    m_filter->installEventFilter(this);
    m_list = new QListWidget;
    m_list->setObjectName(objectName() + QStringLiteral(".list"));
    m_list->setAccessibleName(tr("Values to choose"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    m_list->viewport()->installEventFilter(this);
    auto* column = new QVBoxLayout(m_popup);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    connect(m_filter, &QLineEdit::textChanged, this, &ValuePicker::narrow);
    connect(m_list, &QListWidget::itemChanged, this, [this](const QListWidgetItem* item) {
        if (!m_ticking)
            take(item);
    });
    fill();
}

void ValuePicker::fill()
{
    const QScopedValueRollback ticking(m_ticking, true);
    const auto current = m_list->currentItem() ? m_list->currentItem()->data(valueRole).toString() : QString();
    m_list->clear();
    QStringList gone;
    std::copy_if(m_chosen.begin(), m_chosen.end(), std::back_inserter(gone),
                 [this](const QString& value) { return !m_values.contains(value); });
    const auto add = [this](const QString& text, const QString& value) {
        auto* item = new QListWidgetItem(text, m_list);
        item->setData(valueRole, value);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setToolTip(text);
    };
    add(tr("All"), QString());
    for (const auto& values : {gone, m_values}) {
        for (const auto& value : values)
            add(value, value);
    }
    tick();
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->data(valueRole).toString() == current)
            m_list->setCurrentRow(row);
    }
    narrow();
}

void ValuePicker::tick()
{
    const QScopedValueRollback ticking(m_ticking, true);
    for (int row = 0; row < m_list->count(); ++row) {
        auto* item = m_list->item(row);
        const auto value = item->data(valueRole).toString();
        const bool on = value.isEmpty() ? m_chosen.isEmpty() : m_chosen.contains(value);
        item->setCheckState(on ? Qt::Checked : Qt::Unchecked);
    }
}

void ValuePicker::narrow()
{
    const auto wanted = m_filter->text().trimmed();
    for (int row = 0; row < m_list->count(); ++row) {
        const auto* item = m_list->item(row);
        const auto value = item->data(valueRole).toString();
        m_list->setRowHidden(row, !wanted.isEmpty() && !value.contains(wanted, Qt::CaseInsensitive));
    }
}

void ValuePicker::take(const QListWidgetItem* item)
{
    const auto value = item->data(valueRole).toString();
    auto chosen = m_chosen;
    if (value.isEmpty())
        chosen.clear();
    else if (item->checkState() == Qt::Checked)
        chosen << value;
    else
        chosen.removeAll(value);
    // In the order of the list, whatever the order of the clicks.
    std::ranges::stable_sort(chosen, {}, [this](const QString& one) { return m_values.indexOf(one); });
    const bool other = chosen != m_chosen;
    m_chosen = chosen;
    tick();
    showText();
    if (other)
        Q_EMIT chosenChanged();
}

void ValuePicker::toggle(QListWidgetItem* item)
{
    if (item)
        item->setCheckState(item->checkState() == Qt::Checked ? Qt::Unchecked : Qt::Checked);
}

void ValuePicker::showText()
{
    const auto all = m_chosen.join(QStringLiteral(", "));
    setItemText(0, m_chosen.isEmpty() ? tr("All")
                   : m_chosen.size() == 1 || all.size() <= longest
                       ? all
                       : tr("%n chosen", nullptr, static_cast<int>(m_chosen.size())));
    setToolTip(m_chosen.isEmpty() ? QString() : m_chosen.join(QLatin1Char('\n')));
    setAccessibleDescription(m_chosen.isEmpty() ? tr("All values") : all);
}

void ValuePicker::showPopup()
{
    if (!m_popup)
        makePopup();
    m_filter->clear();
    // The style gives no height to a line in a box, as of one that can be written in.
    m_filter->ensurePolished();
    m_filter->setMinimumHeight(sizeHint().height());
    const auto room = screen()->availableGeometry();
    const int rows = std::max(m_list->sizeHintForRow(0), 1) * std::max(m_list->count(), 3);
    const QSize size(std::max(width(), narrowest), std::min(highest, rows + m_filter->minimumHeight() + 40));
    auto at = mapToGlobal(QPoint(0, height() + 2));
    if (at.y() + size.height() > room.bottom())
        at.setY(std::max(room.top(), mapToGlobal(QPoint()).y() - size.height() - 2));
    at.setX(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - size.width())));
    m_popup->setGeometry(QRect(at, size));
    m_popup->show();
    m_filter->setFocus(Qt::PopupFocusReason);
}

void ValuePicker::hidePopup()
{
    if (m_popup)
        m_popup->hide();
}

bool ValuePicker::filterKey(int key)
{
    if (key == Qt::Key_Down) {
        m_list->setFocus();
        for (int row = 0; row < m_list->count(); ++row) {
            if (!m_list->isRowHidden(row)) {
                m_list->setCurrentRow(row);
                break;
            }
        }
        return true;
    }
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return false;
    // What was typed means one value: it is ticked, and the next can be typed.
    QListWidgetItem* only = nullptr;
    int shown = 0;
    for (int row = 0; row < m_list->count(); ++row) {
        if (!m_list->isRowHidden(row) && ++shown == 1)
            only = m_list->item(row);
    }
    if (m_filter->text().trimmed().isEmpty()) {
        hidePopup();
    } else if (only) {
        toggle(only);
        m_filter->selectAll();
    }
    return true;
}

bool ValuePicker::listKey(int key)
{
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        hidePopup();
        return true;
    }
    if (key == Qt::Key_Up && m_list->currentRow() <= 0) {
        m_filter->setFocus();
        return true;
    }
    return false;
}

bool ValuePicker::eventFilter(QObject* watched, QEvent* event)
{
    if (m_list && watched == m_list->viewport() && event->type() == QEvent::MouseButtonRelease) {
        toggle(m_list->itemAt(static_cast<QMouseEvent*>(event)->position().toPoint())); // wherever in its row
        return true;
    }
    if (event->type() == QEvent::KeyPress) {
        const auto key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape && m_popup) {
            hidePopup();
            return true;
        }
        if ((watched == m_filter && filterKey(key)) || (watched == m_list && listKey(key)))
            return true;
    }
    if (watched == m_popup && event->type() == QEvent::Hide)
        setFocus(Qt::PopupFocusReason);
    return QComboBox::eventFilter(watched, event);
}

void ValuePicker::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        showPopup();
    else
        QComboBox::keyPressEvent(event);
}

void ValuePicker::wheelEvent(QWheelEvent* event)
{
    event->ignore(); // there is nothing to step through
}

} // namespace tokenscope::ui
