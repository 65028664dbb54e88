#!/usr/bin/env python3
"""Runs the W3C's tests of the Web Annotation model over an export.

    w3c.py TESTS EXPORT.jsonld

TESTS is a checkout of github.com/w3c/web-annotation-tests. Its tests are lists of JSON schemas with the
result that is expected; those of pages are held against the page, those of annotations against each item,
with the page's context. Each must is then broken once, to see that the tests find it."""
import copy, json, sys
from collections import Counter
from pathlib import Path

import jsonschema, referencing
from referencing.jsonschema import DRAFT4

tests, page = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
schemas = {}
for path in tests.rglob("*.json"):
    try:
        schema = json.loads(path.read_text())
    except (json.JSONDecodeError, UnicodeDecodeError):
        continue
    if isinstance(schema, dict) and "$schema" in schema:
        schemas[path.name] = schema


def inline(value):
    """References from one file to another by the file's name; ids of parts mean nothing."""
    if isinstance(value, dict):
        return {key: inline(part) for key, part in value.items() if not (key in ("id", "$schema") and isinstance(part, str))}
    return [inline(part) for part in value] if isinstance(value, list) else value


resources = [(name, referencing.Resource.from_contents(inline(schema), DRAFT4)) for name, schema in schemas.items()]
registry = referencing.Registry().with_resources(resources)
checker = jsonschema.Draft4Validator.FORMAT_CHECKER
assert "uri" in checker.checkers, "needs jsonschema[format-nongpl]"
validators = {}


def holds(name, value):
    if name not in validators:
        # Its own references, too, are to files by their name.
        validators[name] = jsonschema.Draft4Validator({"$ref": name}, registry=registry, format_checker=checker)
    expected = schemas[name].get("expectedResult", "valid") == "valid"
    return validators[name].is_valid(value) == expected


def musts(test):
    listed = json.loads((tests / test).read_text())["assertions"]
    return [Path(one).name for one in listed if schemas[Path(one).name]["assertionType"] == "must"]


page_musts, item_musts = musts("collections/pages/pageMusts.test"), musts("annotations/annotationMusts.test")
with_context = lambda item: {"@context": page["@context"], **item}
failed = Counter(name for name in page_musts if not holds(name, page))
for item in page["items"]:
    failed.update(name for name in item_musts if not holds(name, with_context(item)))
checks = len(page_musts) + len(item_musts) * len(page["items"])
print(f"W3C Web Annotation tests: {len(page_musts)} musts of the page, {len(item_musts)} of each of {len(page['items'])} annotations:",
      f"{checks - sum(failed.values())} of {checks} hold")
for name, count in failed.most_common(5):
    print("  ", count, schemas[name]["errorMessage"])
optional = json.loads((tests / "annotations/annotationOptionals.test").read_text())["assertions"]
optional = [Path(one).name for one in optional if isinstance(one, str)]
used = [name for name in optional if all(holds(name, with_context(item)) for item in page["items"])]
print(f"  of its {len(optional)} optional parts, {len(used)} are in every annotation")

# A test that cannot fail is none: each damage is found by some must.
damages = {
    "no id": lambda a: a.pop("id"), "an id that is none": lambda a: a.update(id="讲 话"), "no type": lambda a: a.pop("type"),
    "no context": lambda a: a.pop("@context"), "no target": lambda a: a.pop("target"),
    "a time that is none": lambda a: a.update(created="昨天"), "both bodies": lambda a: a.update(bodyValue="x"),
    "a quote that is none": lambda a: a["target"]["selector"][0].pop("exact"),
    "a position that is none": lambda a: a["target"]["selector"][-1].update(start="x"),
}
missed = []
placed = next(item for item in page["items"] if len(item["target"]["selector"]) == 2)
for what, damage in damages.items():
    broken = copy.deepcopy(with_context(placed))
    damage(broken)
    if all(holds(name, broken) for name in item_musts):
        missed.append(what)
print(f"  {len(damages) - len(missed)} of {len(damages)} damages are found{': not ' + ', '.join(missed) if missed else ''}")
sys.exit(bool(failed) or len(missed) > 1)
