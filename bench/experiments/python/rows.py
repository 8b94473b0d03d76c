# SPDX-License-Identifier: Apache-2.0
"""The experiments with msgspec, numpy and pickle: the rows of one experiment, as the C++ program has them.

usage: rows.py NAME ROUNDS|allocations
"""
import io
import pickle
import sys

import msgspec
import numpy

from measure import Experiment
from messages import (BytesEnvelope, MapEnvelope, QueryRequest, RawEnvelope, Reading, States, StateWithArray, StructEnvelope,
                      WideStateArray, WorkerStateArray, make_bytes, make_envelope, make_reading, make_state, make_wide)

encoder = msgspec.msgpack.Encoder()


def bind(call, *arguments):
    """`call` with its arguments, without a look-up on the way."""
    return lambda: call(*arguments)


def add_state(experiment):
    for subject, state, as_array in (("wide", make_wide(), WideStateArray), ("metadata_4", make_state(4), WorkerStateArray),
                                     ("metadata_100", make_state(100), WorkerStateArray)):
        array = as_array(**msgspec.structs.asdict(state))
        for how, value, decoder in (("map", msgspec.to_builtins(state), msgspec.msgpack.Decoder()),
                                    ("struct", state, msgspec.msgpack.Decoder(type(state))),
                                    ("struct as array", array, msgspec.msgpack.Decoder(as_array))):
            data = encoder.encode(value)
            assert decoder.decode(data) == value
            experiment.add(subject, how, "encode", len(data), bind(encoder.encode, value))
            experiment.add(subject, how, "decode", len(data), bind(decoder.decode, data))
        plain = msgspec.to_builtins(state)
        pickled = pickle.dumps(plain)
        experiment.add(subject, "pickle of a dict", "encode", len(pickled), bind(pickle.dumps, plain))
        experiment.add(subject, "pickle of a dict", "decode", len(pickled), bind(pickle.loads, pickled))


def npy_of(array):
    out = io.BytesIO()
    numpy.save(out, array)
    return out.getvalue()


