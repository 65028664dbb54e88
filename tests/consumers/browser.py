#!/usr/bin/env python3
"""Opens pages and pictures in Chromium, offline, in a light and a dark scheme: browser.py CHROMIUM FOLDER

All quotations are there; nothing of a speech runs; nothing else is asked for. Leaves pictures to look at."""
import json, sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from quoted import missing

chromium, out = sys.argv[1], Path(sys.argv[2])
annotations = json.loads((out / "all.json").read_text())["annotations"]
failures = 0


def fail(words):
    global failures
    failures += 1
    print("   FAILED:", words)


def contrast(one, other):
    def luminance(colour):
        parts = [part / 255 for part in colour]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


# The least contrast of a text with what lies behind it, for each element with text of its own.
CONTRASTS = """() => {
    const parse = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const found = [];
    for (const element of document.querySelectorAll('body, body *')) {
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
        if (!own || !element.getClientRects().length) continue;
        let behind = element, back = [0, 0, 0, 0];
        while (behind && !(back[3] === undefined || back[3] === 1) ) {
            back = parse(getComputedStyle(behind).backgroundColor);
            if (back.length === 3 || back[3] === 1) break;
            behind = behind.parentElement;
            back = [0, 0, 0, 0];
        }
        if (!behind) back = matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
        found.push([parse(getComputedStyle(element).color).slice(0, 3), back.slice(0, 3), element.tagName + '.' + element.className]);
    }
    return found;
}"""

with sync_playwright() as program:
    browser = program.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--allow-file-access-from-files"])
    print(f"   Chromium {browser.version}")
    for name in ["page.html", "report.html"]:
        for scheme in ["light", "dark"]:
            context = browser.new_context(color_scheme=scheme, offline=True, viewport={"width": 1100, "height": 1400})
            page = context.new_page()
            asked, said = [], []
            page.on("request", lambda request: asked.append(request.url))
            page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto((out / name).as_uri())
            page.screenshot(path=out / f"{name.split('.')[0]}-{scheme}.png")
            page.screenshot(path=out / f"{name.split('.')[0]}-{scheme}-whole.png", full_page=True, clip={"x": 0, "y": 0, "width": 1100, "height": 6000})
            others = [url for url in asked if url != (out / name).as_uri() and not url.startswith("data:")]
            if others:
                fail(f"{name} asks for {others[:3]}")
            if page.evaluate("window.ran") is not None or said:
                fail(f"something runs in {name}: {page.evaluate('window.ran')} {said[:3]}")
            scripts = page.evaluate("document.scripts.length + document.querySelectorAll('iframe, object, embed, link[href], [onclick], [onload], [onerror]').length")
            if scripts:
                fail(f"{name} has {scripts} scripts or other programs")
            # Notes stand between the paragraphs; a long quotation is folded.
            shown = page.evaluate("(() => { const copy = document.body.cloneNode(true); copy.querySelectorAll('aside, summary').forEach(one => one.remove()); return copy.textContent; })()")
            lost = missing([a for a in annotations if name == "page.html" or a["tags"] or a["note"]], shown, out / "outlines.json")
            if lost:
                fail(f"{name}: {len(lost)} quotations missing, the first {lost[0]['text'][:40]!r}")
            faint = [(round(contrast(one, other), 2), what) for one, other, what in page.evaluate(CONTRASTS)]
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                fail(f"{name} is {wide} pixels wider than the window")
            least = min(faint)
            if least[0] < 4.5:
                fail(f"{name} {scheme}: contrast {least}")
            print(f"   {name} {scheme}: {len(annotations) - len(lost)} of {len(annotations)} quotations, nothing asked for, nothing runs, least contrast {least[0]}:1 ({least[1]})")
            if scheme == "light":
                page.set_viewport_size({"width": 400, "height": 800})
                if (wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")) > 0:
                    fail(f"{name} is {wide} pixels wider than a telephone")
                page.screenshot(path=out / f"{name.split('.')[0]}-narrow.png")
                page.pdf(path=out / f"{name.split('.')[0]}.pdf") if name == "report.html" else None
            context.close()
    for picture in ["heat", "bars", "years"]:
        for scheme in ["light", "dark"]:
            context = browser.new_context(color_scheme=scheme, offline=True, viewport={"width": 1000, "height": 700})
            page = context.new_page()
            page.goto((out / f"{picture}.svg").as_uri())
            boxes = page.evaluate("[...document.querySelectorAll('text')].map(t => { const b = t.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom, t.textContent] })")
            root = page.evaluate("(() => { const b = document.documentElement.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] })()")
            outside = [box[4] for box in boxes if box[0] < root[0] - 1 or box[1] < root[1] - 1 or box[2] > root[2] + 1 or box[3] > root[3] + 1]
            over = [(a[4], b[4]) for i, a in enumerate(boxes) for b in boxes[i + 1:] if a[0] + 1 < b[2] - 1 and b[0] + 1 < a[2] - 1 and a[1] + 3 < b[3] - 3 and b[1] + 3 < a[3] - 3]
            if outside or over:
                fail(f"{picture}.svg: outside {outside[:3]}, on one another {over[:3]}")
            page.set_viewport_size({"width": max(200, int(root[2] - root[0]) + 1), "height": max(200, int(root[3] - root[1]) + 1)})
            page.screenshot(path=out / f"{picture}-{scheme}.png")
            print(f"   {picture}.svg {scheme}: {len(boxes)} texts, none cut, none on another")
            context.close()
    browser.close()
sys.exit(bool(failures))
