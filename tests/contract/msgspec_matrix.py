# SPDX-License-Identifier: Apache-2.0
"""The rule table's lines in the real msgspec.

    msgspec_matrix.py FILE      FILE: what `contract_matrix --emit` wrote

For each line, classes are made from the reader's contract, and msgspec decodes the bytes that our writer made. The
outcome has to be ours: refused where we refuse, and else the same value. Where C++ rightly does otherwise, a rule below
says why; a rule that excuses no line fails the run.
"""

import base64
import collections
import enum
import json
import keyword
import re
import sys
import typing

import msgspec

LARGEST = 2**63 - 1


class Classes:
    """The types of one contract."""

    def __init__(self, schema):
        self.structs = {each["name"]: each for each in schema.get("structs", [])}
        self.enums = {each["name"]: each for each in schema.get("enums", [])}
        self.made = {}
        self.root = self.type(schema["type"])

    def type(self, schema):
        kind = schema["kind"]
        if kind in ("struct", "enum"):
            name = schema["name"]
            if name not in self.made:
                self.made[name] = self.struct(self.structs[name]) if kind == "struct" else self.enum(self.enums[name])
            return self.made[name]
        parts = [self.type(part) for part in schema.get("parts", []) if part["kind"] != "unknown"]
        if kind == "optional":
            return typing.Optional[parts[0]]
        if kind == "array":
            return list[parts[0]]
        if kind == "union":
            return typing.Union[tuple(parts)]
        plain = {"null": None, "bool": bool, "int": int, "float": float, "str": str, "bytes": bytes}[kind]
        bounds = {key: schema[key] for key in ("ge", "gt", "le", "lt", "min_length", "max_length") if key in schema}
        if kind == "int":
            bits, unsigned = schema["bits"], schema.get("is_unsigned", False)
            bounds.setdefault("ge", 0 if unsigned else max(-LARGEST - 1, -(2 ** (bits - 1))))
            if bits < 64:
                bounds.setdefault("le", 2 ** (bits if unsigned else bits - 1) - 1)
        return typing.Annotated[plain, msgspec.Meta(**bounds)] if bounds else plain

    def enum(self, schema):
        values = {each["name"]: each["value"] for each in schema["values"]}
        base = enum.IntEnum if all(isinstance(value, int) for value in values.values()) else enum.Enum
        return base(schema["name"], values)

    def struct(self, schema):
        fields, names = [], {}
        for member in schema["members"]:
            name = member.get("declared_name", member["name"])
            assert name.isidentifier() and not keyword.iskeyword(name)
            names[name] = member["name"]
            kind = self.type(member["type"])
            if "default_value" in member:
                fields.append((name, kind, self.default(member["type"], member["default_value"])))
            else:
                fields.append((name, kind))
        options = {"tag": schema["tag"], "tag_field": schema["tag_field"]} if "tag" in schema else {}
        return msgspec.defstruct(
            re.sub(r"\W", "_", schema["name"]),
            fields,
            kw_only=True,
            rename=names,
            array_like=schema.get("array_like", False),
            omit_defaults=schema.get("omit_defaults", False),
            forbid_unknown_fields=schema.get("unknown_fields") == "forbid",
            **options,
        )

    def default(self, schema, value):
        return base64.b64decode(value) if schema["kind"] == "bytes" else value


def holds(schema, test):
    """Whether the test is true of any type in the contract."""

    def within(kind):
        return test(kind) or any(within(part) for part in kind.get("parts", []))

    members = [member["type"] for each in schema.get("structs", []) for member in each["members"]]
    return any(within(kind) for kind in [schema["type"], *members])


# Why our outcome is another one: a reason, and the lines that it is about.
RULES = [
    ("msgspec has no aliases", lambda line: any(m.get("aliases") for s in line["reader"]["structs"] for m in s["members"])),
    ("msgspec has no catch-all enum value", lambda line: any(e.get("catch_all") for e in line["reader"].get("enums", []))),
    ("msgspec has no alternative for unknown tags", lambda line: holds(line["reader"], lambda t: t["kind"] == "unknown")),
    ("msgspec tries no alternatives in turn", lambda line: holds(line["reader"], lambda t: t.get("first_match", False))),
    ("msgspec's floats are all doubles", lambda line: holds(line["reader"], lambda t: t["kind"] == "float" and t["bits"] == 32)),
]


def outcome(line):
    decode = {"json": msgspec.json, "msgpack": msgspec.msgpack}[line["format"]].decode
    try:
        value = decode(base64.b64decode(line["bytes"]), type=Classes(line["reader"]).root)
    except msgspec.DecodeError as error:
        return None, str(error)
    return json.loads(msgspec.json.encode(value)), ""


def main(path):
    excused, failed, same = collections.Counter(), 0, 0
    with open(path, encoding="utf-8") as lines:
        for text in lines:
            line = json.loads(text)
            value, error = outcome(line)
            refused = line["seen"] == "error"
            if refused == bool(error) and (refused or value == line["decoded"]):
                same += 1
                continue
            rule = next((reason for reason, applies in RULES if applies(line)), None)
            if rule is not None:
                excused[rule] += 1
                continue
            failed += 1
            print(f"{line['change']} ({line['condition']}), {line['form']}, {line['direction']}: ours {line['seen']}"
                  f" {json.dumps(line['decoded'])}, msgspec {error or json.dumps(value)}")
    for reason, _ in RULES:
        print(f"differs {excused[reason]:4}  {reason}")
        failed += not excused[reason]
    print(f"{same} the same, {sum(excused.values())} by rule, {failed} failed")
    return 1 if failed or not same else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
