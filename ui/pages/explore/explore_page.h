// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/metric_feed.h"
#include "pages/common/page.h"
#include "pages/common/query_draft.h"
#include "pages/explore/query_run.h"

#include <QString>
#include <QTimer>

#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace tokenscope::ui {

struct ConsoleContext;
class BreakingLabel;
class CompletionData;
class HistoryPanel;
class MetricCatalogue;
class OutcomeBox;
class PromqlEditor;
class QueryBuilder;
class QueryHistory;
class ResultView;

/// Any question to the source that is shown: PromQL where it can, pickers everywhere. The answer is for the time range at the
/// top and follows it. What is written, for each source, and what was asked before is kept in the settings.
class ExplorePage : public Page {
    Q_OBJECT

public:
    ExplorePage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                QWidget* parent = nullptr);
    ~ExplorePage() override;

    /// Writes it into the editor and runs it; what stood there is in the history. Only a source with PromQL can.
    void showExpression(const QString& expression);
    std::vector<PageCommand> commands() override;
    void refresh() override;
    void prepareForScreenshot() override;
    bool readyForScreenshot() const override;

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    enum class Mode { builder, promql };

    QWidget* makeHeader();
    QWidget* makeActions();
    void placeActions();
    QWidget* makeBuilderSide();
    void connectParts();
    void dress();
    QString key(const char* what) const;
    void restoreDraft();
    void saveDraft();
    void sourceChanged();
    QString hint() const;
    void setMode(Mode mode);
    void showPromql();
    void editAsPromql();
    void clearQuery();
    void bringBack(const QString& entry);
    QString described(const QString& entry) const;
    bool canPromql() const;

    /// What is written now, or why it cannot be asked.
    Result<Question> question() const;
    sources::Range range(const Question& question, MetricFeed::Pace pace = MetricFeed::Pace::as_known) const;
    void run();
    void ask();
    void stop();
    void finish();
    void lookBack();
    void showRunning();
    void showFailure(const Error& error);
    void runQuietly();
    bool awaited() const; ///< whether a person waits for an answer

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    QTabBar* m_modes;
    QWidget* m_header = nullptr;  ///< with the modes
    QWidget* m_actions = nullptr; ///< step, history and run
    QComboBox* m_step;
    QPushButton* m_run;
    QToolButton* m_historyButton;
    QStackedWidget* m_inputs;
    CompletionData* m_completion;
    PromqlEditor* m_editor;
    QueryBuilder* m_builder;
    BreakingLabel* m_promql;
    QPushButton* m_copyPromql;
    QPushButton* m_editPromql;
    OutcomeBox* m_outcome;
    ResultView* m_result;
    QSplitter* m_splitter;
    QueryHistory* m_history;
    HistoryPanel* m_historyPanel;
    QueryRun* m_query;
    std::unique_ptr<PastLook> m_past; ///< while nothing matches
    QTimer m_save;
    QTimer m_follow;
    Mode m_mode = Mode::promql;
    QString m_source;                ///< whose draft is shown
    std::optional<Question> m_asked; ///< what the answer shown is of
    QString m_askedText;             ///< as it stood in the editor; empty: from the builder
    bool m_awaited = false;          ///< what was asked, by a person; else the answer is only renewed
};

} // namespace tokenscope::ui