def add_arrays(experiment):
    state_decoder = msgspec.msgpack.Decoder(StateWithArray)
    extension_decoder = msgspec.msgpack.Decoder(ext_hook=lambda code, data: numpy.load(io.BytesIO(data)))

    def state_of(array):
        return encoder.encode(StateWithArray(array.tobytes(), array.shape, str(array.dtype)))

    def array_of(data):
        state = state_decoder.decode(data)
        return numpy.frombuffer(state.data, state.dtype).reshape(state.shape)

    ways = (("StateWithArray", state_of, array_of),
            ("extension 4", lambda value: encoder.encode(msgspec.msgpack.Ext(4, npy_of(value))), extension_decoder.decode),
            ("npy", npy_of, lambda data: numpy.load(io.BytesIO(data))),
            ("pickle", pickle.dumps, pickle.loads),
            ("pickle 5", lambda value: pickle.dumps(value, 5), pickle.loads))
    for subject, size in (("1 KB", 1_000), ("10 KB", 10_000), ("100 KB", 100_000), ("1 MB", 1_000_000), ("10 MB", 10_000_000)):
        array = numpy.arange(size // 8, dtype="float64") / 3
        for how, encode, decode in ways:
            data = encode(array)
            assert (decode(data) == array).all()
            experiment.add(subject, how, "encode", len(data), bind(encode, array))
            experiment.add(subject, how, "decode", len(data), bind(decode, data))


def add_payload(experiment):
    reading_decoder = msgspec.msgpack.Decoder(Reading)
    ways = (("bytes", BytesEnvelope, encoder.encode, reading_decoder.decode),
            ("map", MapEnvelope, msgspec.to_builtins, lambda payload: msgspec.convert(payload, Reading)),
            ("Raw", RawEnvelope, lambda reading: msgspec.Raw(encoder.encode(reading)), reading_decoder.decode),
            ("struct", StructEnvelope, lambda reading: reading, lambda payload: payload))
    for subject, count in (("small", 10), ("large", 1000)):
        reading = make_reading(count)
        for how, kind, wrap, unwrap in ways:
            decoder = msgspec.msgpack.Decoder(kind)
            data = encoder.encode(make_envelope(kind, wrap(reading)))

            def forward(data, decode):
                envelope = decode(data)
                envelope.priority += 1
                return encoder.encode(envelope)

            assert unwrap(decoder.decode(data).payload) == reading
            if kind is StructEnvelope:  # A struct that is a member is there already; the others are made of it.
                experiment.add(subject, how, "encode", len(data), bind(encoder.encode, make_envelope(kind, reading)))
            else:
                experiment.add(subject, how, "encode", len(data), bind(
                    lambda kind, wrap, reading: encoder.encode(make_envelope(kind, wrap(reading))), kind, wrap, reading))
            experiment.add(subject, how, "read", len(data), bind(
                lambda data, decode, unwrap: unwrap(decode(data).payload), data, decoder.decode, unwrap))
            experiment.add(subject, how, "forward", len(data), bind(forward, data, decoder.decode))


def add_sizes(experiment):
    for subject, value, kind in (
            ("query", QueryRequest("query-000017", "worker-17", 1.0), QueryRequest),
            ("message", make_envelope(BytesEnvelope, make_bytes(100)), BytesEnvelope),
            ("wide", make_wide(), None), ("metadata", make_state(100), None),
            ("bytes", make_envelope(BytesEnvelope, make_bytes(10_000)), BytesEnvelope),
            ("integers", [i * 7919 % 100_003 for i in range(1000)], list[int]),
            ("doubles", [(i + 1) / 7 for i in range(1000)], list[float]),
            ("prices", [i * 7919 % 10_007 / 4 for i in range(1000)], list[float]),
            ("texts", [f"a line of text with its number {i}" for i in range(200)], list[str])):
        for how, module in (("JSON", msgspec.json), ("MessagePack", msgspec.msgpack)):
            own, decoder = module.Encoder(), module.Decoder(kind or type(value))
            data = own.encode(value)
            assert decoder.decode(data) == value
            experiment.add(subject, how, "encode", len(data), bind(own.encode, value))
            experiment.add(subject, how, "decode", len(data), bind(decoder.decode, data))


def add_reuse(experiment):
    for subject, value in (("message", make_envelope(BytesEnvelope, make_bytes(100))),
                           ("states", States([make_state(4) for _ in range(60)]))):
        kind = type(value)
        kept, buffer, decoder = msgspec.msgpack.Encoder(), bytearray(), msgspec.msgpack.Decoder(kind)
        data = kept.encode(value)
        new_encoder, new_decoder = msgspec.msgpack.Encoder, msgspec.msgpack.Decoder
        for how, operation, call in (
                ("encoder and buffer kept", "encode", bind(kept.encode_into, value, buffer)),
                ("buffer kept, encoder per call", "encode",
                 bind(lambda value, out: new_encoder().encode_into(value, out), value, buffer)),
                ("encoder kept, buffer per call", "encode", bind(kept.encode, value)),
                ("encoder and buffer per call", "encode", bind(lambda value: new_encoder().encode(value), value)),
                ("the function", "encode", bind(msgspec.msgpack.encode, value)),
                ("decoder kept, object per call", "decode", bind(decoder.decode, data)),
                ("decoder and object per call", "decode", bind(lambda data, kind: new_decoder(kind).decode(data), data, kind)),
                ("the function", "decode", bind(lambda data, kind: msgspec.msgpack.decode(data, type=kind), data, kind))):
            experiment.add(subject, how, operation, len(data), call)


def main():
    name, rounds = sys.argv[1:]
    experiment = Experiment(name)
    {"state": add_state, "arrays": add_arrays, "payload": add_payload, "sizes": add_sizes, "reuse": add_reuse}[name](experiment)
    if rounds == "allocations":
        experiment.print_allocations()
    else:
        experiment.print_times(int(rounds))


if __name__ == "__main__":
    main()
