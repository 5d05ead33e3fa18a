// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console_fixture.h"
#include "fake_settings_store.h"
#include "pages/settings/settings_page.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include <memory>

namespace tokenscope::test {

/// The page on a configuration that is a text.
struct SettingsFixture : ConsoleFixture {
    SettingsFixture()
    {
        store.disk = "# mine\n"
                     "listen: 127.0.0.1:8080 # here\n"
                     "providers:\n"
                     "  - name: ollama\n"
                     "    kind: ollama\n"
                     "    max_queue: 7\n"
                     "  - name: cloud\n"
                     "    kind: openai\n"
                     "    base_url: https://api.openai.com/v1\n"
                     "    api_key: ${OPENAI_API_KEY}\n"
                     "  - name: demo\n"
                     "    kind: demo\n"
                     "limits:\n"
                     "  body_timeout: 30s\n";
    }

    void open(const QString& section = {})
    {
        auto given = context();
        given.configuration = &store;
        page = std::make_unique<ui::SettingsPage>(given);
        page->resize(1200, 800);
        if (!section.isEmpty())
            page->showSection(section);
        page->show();
        page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(page.get()));
    }

    template <typename W = QWidget>
    W* find(const QString& name) const
    {
        auto* found = page->findChild<W*>(name);
        if (!found)
            qFatal("no %s", qPrintable(name));
        return found;
    }
    template <typename W = QWidget>
    W* find(const char* name) const
    {
        return find<W>(QString::fromLatin1(name));
    }
    void click(const char* name) const { QTest::mouseClick(find(name), Qt::LeftButton); }
    void type(const char* name, const char* text) const
    {
        auto* line = find<QLineEdit>(name);
        line->setFocus();
        line->selectAll();
        QTest::keyClicks(line, QString::fromLatin1(text));
    }
    void clear(const char* name) const
    {
        auto* line = find<QLineEdit>(name);
        line->setFocus();
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Backspace);
    }
    QString text(const char* name) const { return find<QLabel>(name)->text(); }
    /// Saves by the button, and waits for the end.
    void save() const
    {
        click("settings.changes.save");
        QTRY_VERIFY(!page->hasUnsavedChanges());
    }
    /// What is on disk at a path.
    std::string saved(const std::string& path) const
    {
        const auto document = config::Document::parse(store.disk);
        return document ? document->scalar(path).value_or("(none)") : "(broken)";
    }

    FakeSettingsStore store;
    std::unique_ptr<ui::SettingsPage> page;
};

} // namespace tokenscope::test
