# SPDX-License-Identifier: Apache-2.0
"""The shapes a-d and the document's message as dataclasses."""
import dataclasses


@dataclasses.dataclass(slots=True)
class WorkerMsg:
    message_id: str
    worker_id: str
    payload: str
    timestamp: float
    priority: int


@dataclasses.dataclass(slots=True)
class Payload:
    kind: str
    key: str
    body: str
    values: list[float]
    tags: list[str]
    final_: bool
    note: str | None = None


@dataclasses.dataclass(slots=True)
class CrossUpdate:
    update_id: str
    source: str
    target: str
    seq: int
    timestamp: float
    clock: dict[str, int]
    payload: Payload


@dataclasses.dataclass(slots=True)
class WorkerState:
    id: int
    name: str
    status: str
    load: float
    last_seen: float
    tasks_done: int
    alive: bool
    queue: list[int]


@dataclasses.dataclass(slots=True)
class Snapshot:
    snapshot_id: str
    version: int
    created: float
    owner: str
    workers: list[WorkerState]
    metrics: list[float]
    counters: dict[str, int]


@dataclasses.dataclass(slots=True)
class Message:
    message_id: str
    worker_id: str
    payload: bytes
    timestamp: float
    priority: int
