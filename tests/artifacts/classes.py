# SPDX-License-Identifier: Apache-2.0
"""The Python classes that write the same bytes as the structs of examples/artifacts."""
from typing import Annotated, Any, Literal

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0)]
Object = dict[str, Any]


class Message(msgspec.Struct, kw_only=True):
    message_id: str
    worker_id: str
    payload: bytes
    timestamp: float
    priority: int = 0


class CrossWorkerUpdate(msgspec.Struct, kw_only=True):
    source_worker_id: str
    target_worker_id: str
    update_type: str
    payload: dict[str, msgspec.Raw]
    timestamp: float
    causal_clock: dict[str, int]
    depth: int = 0


class QueryRequest(msgspec.Struct, kw_only=True):
    query_id: str
    worker_id: str
    timeout: float = 1.0


class QueryResponse(msgspec.Struct, kw_only=True):
    query_id: str
    worker_id: str
    state: bytes
    timestamp: float


class WorkerState(msgspec.Struct):
    worker_id: str
    counter: int
    status: str
    last_updated: float
    metadata: dict[str, str]


# msgspec's classes do not inherit kw_only, so it stands in each.
class Artifact(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class CdfCursor(Artifact, kw_only=True):
    dataset_name: str
    last_version: Count


class DatasetRecord(Artifact, kw_only=True):
    name: str
    kind: Literal["input", "intermediate", "relationship_output", "cpg_output"]
    path: str | None = None
    rows: Count | None = None
    schema: list[Object] | None = None


class Manifest(Artifact, kw_only=True):
    manifest_version: Count
    created_at_unix_s: Count
    datasets: list[DatasetRecord] = []
    repro: Object = {}


class ManifestV1(Artifact, kw_only=True, tag="manifest.v1"):
    schema_version: Literal["v1"] = "v1"
    created_at_unix_s: Count
    trace_id: str | None | msgspec.UnsetType = msgspec.UNSET


class Repro(Artifact, kw_only=True):
    command: str
    revision: str
    packages: dict[str, str] = {}
    environment: dict[str, str] = {}
    schema: msgspec.msgpack.Ext | None = None


class PreparedStatementSpec(Artifact, kw_only=True):
    name: str
    sql: str
    parameter_types: list[str] = []


class AstArtifact(Artifact, kw_only=True):
    sql: str
    ast_raw: msgspec.Raw
    policy_hash: str


class CompilerChange(Artifact, kw_only=True):
    before: Any | msgspec.UnsetType = msgspec.UNSET
    after: Any | msgspec.UnsetType = msgspec.UNSET


class CompilerDiff(Artifact, kw_only=True):
    before_hash: str
    after_hash: str
    changes: dict[str, CompilerChange] = {}


class RuntimeProfile(Artifact, kw_only=True):
    version: Count
    name: str
    determinism_tier: str
    scan_profile: Object
    ibis_options: Object
    sqlglot_policy: Object | None
    datafusion: Object | None
    function_registry_hash: str
    profile_hash: str
    scan_profile_schema_msgpack: bytes | None = None


class ScanTelemetry(Artifact, kw_only=True, array_like=True):
    fragment_count: Count
    row_group_count: Count
    count_rows: Count | None = None


class ExtractOptions(Artifact, kw_only=True):
    repo_id: str | None = None
    max_rows: Count | None = None
    max_bytes: Count | None = None


class DatafusionExplainEvent(Artifact, kw_only=True):
    event_time_unix_ms: Count | msgspec.UnsetType = msgspec.UNSET
    sql: str
    explain_analyze: bool = False


class TelemetryRecord(Artifact, kw_only=True):
    table: str
    row: msgspec.Raw
