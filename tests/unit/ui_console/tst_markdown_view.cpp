// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/markdown_view.h"

#include "pages/playground/markdown_cutter.h"
#include "theme/theme.h"

#include <QTextBlock>
#include <QTextList>
#include <QTextTable>
#include <QtTest>

#include <random>

using namespace tokenscope::ui;

namespace {

/// Everything that can be seen of a document: its blocks with words, with their formats and the formats of their letters.
QStringList picture(const QTextDocument& document)
{
    QStringList lines;
    for (auto block = document.begin(); block.isValid(); block = block.next()) {
        const QTextCursor cursor(block);
        const auto format = block.blockFormat();
        // In one piece Qt puts one more empty line between another one and a table.
        if (block.text().isEmpty() && !format.hasProperty(QTextFormat::BlockTrailingHorizontalRulerWidth))
            continue;
        QString line = QStringLiteral("%1|head %2 quote %3 indent %4 fence %5 %6 rule %7 marker %8|%9 ")
                           .arg(block.text())
                           .arg(format.headingLevel())
                           .arg(format.intProperty(QTextFormat::BlockQuoteLevel))
                           .arg(format.indent())
                           .arg(format.stringProperty(QTextFormat::BlockCodeFence))
                           .arg(format.stringProperty(QTextFormat::BlockCodeLanguage))
                           .arg(format.hasProperty(QTextFormat::BlockTrailingHorizontalRulerWidth))
                           // Qt leaves the mark of a task on what follows the list, in one piece only.
                           .arg(block.textList() ? static_cast<int>(format.marker()) : 0)
                           .arg(format.topMargin());
        line += QStringLiteral("%1 %2 %3").arg(format.bottomMargin()).arg(format.leftMargin()).arg(format.lineHeight());
        if (const auto* list = block.textList())
            line += QStringLiteral("|list %1 of %2, %3")
                        .arg(list->itemNumber(block))
                        .arg(list->count())
                        .arg(list->format().style());
        if (const auto* table = cursor.currentTable())
            line += QStringLiteral("|table %1 x %2, %3")
                        .arg(table->rows())
                        .arg(table->columns())
                        .arg(table->format().topMargin());
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const auto letters = it.fragment().charFormat();
            line += QStringLiteral("|%1: %2 %3 %4 %5")
                        .arg(it.fragment().text())
                        .arg(letters.fontWeight())
                        .arg(letters.fontItalic())
                        .arg(letters.fontFixedPitch())
                        .arg(letters.anchorHref());
        }
        lines << line;
    }
    return lines;
}

/// The lines with words.
QStringList words(const QTextDocument& document)
{
    return document.toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

const std::vector<QString> pieces = {
    QStringLiteral("Some **bold** words, `code`\nand a second line."),
    QStringLiteral("## A heading"),
    QStringLiteral("Set above\n---------"),
    QStringLiteral("- one\n- two\n  - within\n\n  more of it\n\n- three after a blank"),
    QStringLiteral("3. three\n4. four\n\n5. five"),
    QStringLiteral("- [ ] to do\n- [x] done"),
    QStringLiteral("```cpp\nint x;\n\n    return x;\n}\n\n\n```"),
    QStringLiteral("~~~~\n```\nnot the end\n    ~~~~\n~~~~"),
    QStringLiteral("text before\n```\ncode\nmore code\n```\ntext behind"),
    QStringLiteral("- item\n\n  ```sh\n  a\n  b\n\n  c\n  ```\n\n  more"),
    QStringLiteral("| a | b |\n| --- | :-: |\n| 1 | **2** |"),
    QStringLiteral("> quoted\nlazily\n\n> another"),
    QStringLiteral("    indented code\n\n    more of it"),
    QStringLiteral("---"),
    QStringLiteral("![picture](file:///etc/passwd) and <b>no HTML</b>"),
    QStringLiteral("1986\\. A year, and [a link](https://example.org)."),
};

} // namespace

