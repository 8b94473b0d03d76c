# SPDX-License-Identifier: Apache-2.0
"""The other side of numpy_check: arrays that numpy makes, and what numpy says about ours.

usage: compare.py make FILE --seed N --cases N     random arrays in every form, and damaged files
       compare.py verify CASES ANSWERS             what numpy_check made of them, and its own arrays

Each file is MessagePack, one record behind the other.
"""

import argparse
import base64
import io
import random
import struct
import sys
import warnings

import msgspec
import numpy

KINDS = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]


class StateWithArray(msgspec.Struct):
    data: bytes
    shape: tuple[int, ...]
    dtype: str


class Case(msgspec.Struct):
    """An array in the forms that numpy gives it. `plain`: row-major, little-endian."""

    npy: bytes
    version: int
    state: StateWithArray
    array: msgspec.msgpack.Ext
    plain: bytes
    shape: tuple[int, ...]
    column_major: bool


class Damaged(msgspec.Struct):
    """Bytes of which numpy says whether they are a file, and of what."""

    npy: bytes
    plain: bytes | None
    shape: tuple[int, ...]


class Input(msgspec.Struct):
    cases: list[Case]
    damaged: list[Damaged]


class Answer(msgspec.Struct):
    """The same array as numpy_check writes it."""

    npy: list[bytes]
    state: StateWithArray
    array: msgspec.msgpack.Ext
    json: str


class Own(msgspec.Struct):
    """An array that numpy_check made, and its elements one by one, row by row."""

    npy: bytes
    state: StateWithArray
    shape: tuple[int, ...]
    dtype: str
    numbers: list[float | int | bool]
    imaginary: list[float]
    texts: list[str]


class Output(msgspec.Struct):
    answers: list[Answer]
    own: list[Own]


def to_state(array):
    """As document 000 has it."""
    return StateWithArray(array.tobytes(), array.shape, str(array.dtype))


def from_state(state):
    return numpy.frombuffer(state.data, dtype=state.dtype).reshape(state.shape)


def load(data):
    return numpy.load(io.BytesIO(data), allow_pickle=False)


def saved(array, version=(1, 0)):
    file = io.BytesIO()
    numpy.lib.format.write_array(file, array, version=version, allow_pickle=False)
    return file.getvalue()


def plain_bytes(array):
    return array.astype(array.dtype.newbyteorder("<"), order="C").tobytes()


def random_text(choice):
    letters = "abcxyz ÄöéßЖ中\U0001F600"
    return "".join(choice.choice(letters) for _ in range(choice.randrange(8)))


def random_shape(choice):
    rank = choice.choice([0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8])
    longest = {0: 1, 1: 300, 2: 40, 3: 10, 4: 6, 5: 4, 8: 2}[rank]
    shape = [choice.randrange(1, longest + 1) for _ in range(rank)]
    if rank and choice.random() < 0.05:
        shape[choice.randrange(rank)] = 0
    if rank == 1 and choice.random() < 0.01:
        shape = [choice.randrange(100000)]
    return tuple(shape)


def random_array(choice):
    shape = random_shape(choice)
    count = int(numpy.prod(shape, dtype=int))
    kind = choice.choice(KINDS + ["S", "U"])
    if kind == "S":
        items = [choice.randbytes(choice.randrange(6)) for _ in range(count)]
        array = numpy.array(items, dtype=f"S{choice.randrange(1, 9)}" if items else "S3")
    elif kind == "U":
        array = numpy.array([random_text(choice) for _ in range(count)], dtype=f"U{choice.randrange(1, 9)}")
    elif kind == "?":
        array = numpy.frombuffer(choice.randbytes(count), "u1") > 127
    else:
        array = numpy.frombuffer(choice.randbytes(count * numpy.dtype(kind).itemsize), kind)
    array = array.reshape(shape)
    if choice.random() < 0.4:
        array = array.astype(array.dtype.newbyteorder(">"))
    if choice.random() < 0.4:
        array = numpy.asfortranarray(array)
    if choice.random() < 0.1 and array.ndim > 1:
        array = array.transpose()
    if choice.random() < 0.1 and array.ndim:
        array = array[::-1]
    return array


