// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/wanted.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace tokenscope::ui {

/// A captured request as the Playground can show it.
struct ReplayRequest {
    struct Turn {
        QString prompt;
        QString reply;
    };

    QString model;
    QString system;
    std::vector<Turn> turns; ///< that have been answered
    QString prompt;          ///< the last one, to be sent again; may be empty
    QString temperature;     ///< as text; empty: not in the request
    QString maxTokens;       ///< the same
    QStringList notes;       ///< what could not be taken over, a sentence each
    QString problem;         ///< why nothing can be replayed; empty: it can
};

/// Reads the body of POST /v1/chat/completions, whatever is in it.
ReplayRequest readReplay(const ReplayWanted& wanted);

} // namespace tokenscope::ui