/// A reply that grows is shown as it would be in one piece, and what is settled is not rendered again.
class TestMarkdownView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void growingGivesTheSameAsOnePiece_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 100; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }

    void growingGivesTheSameAsOnePiece()
    {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto below = [&](std::size_t limit) { return random() % limit; };
        const Theme theme(ThemeMode::dark);
        QString text;
        const auto count = 2 + below(14);
        for (std::size_t i = 0; i < count; ++i)
            text += pieces[below(pieces.size())] + (below(8) == 0 ? QStringLiteral("\n") : QStringLiteral("\n\n"));
        MarkdownView grown(theme);
        for (qsizetype at = 0; at < text.size();) {
            const auto more = static_cast<qsizetype>(1 + below(60));
            grown.appendText(text.mid(at, more));
            grown.flush();
            at += more;
            MarkdownView whole(theme);
            whole.appendText(text.left(at));
            whole.flush();
            // In one piece it is cut, too; what Qt makes of all of it is the measure.
            QTextDocument measure;
            measure.setMarkdown(text.left(at), QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub)
                                                   | QTextDocument::MarkdownNoHTML);
            QCOMPARE(words(*grown.document()), words(measure));
            QCOMPARE(picture(*grown.document()), picture(*whole.document()));
        }
    }

    void settledBlocksAreRenderedOnce()
    {
        const Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        constexpr int rounds = 200;
        qsizetype last = 0;
        for (int i = 0; i < rounds; ++i) {
            const auto before = view.lettersRendered();
            for (const auto& piece : pieces) {
                if (piece == pieces[9])
                    continue; // a list, which the next piece could go on with
                view.appendText(piece + QStringLiteral("\n\n"));
            }
            view.flush();
            last = view.lettersRendered() - before;
        }
        // Each round costs its own letters, and those that were open before it.
        const auto round = view.source().size() / rounds;
        QVERIFY2(last < 2 * round, qPrintable(QStringLiteral("%1 of %2").arg(last).arg(round)));
    }

    void aLongBlockOfCodeIsRenderedByTheLine()
    {
        const Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        view.appendText(QStringLiteral("```cpp\n"));
        qsizetype last = 0;
        for (int i = 0; i < 2'000; ++i) {
            const auto before = view.lettersRendered();
            view.appendText(QStringLiteral("    int line%1;\n").arg(i));
            view.flush();
            last = view.lettersRendered() - before;
        }
        QVERIFY2(last < 100, qPrintable(QString::number(last)));
        QCOMPARE(view.document()->blockCount(), 2'000);
        view.appendText(QStringLiteral("```\nbehind it"));
        view.flush();
        QCOMPARE(view.document()->blockCount(), 2'001);
        QCOMPARE(view.document()->lastBlock().text(), QStringLiteral("behind it"));
    }

    void targetsOfLinksMayStandBehindThem()
    {
        const Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        view.appendText(QStringLiteral("See [the page][1] first.\n\nThen more.\n\n"));
        view.flush();
        view.appendText(QStringLiteral("Words.\n\n[1]: https://example.org/page\n"));
        view.flush();
        const auto first = view.document()->begin();
        QCOMPARE(first.text(), QStringLiteral("See the page first."));
        QStringList targets;
        for (auto it = first.begin(); !it.atEnd(); ++it)
            targets << it.fragment().charFormat().anchorHref();
        QVERIFY(targets.contains(QStringLiteral("https://example.org/page")));
    }

    void aSelectionStaysWhileTheReplyGrows()
    {
        const Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        view.appendText(QStringLiteral("First words.\n\nSecond ones."));
        view.flush();
        auto cursor = view.textCursor();
        cursor.setPosition(0);
        cursor.setPosition(5, QTextCursor::KeepAnchor);
        view.setTextCursor(cursor);
        view.appendText(QStringLiteral(" More.\n\nThird ones."));
        view.flush();
        QCOMPARE(view.textCursor().selectedText(), QStringLiteral("First"));
    }

    void anotherThemeIsForAllOfIt()
    {
        Theme theme(ThemeMode::dark);
        MarkdownView view(theme);
        view.appendText(QStringLiteral("One.\n\n```\ncode\n```\n\nTwo.\n\n| a |\n| --- |\n| b |\n\nThr"));
        view.flush();
        theme.setMode(ThemeMode::light);
        view.appendText(QStringLiteral("ee.\n\nFour."));
        view.flush();
        MarkdownView whole(theme);
        whole.appendText(view.source());
        whole.flush();
        QCOMPARE(picture(*view.document()), picture(*whole.document()));
        const QTextCursor cell(view.document()->find(QStringLiteral("b")));
        QCOMPARE(cell.currentTable()->format().borderBrush().color(), theme.tokens().hairline);
    }
};

QTEST_MAIN(TestMarkdownView)
#include "tst_markdown_view.moc"
