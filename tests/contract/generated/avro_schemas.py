#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Loads generated Avro schemas in fastavro and in Apache's avro, and uses every default.

usage: avro_schemas.py CODE

A default is used by reading a record without fields with a schema that has one field; what comes out is written with the
field's type and read again, so a default that is not of its type fails. Types without a schema are listed with the reason.
"""
import io
import json
import pathlib
import sys
import warnings

import avro.io
import avro.schema
import fastavro

PRIMITIVES = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}


def collect(schema, named):
    """All records and enums of a schema, by name."""
    if isinstance(schema, list):
        for each in schema:
            collect(each, named)
    elif isinstance(schema, dict):
        if "name" in schema:
            named[schema["name"]] = schema
        for key in ("type", "items", "values"):
            if isinstance(schema.get(key), (dict, list)):
                collect(schema[key], named)
        for field in schema.get("fields", []):
            collect(field["type"], named)


def expand(schema, named, seen):
    """The schema with the definition of each name where it stands first."""
    if isinstance(schema, str):
        if schema in PRIMITIVES or schema in seen:
            return schema
        return expand(named[schema], named, seen)
    if isinstance(schema, list):
        return [expand(each, named, seen) for each in schema]
    made = dict(schema)
    if "name" in made:
        if made["name"] in seen:
            return made["name"]
        seen.add(made["name"])
    for key in ("items", "values"):
        if key in made:
            made[key] = expand(made[key], named, seen)
    if "fields" in made:
        made["fields"] = [dict(field, type=expand(field["type"], named, seen)) for field in made["fields"]]
    return made


def record(fields):
    return {"type": "record", "name": "TheDefault", "fields": fields}


def use_default(field, named):
    """Apache's avro resolves the default, fastavro writes it and reads it again."""
    with_field = record([dict(field, type=expand(field["type"], named, set()))])
    reader = avro.io.DatumReader(avro.schema.parse(json.dumps(record([]))), avro.schema.parse(json.dumps(with_field)))
    found = reader.read(avro.io.BinaryDecoder(io.BytesIO(b"")))
    parsed = fastavro.parse_schema(with_field)
    written = io.BytesIO()
    fastavro.schemaless_writer(written, parsed, found, strict=True)
    written.seek(0)
    fastavro.schemaless_reader(written, parsed)
    if written.read(1):
        raise ValueError("bytes are left over")


def main(code):
    warnings.simplefilter("ignore", avro.errors.IgnoredLogicalType)  # Apache's avro has no local timestamps.
    schemas = defaults = 0
    failures = []
    for path in sorted(pathlib.Path(code).glob("*.avro.*")):
        if path.suffix == ".error":
            print(f"Avro cannot express {path.name.split('.')[0]}: {path.read_text()}")
            continue
        text = path.read_text()
        try:
            fastavro.parse_schema(json.loads(text))
            avro.schema.parse(text)
            schemas += 1
            named = {}
            collect(json.loads(text), named)
            for record in named.values():
                for field in record.get("fields", []):
                    if "default" in field:
                        use_default(field, named)
                        defaults += 1
        except Exception as error:  # Whatever the libraries raise.
            failures.append(f"{path.name}: {type(error).__name__}: {error}")
    print("\n".join(failures))
    print(f"avro: {schemas} schemas loaded, {defaults} defaults used, {len(failures)} failed")
    return 1 if failures or not schemas or not defaults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
