# SPDX-FileCopyrightText: 2026 The Tokenscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the console as a screen reader or a UI driver would: through AT-SPI alone, by names and roles.

Prints "ok: ..." for what was seen, and ends with a sentence and status 1 at the first thing that was not.
"""

import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE = 30  # seconds
PAGES = ["Overview", "Playground", "Requests", "Dashboards", "Explore", "Targets", "Settings"]
# What a person operates: it must have a name.
OPERATED = {
    Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.RADIO_BUTTON,
    Atspi.Role.COMBO_BOX, Atspi.Role.SPIN_BUTTON, Atspi.Role.PAGE_TAB, Atspi.Role.MENU_ITEM, Atspi.Role.TEXT,
    Atspi.Role.ENTRY, Atspi.Role.TABLE, Atspi.Role.TREE, Atspi.Role.TREE_TABLE, Atspi.Role.LIST, Atspi.Role.SLIDER,
}


def fail(sentence):
    print("failed:", sentence)
    sys.exit(1)


def wait_for(what, look):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            found = look()
        except gi.repository.GLib.Error:  # it went while it was looked at
            found = None
        if found:
            return found
        time.sleep(0.1)
    fail(f"no {what} within {PATIENCE} s")


def children(node):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield child


def showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def walk(node, depth=0):
    """Everything that can be seen below a node, but not the cells of tables: those are data."""
    for child in children(node):
        if not showing(child):
            continue
        yield child
        if depth < 40 and child.get_role() not in (Atspi.Role.TABLE, Atspi.Role.TREE, Atspi.Role.TREE_TABLE,
                                                   Atspi.Role.LIST):
            yield from walk(child, depth + 1)


def find(window, role, name):
    roles = role if isinstance(role, tuple) else (role,)
    for node in walk(window):
        if node.get_role() in roles and (node.get_name() or "").startswith(name):
            return node
    return None


BUTTON = (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.RADIO_BUTTON, Atspi.Role.CHECK_BOX)
ONE_OF_SEVERAL = (Atspi.Role.RADIO_BUTTON,)


def press(node, actions=("Press", "Toggle", "ShowMenu")):
    action = node.get_action_iface()
    names = [action.get_action_name(i) for i in range(action.get_n_actions())]
    for wanted in actions:
        if wanted in names:
            action.do_action(names.index(wanted))
            return
    fail(f"'{node.get_name()}' has no action to press it: {names}")


def console():
    desktop = Atspi.get_desktop(0)
    for app in children(desktop):
        if app.get_name() == "Tokenscope":
            for window in children(app):
                if window.get_role() == Atspi.Role.FRAME and showing(window):
                    return window
    return None


def unnamed(window):
    nameless = []
    for node in walk(window):
        if node.get_role() not in OPERATED or node.get_name():
            continue
        states = node.get_state_set()
        # A text that cannot be edited is read, not operated.
        if node.get_role() == Atspi.Role.TEXT and not states.contains(Atspi.StateType.EDITABLE):
            continue
        if not states.contains(Atspi.StateType.FOCUSABLE):
            continue
        parent = node.get_parent()
        # The field inside a combo box or a spin box is named by the box.
        if parent is not None and parent.get_role() in (Atspi.Role.COMBO_BOX, Atspi.Role.SPIN_BUTTON):
            continue
        nameless.append(f"{node.get_role_name()} in {parent.get_role_name() if parent else '?'} "
                        f"'{parent.get_name() if parent else ''}'")
    return nameless


def go_to(window, page):
    press(wait_for(f"button for the page {page}", lambda: find(window, ONE_OF_SEVERAL, page)))
    # Its page is a panel of the same name.
    wait_for(f"page {page}", lambda: [n for n in walk(window) if n.get_name() == page and n.get_role() not in BUTTON])


def choose_range(window, name):
    """Of the ranges, the one that was pressed alone is checked."""
    press(wait_for(f"range '{name}'", lambda: find(window, ONE_OF_SEVERAL, name)))

    def checked():
        return [node.get_name() for node in walk(window)
                if node.get_role() in ONE_OF_SEVERAL and (node.get_name() or "").startswith("Last ")
                and node.get_state_set().contains(Atspi.StateType.CHECKED)]

    wait_for(f"'{name}' as the only range that is checked", lambda: checked() == [name])


def series(window):
    """Those of the first legend with several."""
    for legend in walk(window):
        if legend.get_name() == "Legend":
            boxes = [child for child in children(legend) if child.get_role() == Atspi.Role.CHECK_BOX]
            if len(boxes) > 1:
                return boxes
    return []


def isolate_a_series(window):
    boxes = wait_for("legend with several series", lambda: series(window))

    def shown():
        return [box.get_state_set().contains(Atspi.StateType.CHECKED) for box in boxes]

    press(boxes[0], ("Isolate",))
    wait_for("chart of one series", lambda: shown()[0] and not any(shown()[1:]))
    press(boxes[1], ("Toggle",))
    wait_for("chart of two series", lambda: all(shown()[:2]) and not any(shown()[2:]))


def main():
    window = wait_for("window of Tokenscope on the accessibility bus", console)
    choose_range(window, "Last 15 minutes")
    choose_range(window, "Last minute")
    print("ok: the window is found by its role and the application's name")
    for page in PAGES:
        go_to(window, page)
        time.sleep(0.5)  # what a page loads
        nameless = unnamed(window)
        if nameless:
            fail(f"on the page {page} these have no name: {'; '.join(sorted(set(nameless)))}")
        print(f"ok: {page}: everything that can be operated has a name")

    go_to(window, "Playground")
    prompt = wait_for("prompt to type into", lambda: find(window, (Atspi.Role.TEXT, Atspi.Role.ENTRY), "Prompt"))
    prompt.get_editable_text_iface().set_text_contents("Say hello to the screen reader")
    press(wait_for("button to send", lambda: find(window, BUTTON, "Send")))
    wait_for("reply's time to first token", lambda: [n for n in walk(window) if "TTFT" in (n.get_name() or "")])
    print("ok: a prompt was typed and sent, and its reply measured")

    go_to(window, "Overview")
    isolate_a_series(window)
    print("ok: a series of a chart was isolated, and another one shown beside it")

    go_to(window, "Requests")
    table = (Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.TREE)

    def rows():
        found = find(window, table, "")
        return found is not None and found.get_table_iface() is not None and found.get_table_iface().get_n_rows() > 0

    wait_for("row in the table of requests", rows)
    print("ok: the table of requests has rows")


main()
