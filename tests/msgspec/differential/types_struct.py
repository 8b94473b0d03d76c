# SPDX-License-Identifier: Apache-2.0
"""Structs of the corpus with few options: plain, seed, evolution, and Python's own classes."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import uuid
from pathlib import PurePosixPath
from typing import Any, Generic, Literal, NamedTuple, TypedDict, TypeVar

from msgspec import UNSET, Raw, Struct, UnsetType, defstruct, field

from .types_scalar import Fruit, IntGe0, Level

Item = TypeVar("Item")


class Point(Struct):
    """A point in 2D space"""

    x: float
    y: float


class Empty(Struct):
    pass


class User(Struct):
    """A struct describing a user"""

    name: str
    groups: set[str] = set()
    email: str | None = None


class Node(Struct):
    """A recursive list/tree node"""

    value: int
    next: Node | None = None
    children: list[Node] = []


class Inner(Struct):
    a: int
    b: str | None = None


class Outer(Struct):
    id: int
    inner: Inner
    opt: Inner | None = None
    items: list[Inner] = []
    lookup: dict[str, Inner] = {}
    pair: tuple[Inner, int] | None = None


class Kitchen(Struct):
    """Every scalar kind in one struct"""

    b: bool
    i: int
    f: float
    s: str
    by: bytes
    dt: datetime.datetime
    d: datetime.date
    t: datetime.time
    td: datetime.timedelta
    u: uuid.UUID
    dec: decimal.Decimal
    e: Fruit
    lv: Level
    lit: Literal["x", "y"]
    n: None
    any: Any


Wide = defstruct("Wide", [(f"field_{number:02}", int, number) for number in range(33)])
Wide.__doc__ = "33 integer fields field_00..field_32, default of field_NN is NN"


class Base(Struct):
    id: int
    name: str = "base"


class Derived(Base):
    extra: float = 0.5


class KwOrderBase(Struct, kw_only=True):
    a: str = "A"
    b: int


class KwOrderSub(KwOrderBase):
    c: float
    d: str = "D"


class AnyHolder(Struct):
    v: Any = None
    m: dict[str, Any] = {}


class Paginated(Struct, Generic[Item]):
    """A generic paginated API wrapper, parametrized by the item type."""

    page: int
    per_page: int
    total: int
    items: list[Item]


class Weird(Struct):
    q: int = field(default=0, name="with space")
    n: int = field(default=0, name="dots.and$")
    u: int = field(default=0, name="ключ")
    e: int = field(default=0, name="")
    s: int = field(default=0, name="sl/ash")
    j: int = field(default=0, name="😀")


# ---- seed: the structs that the project started from ---------------------------------------------


class Message(Struct, frozen=True):
    message_id: str
    worker_id: str
    payload: bytes
    timestamp: float
    priority: int = 0


class CrossWorkerUpdate(Struct, frozen=True):
    source_worker_id: str
    target_worker_id: str
    update_type: str
    payload: dict[str, Raw]
    timestamp: float
    causal_clock: dict[str, int]
    depth: int = 0


class QueryRequest(Struct, frozen=True):
    query_id: str
    worker_id: str
    timeout: float = 1.0


class QueryResponse(Struct, frozen=True):
    query_id: str
    worker_id: str
    state: bytes
    timestamp: float


class WorkerState(Struct):
    worker_id: str
    counter: int
    status: str
    last_updated: float
    metadata: dict[str, str]


class StateWithArray(Struct):
    """A numpy array shipped as bytes"""

    data: bytes
    shape: tuple[int, ...]
    dtype: str


class Artifact(
    Struct,
    omit_defaults=True,
    forbid_unknown_fields=True,
    frozen=True,
    repr_omit_defaults=True,
):
    pass


class CdfCursor(Artifact, frozen=True, kw_only=True):
    dataset_name: str
    last_version: IntGe0


class ManifestV1(Artifact, frozen=True, kw_only=True, tag="manifest.v1"):
    schema_version: Literal["v1"] = "v1"
    created_at_unix_s: IntGe0
    trace_id: str | UnsetType = UNSET


class DatasetRecord(Artifact, frozen=True, kw_only=True):
    name: str
    kind: Literal["cpg_output", "input", "intermediate", "relationship_output"]
    path: str | None = None
    rows: IntGe0 | None = None
    schema: list[dict[str, Any]] | None = None


class Manifest(Artifact, frozen=True, kw_only=True):
    manifest_version: IntGe0
    created_at_unix_s: IntGe0
    datasets: list[DatasetRecord] = []
    repro: dict[str, Any] = {}


class DatafusionExplainEvent(Artifact, frozen=True, kw_only=True):
    event_time_unix_ms: IntGe0 | UnsetType = UNSET
    sql: str
    explain_analyze: bool = False


# ---- evolution: versions of one message ----------------------------------------------------------


class MsgV1(Struct):
    message_id: str
    worker_id: str
    payload: bytes


class MsgV2(MsgV1):
    priority: int = 0


class MsgV3(Struct):
    message_id: str
    worker_id: str
    data: bytes = field(name="payload")
    priority: int = 0
    tags: list[str] = []


class MsgV3Break(Struct):
    message_id: str
    worker_id: str
    data: bytes
    priority: int = 0


class MsgV4Strict(Struct, forbid_unknown_fields=True):
    message_id: str
    worker_id: str
    payload: bytes


class MsgV5Typed(Struct):
    message_id: int
    worker_id: str
    payload: bytes


class AEv1(Struct, array_like=True):
    a: int
    b: str


class AEv2(Struct, array_like=True):
    a: int
    b: str
    c: float = 0.5
    d: list[int] | None = None


class AEv2b(Struct, array_like=True):
    a: int
    c: float
    b: str


class EvT1(Struct, tag="t1"):
    a: int


class EvT2(Struct, tag="t2"):
    b: int


class EvT3(Struct, tag="t3"):
    c: int


class EvOpt1(Struct):
    v: int


class EvOpt2(Struct):
    v: int | None = None


class EvWiden(Struct):
    v: int | str


class EvFloat(Struct):
    v: float


# ---- Python's own classes, and types that only hooks know ----------------------------------------


class TD(TypedDict, total=False):
    name: str
    age: int


class TDReq(TypedDict):
    name: str
    age: int


class NT(NamedTuple):
    name: str
    age: int = 3


@dataclasses.dataclass
class DC:
    name: str
    age: int = 3
    tags: list[str] = dataclasses.field(default_factory=list)


class Config(Struct):
    path: PurePosixPath
    backup: PurePosixPath | None = None
    roots: list[complex] = []


PLAIN: dict[str, Any] = {
    kind.__name__: kind
    for kind in (Point, Empty, User, Node, Inner, Outer, Kitchen, Wide, Derived, KwOrderSub)
    + (AnyHolder, Weird)
} | {"Paginated_User": Paginated[User], "Paginated_int": Paginated[int]}

SEED: dict[str, Any] = {
    kind.__name__: kind
    for kind in (Message, CrossWorkerUpdate, QueryRequest, QueryResponse, WorkerState)
    + (StateWithArray, CdfCursor, ManifestV1, DatasetRecord, Manifest, DatafusionExplainEvent)
}

EVOLUTION: dict[str, Any] = {
    kind.__name__: kind
    for kind in (MsgV1, MsgV2, MsgV3, MsgV3Break, MsgV4Strict, MsgV5Typed, AEv1, AEv2, AEv2b)
    + (EvOpt1, EvOpt2, EvWiden, EvFloat)
} | {"EvUnion2": EvT1 | EvT2, "EvUnion3": EvT1 | EvT2 | EvT3}

PYTHON_CLASSES: dict[str, Any] = {
    "TypedDict_opt": TD,
    "TypedDict_req": TDReq,
    "NamedTuple": NT,
    "Dataclass": DC,
}
