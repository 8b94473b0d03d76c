#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decodes with generated classes what C++ wrote, and encodes it again, for C++ to read.

usage: python_classes.py TARGET CODE OURS THEIRS

TARGET is msgspec or pydantic. CODE is what `contract_generated write` made, OURS the lines of `contract_generated encode`;
THEIRS gets a line for each that could be decoded. Types without a class are listed with the reason, lines that do not
decode as failures.
"""
import collections
import json
import pathlib
import sys

from modules import load_root

# What the library cannot read, whatever the class; counted, and no failure.
LIMITS = {"recursion limit exceeded": "nest deeper than pydantic's parser reads"}
FORMATS = {"msgspec": ("json", "msgpack"), "pydantic": ("json",)}


def msgspec_codecs(root):
    import msgspec

    return {
        "json": (msgspec.json.Decoder(root).decode, msgspec.json.Encoder().encode),
        "msgpack": (msgspec.msgpack.Decoder(root).decode, msgspec.msgpack.Encoder().encode),
    }


def pydantic_codecs(root):
    import pydantic

    is_model = isinstance(root, type) and issubclass(root, pydantic.BaseModel)
    adapter = pydantic.TypeAdapter(root, config=None if is_model else pydantic.ConfigDict(regex_engine="python-re"))
    return {"json": (adapter.validate_json, adapter.dump_json)}


CODECS = {"msgspec": msgspec_codecs, "pydantic": pydantic_codecs}


def load_codecs(target, code):
    """For each type its codecs; for others, why there are none."""
    codecs, reasons = {}, {}
    for path in sorted(code.glob(f"*.{target}.*")):
        name = path.name.split(".")[0]
        if path.suffix == ".error":
            reasons[name] = path.read_text()
            continue
        codecs[name] = CODECS[target](load_root(path, f"generated_{target}_{name}"))
    return codecs, reasons


def without_twins(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def finite(text):
    if float(text) in (float("inf"), float("-inf")):
        raise ValueError("a number beyond every float")
    return float(text)


def is_held_by_python(text):
    """False for undecoded JSON that Python's dicts and floats cannot hold; pydantic has nothing else for it."""
    try:
        json.loads(text, object_pairs_hook=without_twins, parse_float=finite)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def cross(line, codecs):
    decode, encode = codecs[line["format"]]
    return encode(decode(bytes.fromhex(line["ours"])))


def main(target, code, ours, theirs):
    codecs, reasons = load_codecs(target, pathlib.Path(code))
    counts, failures, unasked, limited = collections.Counter(), 0, collections.Counter(), collections.Counter()
    with open(theirs, "w", encoding="utf-8") as out, open(ours, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["format"] not in FORMATS[target]:
                continue
            if line["type"] not in codecs:
                unasked[line["type"]] += 1
                continue
            if target == "pydantic" and not is_held_by_python(bytes.fromhex(line["ours"])):
                limited["are JSON that Python's dicts and floats do not hold"] += 1
                continue
            try:
                encoded = cross(line, codecs[line["type"]])
            except Exception as error:  # Whatever the library raises.
                limit = next((why for text, why in LIMITS.items() if text in str(error)), None)
                if limit:
                    limited[limit] += 1
                    continue
                failures += 1
                if failures <= 40:
                    shown = bytes.fromhex(line["ours"]) if line["format"] == "json" else line["ours"]
                    print(f"{line['id']} {line['type']} {line['format']}: {type(error).__name__}: {error}\n  {shown!r}")
                continue
            counts[line["format"]] += 1
            out.write(json.dumps({"id": line["id"], "theirs": encoded.hex()}) + "\n")
    for name, reason in sorted(reasons.items()):
        print(f"{target} cannot express {name} ({unasked[name]} lines): {reason}")
    for why, count in limited.items():
        print(f"{target}: {count} lines {why}")
    told = ", ".join(f"{count} in {name}" for name, count in sorted(counts.items()))
    print(f"{target}: {len(codecs)} types expressed, {len(reasons)} not; decoded and encoded {told}; {failures} failed")
    return 1 if failures or not counts else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
