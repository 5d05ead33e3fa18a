#!/bin/bash
# SPDX-FileCopyrightText: 2026 The Tokenscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
# CONSOLE DRIVER: the console on an X server and an accessibility bus of its own, and what drives it from outside. To be run by
# dbus-run-session with a HOME of its own. Ends with the driver's status.
set -u
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
}
trap finish EXIT

Xvfb -displayfd 4 -screen 0 1440x900x24 -nolisten tcp 4>"$HOME/display" 2>"$HOME/xvfb.log" &
pids+=($!)
for _ in {1..100}; do
    [[ -s $HOME/display ]] && break
    sleep 0.1
done
DISPLAY=:$(<"$HOME/display")
export DISPLAY
/usr/libexec/at-spi-bus-launcher --launch-immediately 2>"$HOME/at-spi.log" &
pids+=($!)
QT_QPA_PLATFORM=xcb QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1 "$1" --demo --listen 127.0.0.1:0 2>"$HOME/console.log" &
pids+=($!)
/usr/bin/python3 "$2"
