// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/targets/monitor_list.h"

#include <QSet>
#include <QWidget>

#include <vector>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QToolButton;
class QTreeView;

namespace tokenscope::ui {

class MonitorModel;
class Theme;

/// One list in groups with a filter, how many there are of each kind, and all about the row that is chosen.
class MonitorView : public QWidget {
    Q_OBJECT

public:
    struct Kind {
        QString title;
        Tone tone;
    };

    /// The parts' object names begin with `name`. `kinds`: what can be filtered for besides everything.
    MonitorView(const Theme& theme, const QString& name, const QString& title, std::vector<Kind> kinds,
                QWidget* parent = nullptr);

    void setList(MonitorList list);
    /// What stands in place of rows where there are none.
    void setEmptyText(const QString& text, Qt::Alignment where = Qt::AlignCenter);
    void setExpressionsUsable(bool usable); ///< "Open in Explore" is offered
    void setStale(bool stale);              ///< the rows are not of now: drawn pale
    void choose(const QString& key); ///< without telling of it; a row that is not there yet is chosen once it comes

Q_SIGNALS:
    void exploreRequested(const QString& expression);
    void chosen(const QString& key);    ///< another row is the current one; empty: none
    void activated(const QString& key); ///< Enter or a double click on a row

private:
    QWidget* makeFilter();
    QWidget* makeDetail();
    void fill();
    void showDetail();
    void layColumns();
    void copy();
    void dress();

    const Theme& m_theme;
    const std::vector<Kind> m_kinds;
    MonitorList m_list;
    QString m_emptyText;
    bool m_expressionsUsable = false;
    QLineEdit* m_filter;
    std::vector<QToolButton*> m_buttons; ///< all, then the kinds
    MonitorModel* m_model;
    QTreeView* m_tree;
    QLabel* m_empty;
    QWidget* m_bar = nullptr;
    QWidget* m_detail = nullptr;
    QPlainTextEdit* m_detailText;
    QPushButton* m_explore;
    QPushButton* m_copy;
    QSet<QString> m_collapsed; ///< groups, by title
    QString m_chosen;          ///< row, by key
    bool m_filling = false;
    bool m_laid = false;        ///< the columns have widths of ours
    bool m_sizedByHand = false; ///< ... and now those of the user
};

} // namespace tokenscope::ui
