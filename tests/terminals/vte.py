#!/usr/bin/env python3
"""vte.py narrow|wide COLUMNS ROWS PROGRAM [ARGUMENT…]: runs a program in a VTE window (the terminal
widget of GNOME, Xfce and others) with narrow or wide ambiguous characters.
Needs the Debian packages python3-gi gir1.2-vte-2.91.
"""
import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Vte", "2.91")
from gi.repository import GLib, Gtk, Pango, Vte  # noqa: E402


def main():
    width, columns, rows, *command = sys.argv[1:]
    terminal = Vte.Terminal()
    terminal.set_font(Pango.FontDescription("Noto Sans Mono CJK SC 9"))
    terminal.set_cjk_ambiguous_width(2 if width == "wide" else 1)
    terminal.set_cursor_blink_mode(Vte.CursorBlinkMode.OFF)
    terminal.set_size(int(columns), int(rows))
    terminal.connect("child-exited", lambda *_: Gtk.main_quit())
    window = Gtk.Window(decorated=False)
    window.add(terminal)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    terminal.spawn_async(
        Vte.PtyFlags.DEFAULT, None, command, [f"{name}={value}" for name, value in os.environ.items()],
        GLib.SpawnFlags.DEFAULT, None, None, -1, None, None)
    Gtk.main()


main()