def make_case(choice):
    array = random_array(choice)
    version = choice.choice([1, 1, 1, 2, 3])
    npy = saved(array, (version, 0))
    loaded = load(npy)
    return Case(
        npy=npy,
        version=version,
        state=to_state(array),
        array=msgspec.msgpack.Ext(4, saved(array)),
        plain=plain_bytes(array),
        shape=array.shape,
        column_major=not loaded.flags.c_contiguous,
    )


def damage(choice, data):
    header = 10 + struct.unpack("<H", data[8:10])[0]
    data = bytearray(data)
    for _ in range(choice.randrange(1, 4)):
        at = choice.randrange(header) if choice.random() < 0.9 else choice.randrange(len(data))
        act = choice.randrange(5)
        if act == 0:
            data[at] = choice.randrange(256)
        elif act == 1:
            data[at] = ord(choice.choice("0123456789,()[]{}'\": <>|=fiubcSUOVMTrueFalse\\L"))
        elif act == 2:
            del data[at]
        elif act == 3:
            data.insert(at, ord(choice.choice("0123456789,'() ")))
        else:
            data[at] ^= 1 << choice.randrange(8)
        if len(data) <= header:
            break
    return bytes(data)


def make_damaged(choice):
    array = random_array(choice)
    npy = damage(choice, saved(array))
    try:
        loaded = load(npy)
        return Damaged(npy, plain_bytes(loaded), loaded.shape)
    except Exception:  # numpy raises many kinds
        return Damaged(npy, None, ())


def make(arguments):
    choice = random.Random(arguments.seed)
    made = Input(
        [make_case(choice) for _ in range(arguments.cases)],
        [make_damaged(choice) for _ in range(arguments.cases * 2)],
    )
    with open(arguments.file, "wb") as file:
        file.write(msgspec.msgpack.encode(made))


def read(path, kind):
    with open(path, "rb") as file:
        return msgspec.msgpack.decode(file.read(), type=kind)


def expect(condition, what, index):
    if not condition:
        sys.exit(f"case {index}: {what}")


def same(ours, theirs):
    return ours.shape == theirs.shape and plain_bytes(ours) == plain_bytes(theirs)


def verify_answer(index, case, answer):
    array = load(case.npy)
    for version, npy in enumerate(answer.npy, 1):
        expect(npy == saved(array, (version, 0)), f"npy of version {version} is not numpy's", index)
        expect(load(npy).dtype == array.dtype, "dtype", index)
    expect(answer.state == case.state, f"state {answer.state.dtype}", index)
    expect(same(from_state(answer.state), array), "state", index)
    expect(answer.array.code == 4 and same(load(answer.array.data), array), "extension", index)
    shown = msgspec.json.decode(answer.json)
    expect(shown["array"]["$ext"] == 4, "extension in JSON", index)
    expect(base64.b64decode(shown["array"]["data"]) == answer.array.data, "extension in JSON", index)
    expect(same(from_state(msgspec.json.decode(msgspec.json.encode(shown["state"]), type=StateWithArray)), array),
           "state in JSON", index)


def verify_own(index, own):
    array = load(own.npy)
    expect(array.shape == own.shape and str(array.dtype) == own.dtype, "shape and dtype", index)
    expect(same(from_state(own.state), array), "state", index)
    items = array.ravel(order="C").tolist()
    if array.dtype.kind == "U":
        expect(items == own.texts, "texts", index)
    elif array.dtype.kind == "c":
        expect([[each.real, each.imag] for each in items] == [list(pair) for pair in zip(own.numbers, own.imaginary)],
               "complex numbers", index)
    else:
        expect(items == own.numbers, "numbers", index)


def verify(arguments):
    given = read(arguments.cases, Input)
    output = read(arguments.answers, Output)
    expect(len(output.answers) == len(given.cases) and output.own, "an answer for each", -1)
    for index, (case, answer) in enumerate(zip(given.cases, output.answers)):
        verify_answer(index, case, answer)
    for index, own in enumerate(output.own):
        verify_own(index, own)
    print(f"numpy {numpy.__version__} read {len(output.answers)} arrays that it made and {len(output.own)} of ours")


def main():
    warnings.simplefilter("ignore")  # that a header is one of Python 2
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make")
    making.add_argument("file")
    making.add_argument("--seed", type=int, required=True)
    making.add_argument("--cases", type=int, default=3000)
    making.set_defaults(run=make)
    verifying = commands.add_parser("verify")
    verifying.add_argument("cases")
    verifying.add_argument("answers")
    verifying.set_defaults(run=verify)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
