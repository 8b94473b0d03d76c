// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a data pipeline stores about itself: strict (`sw::artifact`: unknown fields are errors,
// defaults are left out, order is deterministic), so that equal artifacts have equal bytes and a
// digest means something (digest.hpp). Where a missing field differs from null, the member is
// `sw::Unset`: docs/decisions/missing_and_null.md.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <structwire/core/annotated.hpp>
#include <structwire/core/enum_table.hpp>
#include <structwire/core/extension.hpp>
#include <structwire/core/literal.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/unset.hpp>
#include <structwire/core/value.hpp>

namespace artifacts {

namespace sw = structwire;

/// Of rows, bytes, versions, seconds: never below zero.
using Count = sw::Annotated<std::int64_t, sw::ge(0)>;
using Object = std::map<std::string, sw::Value>;

// ---- change data feeds ----

/// How far a dataset's changes were read.
struct CdfCursor {
  std::string dataset_name;
  Count last_version;
  using wire = sw::Rules<sw::artifact>;
};

// ---- what a run made ----

enum class DatasetKind : std::uint8_t { input, intermediate, relationship_output, cpg_output };

}  // namespace artifacts

template <>
inline constexpr auto structwire::enum_values<artifacts::DatasetKind> =
    structwire::by_name<artifacts::DatasetKind::input, artifacts::DatasetKind::intermediate,
                        artifacts::DatasetKind::relationship_output,
                        artifacts::DatasetKind::cpg_output>;

namespace artifacts {

struct DatasetRecord {
  std::string name;
  DatasetKind kind;
  std::optional<std::string> path;
  std::optional<Count> rows;
  std::optional<std::vector<Object>> schema;
  using wire = sw::Rules<sw::artifact>;
};

struct Manifest {
  Count manifest_version;
  Count created_at_unix_s;
  std::vector<DatasetRecord> datasets;
  Object repro;
  using wire = sw::Rules<sw::defaulted_from<&Manifest::datasets>, sw::artifact>;
};

/// The head of a manifest of version 1: a reader that meets several kinds tells them apart by the
/// tag.
struct ManifestV1 {
  sw::Literal<"v1"> schema_version;
  Count created_at_unix_s;
  /// Absent: the run was not traced. Null: it was, and the trace was dropped.
  sw::Unset<std::optional<std::string>> trace_id;
  using wire = sw::Rules<sw::member<&ManifestV1::schema_version, sw::defaulted>, sw::artifact,
                         sw::tag<"manifest.v1">>;
};

/// What it takes to run again. `schema` is an Arrow schema as extension 3, undecoded.
struct Repro {
  std::string command;
  std::string revision;
  std::map<std::string, std::string> packages;
  std::map<std::string, std::string> environment;
  std::optional<sw::Ext> schema;
  using wire = sw::Rules<sw::defaulted_from<&Repro::packages>, sw::artifact>;
};

// ---- queries ----

struct PreparedStatementSpec {
  std::string name;
  std::string sql;
  std::vector<std::string> parameter_types;
  using wire = sw::Rules<sw::defaulted_from<&PreparedStatementSpec::parameter_types>, sw::artifact>;
};

/// A parsed query. The tree stays MessagePack until somebody asks for it: nodes().
struct AstArtifact {
  std::string sql;
  sw::Raw ast_raw;
  std::string policy_hash;
  using wire = sw::Rules<sw::artifact>;
};
using AstNodes = std::vector<Object>;
sw::Result<AstArtifact> make_ast(std::string sql, const AstNodes& nodes, std::string policy_hash);
sw::Result<AstNodes> nodes(const AstArtifact& ast);

/// What a new version of a compiler makes otherwise than the one before: whole values, not texts
/// about them.
struct CompilerChange {
  sw::Unset<sw::Value> before;  ///< Absent: there was none. Null is a value.
  sw::Unset<sw::Value> after;
  using wire = sw::Rules<sw::artifact>;
};
struct CompilerDiff {
  std::string before_hash;
  std::string after_hash;
  std::map<std::string, CompilerChange> changes;  ///< by rule
  using wire = sw::Rules<sw::defaulted_from<&CompilerDiff::changes>, sw::artifact>;
};
/// Only rules that differ have a change.
CompilerDiff diff(const Object& before, const Object& after);

// ---- the engine ----

struct RuntimeProfile {
  Count version;
  std::string name;
  std::string determinism_tier;
  Object scan_profile;
  Object ibis_options;
  std::optional<Object> sqlglot_policy;
  std::optional<Object> datafusion;
  std::string function_registry_hash;
  std::string profile_hash;  ///< of all the others: sealed()
  std::optional<sw::Bytes> scan_profile_schema_msgpack;
  using wire = sw::Rules<sw::member<&RuntimeProfile::sqlglot_policy, sw::required>,
                         sw::member<&RuntimeProfile::datafusion, sw::required>, sw::artifact>;
};
/// With its profile_hash: the digest of the profile whose profile_hash is empty.
RuntimeProfile sealed(RuntimeProfile profile);
bool is_sealed(const RuntimeProfile& profile);

/// Written as an array, [fragments, row groups, rows]: there are very many of them.
struct ScanTelemetry {
  Count fragment_count;
  Count row_group_count;
  std::optional<Count> count_rows;  ///< null: not counted
  using wire = sw::Rules<sw::array_like, sw::artifact>;
  friend bool operator==(const ScanTelemetry&, const ScanTelemetry&) = default;
};

}  // namespace artifacts
