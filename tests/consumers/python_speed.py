"""The Python package beside the Rust call: `python_speed.py TIME_PARSE [CHARS] [ROUNDS]`.

TIME_PARSE is the example of pizhu-text, built with the profile that the wheel is built with (`cargo
build --profile dist -p pizhu-text --example time_parse`). Both parse the same text in turn; the least
time of each counts.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pizhu

program, chars, rounds = sys.argv[1], int((sys.argv[2:] or ["1000000"])[0]), int((sys.argv[3:] or ["20"])[0])
samples = Path(__file__).resolve().parents[2] / "sample-data"
texts = []
for path in sorted(samples.glob("*.txt")):
    try:
        # Without byte order mark: the call of Rust takes text that is normalized.
        texts.append(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        continue
one = "\n\n".join(texts)
text = (one * (chars // len(one) + 1))[:chars]
with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", newline="") as file:
    file.write(text)
    file.flush()
    rust = subprocess.Popen([program, file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    times = {"Rust": [], "Python": []}
    for _ in range(rounds):
        rust.stdin.write("\n")
        rust.stdin.flush()
        times["Rust"].append(float(rust.stdout.readline()))
        # A new string each time: the interpreter keeps the UTF-8 of one that it has converted.
        given = "".join([text[:1], text[1:]])
        start = time.perf_counter()
        outline = pizhu.outline(given)
        times["Python"].append(1000 * (time.perf_counter() - start))
        del outline
    rust.stdin.close()
    rust.wait()
least = {name: min(values) for name, values in times.items()}
print(f"{len(text)} characters: Rust {least['Rust']:.2f} ms, Python {least['Python']:.2f} ms, ratio {least['Python'] / least['Rust']:.3f}")
