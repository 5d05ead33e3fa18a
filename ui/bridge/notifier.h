// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

namespace tokenscope::ui {

/// Tells the user something while they look elsewhere.
class Notifier : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    struct Message {
        QString key; ///< another message with the same key replaces this one
        QString title;
        QString body; ///< plain text; may have several lines
        bool urgent = false;
    };
    virtual void notify(const Message& message) = 0;

Q_SIGNALS:
    /// The user clicked on it.
    void activated(const QString& key);
};

} // namespace tokenscope::ui
