# SPDX-License-Identifier: Apache-2.0
"""The structs that the experiments encode, and objects of them; ../messages.hpp has the same, value for value."""
from typing import Any

import msgspec


class WorkerState(msgspec.Struct):
    worker_id: str
    counter: int
    status: str
    last_updated: float
    metadata: dict[str, str]


class WideState(msgspec.Struct):
    requests: int
    errors: int
    retries: int
    restarts: int
    queued: int
    running: int
    finished: int
    dropped: int
    load: float
    latency: float
    throughput: float
    memory: float
    uptime: float
    last_seen: float
    name: str
    host: str
    zone: str
    version: str
    healthy: bool
    draining: bool


class WorkerStateArray(WorkerState, array_like=True):
    pass


class WideStateArray(WideState, array_like=True):
    pass


class Reading(msgspec.Struct):
    kind: str
    key: str
    values: list[float]
    tags: list[str]
    counts: dict[str, int]


class BytesEnvelope(msgspec.Struct):
    message_id: str
    worker_id: str
    payload: bytes
    timestamp: float
    priority: int


class MapEnvelope(msgspec.Struct):
    message_id: str
    worker_id: str
    payload: dict[str, Any]
    timestamp: float
    priority: int


class RawEnvelope(msgspec.Struct):
    message_id: str
    worker_id: str
    payload: msgspec.Raw
    timestamp: float
    priority: int


class StructEnvelope(msgspec.Struct):
    message_id: str
    worker_id: str
    payload: Reading
    timestamp: float
    priority: int


class QueryRequest(msgspec.Struct):
    query_id: str
    worker_id: str
    timeout: float


class States(msgspec.Struct):
    states: list[WorkerState]


class StateWithArray(msgspec.Struct):
    data: bytes
    shape: tuple[int, ...]
    dtype: str


def make_state(entries):
    metadata = {f"key_{i:03}": f"the value of {i}" for i in range(entries)}
    return WorkerState("worker-17", 42, "active", 1790000350.745479, metadata)


def make_wide():
    return WideState(123456, 17, 4, 2, 33, 8, 99887, 5, 0.75, 12.625, 4410.5, 81.25, 86400.5, 1790000350.745479,
                     "worker-17", "node-3.example", "eu-west", "4.18.2", True, False)


def make_reading(count):
    return Reading("reading", "sensor/17/temperature", [i / 7 for i in range(count)],
                   ["indoor", "calibrated", "raw", "north", "v2"], {f"counter_{i}": i * 1000 for i in range(5)})


def make_envelope(kind, payload):
    return kind("msg-0b052d17e154", "worker-17", payload, 1790000350.745479, 5)


def make_bytes(size):
    return bytes((i * 37 + i // 256) & 0xFF for i in range(size))
