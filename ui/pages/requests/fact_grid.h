// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/request_facts.h"

#include <QWidget>

#include <vector>

class QLabel;

namespace tokenscope::ui {

class Theme;

/// Facts as rows of label and value, with a button where one can be copied or looked for. Asks for `filterRequested`.
class FactGrid : public QWidget {
    Q_OBJECT

public:
    /// `name`: of the rows' values, "<name>.0", "<name>.1", ...
    FactGrid(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    void setFacts(std::vector<Fact> facts);
    /// Values are short: labels need not give way to them where the grid is narrow.
    void setShortValues() { m_shortValues = true; }
    const std::vector<Fact>& facts() const { return m_facts; }
    /// All rows as "label<TAB>value".
    QString text() const;

Q_SIGNALS:
    void filterRequested(const QString& filter);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void rebuild();
    int widthOfLabels() const;
    QWidget* valueOf(const Fact& fact, std::size_t row);
    QWidget* buttonsOf(const Fact& fact);

    const Theme& m_theme;
    std::vector<Fact> m_facts;
    QWidget* m_body = nullptr;
    std::vector<QLabel*> m_labels;
    bool m_shortValues = false;
};

} // namespace tokenscope::ui
