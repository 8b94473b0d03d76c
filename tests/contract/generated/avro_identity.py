#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Parsing Canonical Forms and CRC-64-AVRO fingerprints: ours against those of fastavro and of Apache's avro.

usage: avro_identity.py PROGRAM CODE SEED COUNT

PROGRAM is contract_generated. The schemas are those that were generated in CODE, and COUNT random ones with what a canonical
form has to take away or put in order: namespaces, docs, aliases, defaults, logical types, keys of others, any order of keys.
"""
import json
import pathlib
import random
import subprocess
import sys
import warnings

import avro.schema
import fastavro.schema

PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]
LOGICAL = [("int", "date"), ("long", "timestamp-millis"), ("string", "uuid"), ("long", "time-micros")]


class Maker:
    """Random schemas of distinct names."""

    def __init__(self, source):
        self.random = source
        self.count = 0
        self.known = []
        self.fixed = set()
        # Apache's avro for Python writes a fixed whole where it is only named, which is a second definition.
        self.names_a_fixed = False

    def shuffled(self, schema):
        keys = list(schema)
        self.random.shuffle(keys)
        return {key: schema[key] for key in keys}

    def named(self, schema, namespace):
        """A name, which may bring its own namespace, and what is for people. Returns the namespace inside, too."""
        self.count += 1
        name = f"N{self.count}"
        form = self.random.randrange(4)
        if form == 0:
            inside = f"space{self.count}.deep"
            schema.update(name=name, namespace=inside)
        elif form == 1:
            inside = f"other{self.count}"
            schema.update(name=f"{inside}.{name}", namespace="is.passed.over")
        else:
            inside = namespace
            schema["name"] = name
        if self.random.random() < 0.3:
            schema["doc"] = 'what "it" is: é \n'
        if self.random.random() < 0.3:
            schema["aliases"] = [f"Old{self.count}"]
        full = f"{inside}.{name}" if inside else name
        return full, inside

    def reference(self, names, namespace):
        full = self.random.choice(names)
        self.names_a_fixed |= full in self.fixed
        space, _, short = full.rpartition(".")
        return short if space == namespace and self.random.random() < 0.5 else full

    def type(self, depth, namespace, in_union=False):
        choice = self.random.random()
        # Without a dot, a name belongs to the namespace around it.
        names = [each for each in self.known if "." in each or not namespace]
        if names and choice < 0.1:
            return self.reference(names, namespace)
        if depth == 0 or choice < 0.35:
            return self.random.choice(PRIMITIVES)
        if choice < 0.42:
            return {"type": self.random.choice(PRIMITIVES)}
        if choice < 0.5:
            base, logical = self.random.choice(LOGICAL)
            return self.shuffled({"type": base, "logicalType": logical})
        if choice < 0.6:
            return self.shuffled({"type": "array", "items": self.type(depth - 1, namespace), "x-of-others": [1]})
        if choice < 0.7:
            return self.shuffled({"type": "map", "values": self.type(depth - 1, namespace)})
        if choice < 0.78 and not in_union:
            record = self.record(depth - 1, namespace)
            return self.random.sample(["null", "string", "long"], self.random.randint(1, 3)) + [record]
        if choice < 0.85:
            schema = {"type": "enum", "symbols": ["A", "B_2", "c"]}
        elif choice < 0.9:
            schema = {"type": "fixed", "size": self.random.randint(1, 64)}
        else:
            return self.record(depth - 1, namespace)
        full, _ = self.named(schema, namespace)
        self.known.append(full)
        if schema["type"] == "fixed":
            self.fixed.add(full)
        if schema["type"] == "enum" and self.random.random() < 0.5:
            schema["default"] = "A"
        return self.shuffled(schema)

    def record(self, depth, namespace):
        schema = {"type": "record", "fields": []}
        full, inside = self.named(schema, namespace)
        self.known.append(full)
        for i in range(self.random.randint(0, 4)):
            field = {"name": f"field_{i}", "type": self.type(depth, inside)}
            if field["type"] == "int":
                field["default"] = 7
            if self.random.random() < 0.2:
                field.update(doc="of a field", order="descending")
            if self.random.random() < 0.2:
                field["aliases"] = [f"old_{i}"]
            schema["fields"].append(self.shuffled(field))
        return self.shuffled(schema)


def random_schema(source):
    """A schema, and who tells its canonical form as the specification has it."""
    maker = Maker(source)
    schema = maker.type(4, "")
    return schema, ([told_by_fastavro] if maker.names_a_fixed else [told_by_fastavro, told_by_avro])


def told_by_fastavro(schema):
    canonical = fastavro.schema.to_parsing_canonical_form(fastavro.schema.parse_schema(schema))
    return canonical, fastavro.schema.fingerprint(canonical, "CRC-64-AVRO")


def without_logical_types(schema):
    if isinstance(schema, list):
        return [without_logical_types(each) for each in schema]
    if isinstance(schema, dict):
        return {key: without_logical_types(value) for key, value in schema.items() if key != "logicalType"}
    return schema


def told_by_avro(schema):
    # Apache's avro 1.12 for Python leaves {"type": "long"} of a logical type, which the specification makes "long".
    parsed = avro.schema.parse(json.dumps(without_logical_types(schema)))
    return parsed.canonical_form, parsed.fingerprint("CRC-64-AVRO").hex()


def main(program, code, seed, count):
    warnings.simplefilter("ignore")  # Apache's avro does not know every logical type.
    source = random.Random(seed)
    both = [told_by_fastavro, told_by_avro]
    schemas = [(json.loads(path.read_text()), both) for path in sorted(pathlib.Path(code).glob("*.avro.avsc"))]
    generated = len(schemas)
    schemas += [random_schema(source) for _ in range(count)]
    lines = "\n".join(json.dumps(schema) for schema, _ in schemas)
    done = subprocess.run([program, "avro"], input=lines, capture_output=True, text=True, check=True)
    ours = [json.loads(line) for line in done.stdout.splitlines()]
    failures = []
    for (schema, tellers), mine in zip(schemas, ours, strict=True):
        # The fingerprint's bytes, as both print them, begin with the lowest.
        told = (mine["canonical"], mine["fingerprint"].to_bytes(8, "little").hex())
        for theirs in tellers:
            if mine["error"] or told != theirs(schema):
                failures.append(f"{json.dumps(schema)}\n  ours {mine}\n  {theirs.__name__} {theirs(schema)}")
    print("\n".join(failures[:5]))
    print(f"avro: {generated} generated and {count} random schemas, {len(failures)} canonical forms or fingerprints differ")
    return 1 if failures or not generated else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
