#!/usr/bin/env python3
"""check.py PICTURE ROWS: checks that the border beside the outline is a straight line.

A character that is wider or narrower than the reader assumes would shift the border in its row. So a
column of pixels must have foreground in all cell rows above the status line, and background beside it
in most rows. Needs only the standard library and ImageMagick's convert.
"""
import subprocess
import sys


def pixels(path):
    raw = subprocess.run(["convert", path, "-depth", "8", "ppm:-"], check=True, capture_output=True).stdout
    fields, at = [], 0
    while len(fields) < 4:
        end = at
        while raw[end:end + 1] not in (b" ", b"\n"):
            end += 1
        fields.append(raw[at:end])
        at = end + 1
    width, height = int(fields[1]), int(fields[2])
    data = raw[at:]
    return [[data[3 * (y * width + x):3 * (y * width + x) + 3] for x in range(width)] for y in range(height)]


def main():
    path, rows = sys.argv[1], int(sys.argv[2])
    picture = pixels(path)
    # The terminal's margin of a few pixels does not matter.
    top, bottom, width = 0, len(picture), len(picture[0])
    cell = (bottom - top) / rows
    counts = {}
    for row in picture[top:bottom:7]:
        for pixel in row[::5]:
            counts[pixel] = counts.get(pixel, 0) + 1
    ground = max(counts, key=counts.get)

    def ink(x, n):
        return any(picture[y][x] != ground for y in range(int(top + n * cell) + 1, min(bottom, int(top + (n + 1) * cell))))

    pane = range(1, rows - 1)
    full = [x for x in range(20, width - 20) if all(ink(x, n) for n in pane)]
    if not full:
        best = max(range(20, width - 20), key=lambda x: sum(ink(x, n) for n in pane))
        missing = [n for n in pane if not ink(best, n)]
        sys.exit(f"no straight border: the best column, {best}, misses rows {missing}")
    lone = [x for x in full if sum(ink(x - 6, n) for n in pane) < len(pane) // 2 or sum(ink(x + 6, n) for n in pane) < len(pane) // 2]
    if not lone:
        sys.exit(f"columns {full[:5]} are full, but none stands alone")
    print(f"border at pixel {lone[0]}, {rows - 2} rows of {cell:.1f} pixels")


main()
