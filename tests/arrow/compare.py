# SPDX-License-Identifier: Apache-2.0
"""The other side of arrow_check: schemas that pyarrow makes, and what it says about those that come back.

usage: compare.py make FILE --seed N --cases N     random schemas, and damaged ones
       compare.py verify CASES ANSWERS             what arrow_check made of them

Each file is one MessagePack value.
"""

import argparse
import random
import sys

import msgspec
import pyarrow

SCHEMA_CODE = 3
UNITS = ["s", "ms", "us", "ns"]
Ext = msgspec.msgpack.Ext


class Described(msgspec.Struct):
    name: str
    type: str
    nullable: bool
    metadata: list[tuple[bytes, bytes]]


class Case(msgspec.Struct):
    schema: Ext
    fields: list[Described]
    metadata: list[tuple[bytes, bytes]]
    other: Ext


class Damaged(msgspec.Struct):
    """Fields: None where pyarrow refuses the bytes."""

    schema: bytes
    fields: list[Described] | None


class Input(msgspec.Struct):
    cases: list[Case]
    damaged: list[Damaged]


class Answer(msgspec.Struct):
    schema: Ext
    other: Ext


class Output(msgspec.Struct):
    answers: list[Answer]
    empty: Ext


def pairs(metadata):
    return list((metadata or {}).items())


def described(schema):
    return [Described(each.name, str(each.type), each.nullable, pairs(each.metadata)) for each in schema]


def serialized(schema):
    return schema.serialize().to_pybytes()


def read(data):
    return pyarrow.ipc.read_schema(pyarrow.py_buffer(data))


SCALARS = [
    pyarrow.null, pyarrow.bool_, pyarrow.int8, pyarrow.int16, pyarrow.int32, pyarrow.int64, pyarrow.uint8,
    pyarrow.uint16, pyarrow.uint32, pyarrow.uint64, pyarrow.float16, pyarrow.float32, pyarrow.float64, pyarrow.string,
    pyarrow.binary, pyarrow.large_string, pyarrow.large_binary, pyarrow.string_view, pyarrow.binary_view,
    pyarrow.date32, pyarrow.date64, pyarrow.month_day_nano_interval,
]  # fmt: skip


def random_name(choice):
    return "".join(choice.choice("abc_ äЖ中\U0001F600'<>,") for _ in range(choice.randrange(9)))


def random_metadata(choice):
    if choice.random() < 0.8:
        return None
    return {random_name(choice): choice.randbytes(choice.randrange(20)) for _ in range(choice.randrange(4))}


def parameterized(choice):
    return choice.choice([
        lambda: pyarrow.binary(choice.randrange(1, 100)),
        lambda: pyarrow.decimal32(choice.randrange(1, 10), choice.randrange(-5, 9)),
        lambda: pyarrow.decimal64(choice.randrange(1, 19), choice.randrange(-5, 9)),
        lambda: pyarrow.decimal128(choice.randrange(1, 39), choice.randrange(-5, 9)),
        lambda: pyarrow.decimal256(choice.randrange(1, 77), choice.randrange(-5, 9)),
        lambda: pyarrow.time32(choice.choice(UNITS[:2])),
        lambda: pyarrow.time64(choice.choice(UNITS[2:])),
        lambda: pyarrow.timestamp(choice.choice(UNITS), choice.choice([None, "UTC", "Europe/Berlin", "+05:30"])),
        lambda: pyarrow.duration(choice.choice(UNITS)),
    ])()  # fmt: skip


