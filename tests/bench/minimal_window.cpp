// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The least that a program with Qt Widgets can be: what bench_console compares the console's start with. It says on standard
// output how old it was when its window had been painted, and quits.
#include "app/process_age.h"

#include <QApplication>
#include <QLabel>
#include <QMainWindow>
#include <QTimer>
#include <QVBoxLayout>

#include <cstdio>

namespace {

class Window : public QMainWindow {
protected:
    bool event(QEvent* event) override
    {
        const bool taken = QMainWindow::event(event);
        if (event->type() == QEvent::UpdateRequest) {
            std::printf("%lld\n", static_cast<long long>(
                                      tokenscope::app::process_age().value_or(std::chrono::milliseconds(0)).count()));
            QCoreApplication::exit(0);
        }
        return taken;
    }
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    Window window;
    auto* central = new QWidget;
    auto* column = new QVBoxLayout(central);
    for (const char* text : {"A window", "with three", "labels"})
        column->addWidget(new QLabel(QString::fromLatin1(text)));
    window.setCentralWidget(central);
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
