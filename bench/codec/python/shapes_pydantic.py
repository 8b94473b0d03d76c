# SPDX-License-Identifier: Apache-2.0
"""The shapes a-d and the document's message as pydantic models."""
import pydantic


class WorkerMsg(pydantic.BaseModel):
    message_id: str
    worker_id: str
    payload: str
    timestamp: float
    priority: int


class Payload(pydantic.BaseModel):
    kind: str
    key: str
    body: str
    values: list[float]
    tags: list[str]
    final_: bool
    note: str | None = None


class CrossUpdate(pydantic.BaseModel):
    update_id: str
    source: str
    target: str
    seq: int
    timestamp: float
    clock: dict[str, int]
    payload: Payload


class WorkerState(pydantic.BaseModel):
    id: int
    name: str
    status: str
    load: float
    last_seen: float
    tasks_done: int
    alive: bool
    queue: list[int]


class Snapshot(pydantic.BaseModel):
    snapshot_id: str
    version: int
    created: float
    owner: str
    workers: list[WorkerState]
    metrics: list[float]
    counters: dict[str, int]


class Message(pydantic.BaseModel, ser_json_bytes="base64", val_json_bytes="base64"):
    message_id: str
    worker_id: str
    payload: bytes
    timestamp: float
    priority: int