def nested(choice, depth):
    inner = lambda: random_field(choice, depth + 1)  # noqa: E731
    inside = lambda: random_type(choice, depth + 1)  # noqa: E731
    several = lambda low: [inner() for _ in range(choice.randrange(low, 4))]  # noqa: E731
    index = choice.choice([pyarrow.int8, pyarrow.int16, pyarrow.int32, pyarrow.int64, pyarrow.uint8, pyarrow.uint32])

    def union():
        fields = several(1)
        codes = choice.sample(range(100), len(fields)) if choice.random() < 0.5 else None
        return choice.choice([pyarrow.sparse_union, pyarrow.dense_union])(fields, codes)

    return choice.choice([
        lambda: pyarrow.list_(inner()),
        lambda: pyarrow.list_(inner(), choice.randrange(1, 9)),
        lambda: pyarrow.large_list(inner()),
        lambda: pyarrow.list_view(inner()),
        lambda: pyarrow.large_list_view(inner()),
        lambda: pyarrow.struct(several(0)),
        lambda: pyarrow.map_(random_key(choice), inside(), keys_sorted=choice.random() < 0.3),
        lambda: pyarrow.dictionary(index(), inside(), ordered=choice.random() < 0.3),
        lambda: pyarrow.run_end_encoded(choice.choice([pyarrow.int16, pyarrow.int32, pyarrow.int64])(), inside()),
        union,
    ])()  # fmt: skip


def random_key(choice):
    return choice.choice([each for each in SCALARS if each is not pyarrow.null])()


def random_type(choice, depth=0):
    draw = choice.random()
    if draw < 0.4 and depth < 4:
        return nested(choice, depth)
    return parameterized(choice) if draw < 0.6 else choice.choice(SCALARS)()


def random_field(choice, depth=0):
    made = random_type(choice, depth)
    nullable = choice.random() < 0.7 or made == pyarrow.null()
    return pyarrow.field(random_name(choice), made, nullable, random_metadata(choice))


def random_schema(choice):
    """One that pyarrow can serialize: dictionaries inside some types it makes and cannot write."""
    while True:
        schema = pyarrow.schema([random_field(choice) for _ in range(choice.randrange(12))], random_metadata(choice))
        try:
            schema.serialize()
            return schema
        except KeyError:
            continue


def make_case(choice):
    schema = random_schema(choice)
    code = choice.choice([-2, 5, 6, 100])
    data = serialized(schema)
    # As it is read: the format has no dictionary of dictionaries.
    return Case(Ext(SCHEMA_CODE, data), described(read(data)), pairs(schema.metadata),
                Ext(code, choice.randbytes(choice.randrange(20))))


def damage(choice, data):
    data = bytearray(data)
    for _ in range(choice.randrange(1, 3)):
        at = choice.randrange(len(data))
        if choice.random() < 0.3:
            data[at] = choice.randrange(256)
        else:
            data[at] ^= 1 << choice.randrange(8)
    return bytes(data[: choice.randrange(len(data))]) if choice.random() < 0.05 else bytes(data)


def make_damaged(choice):
    data = damage(choice, serialized(random_schema(choice)))
    try:
        return Damaged(data, described(read(data)))
    except Exception:  # pyarrow raises many kinds, UnicodeDecodeError among them
        return Damaged(data, None)


def make(arguments):
    choice = random.Random(arguments.seed)
    made = Input(
        [make_case(choice) for _ in range(arguments.cases)],
        [make_damaged(choice) for _ in range(arguments.cases * 2)],
    )
    with open(arguments.file, "wb") as file:
        file.write(msgspec.msgpack.encode(made))


def load(path, kind):
    with open(path, "rb") as file:
        return msgspec.msgpack.decode(file.read(), type=kind)


def expect(condition, what, index):
    if not condition:
        sys.exit(f"case {index}: {what}")


def verify(arguments):
    given = load(arguments.cases, Input)
    output = load(arguments.answers, Output)
    expect(len(output.answers) == len(given.cases), "an answer for each", -1)
    for index, (case, answer) in enumerate(zip(given.cases, output.answers)):
        expect(answer.schema == case.schema, "the schema has changed", index)
        expect(answer.other == case.other, "another extension has changed", index)
        expect(read(answer.schema.data).equals(read(case.schema.data), check_metadata=True), "schema", index)
    expect(output.empty.code == SCHEMA_CODE and len(read(output.empty.data)) == 0, "the empty schema", -1)
    print(f"pyarrow {pyarrow.__version__} got {len(output.answers)} schemas back unchanged")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make")
    making.add_argument("file")
    making.add_argument("--seed", type=int, required=True)
    making.add_argument("--cases", type=int, default=2000)
    making.set_defaults(run=make)
    verifying = commands.add_parser("verify")
    verifying.add_argument("cases")
    verifying.add_argument("answers")
    verifying.set_defaults(run=verify)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
