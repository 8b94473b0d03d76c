// SPDX-License-Identifier: Apache-2.0
#pragma once

// Snapshots: what a contract was when it was released, kept as readable files beside the code.
//
//   contracts/Order.v1.json           the Schema, its fingerprint, what was promised, which breaks were accepted
//   contracts/Order.v1.golden.json    messages of that version, byte by byte, in each form
//
// This file knows the files' contents; contract/command/files.hpp finds and writes them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/compare.hpp>
#include <structwire/contract/schema.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/raw.hpp>

namespace structwire::contract {

/// What later versions owe to this one.
struct Policy {
  Level level = Level::full;
  /// Every earlier version counts, not the latest only.
  bool transitive = false;
  bool operator==(const Policy&) const = default;
  using wire = Rules<all_defaulted, forbid_unknown_fields>;
};

/// A difference to later versions that somebody has looked at and taken. It covers that one change and no further one
/// at the same path.
struct Accepted {
  std::string rule;
  std::string path;
  std::string before;
  std::string after;
  std::string reason;

  bool covers(const Difference& difference) const noexcept;
  bool operator==(const Accepted&) const = default;
  using wire = Rules<defaulted_from<&Accepted::before>, forbid_unknown_fields>;
};

struct Snapshot {
  std::string type;
  std::uint32_t version = 1;
  /// SHA-256 of the Schema without texts for people: 64 hex digits.
  std::string fingerprint;
  std::vector<WireForm> forms;
  Policy policy;
  std::vector<Accepted> accepted;
  Schema schema;

  using wire = Rules<member<&Snapshot::accepted, defaulted>, forbid_unknown_fields>;
};

/// One message, as the program of that version wrote it. A form that cannot carry it is empty.
struct Golden {
  std::string name;
  Raw json;
  Bytes msgpack;

  std::span<const std::byte> bytes(WireForm form) const noexcept;
  using wire = Rules<member<&Golden::json, defaulted>, member<&Golden::msgpack, defaulted, hex>, forbid_unknown_fields>;
};

struct Goldens {
  std::string type;
  std::uint32_t version = 1;
  std::vector<Golden> cases;
  using wire = Rules<forbid_unknown_fields>;
};

/// A file of more bytes is refused.
inline constexpr std::size_t snapshot_bytes_max = 16u << 20;

/// The type as it stands in the files' names, with `_` and `.` for what not every file system takes: `Page<int>` is
/// `Page_int`, `a::B` is `a.B`.
std::string file_stem(std::string_view type);
std::string snapshot_name(std::string_view type, std::uint32_t version);
std::string golden_name(std::string_view type, std::uint32_t version);

/// The text of the files.
std::string to_text(const Snapshot& snapshot);
std::string to_text(const Goldens& goldens);

/// Errors: what is no such file; no format at all; a Schema that check_schema() refuses; a fingerprint that is not the Schema's, which
/// tells that somebody edited the file.
Result<Snapshot> parse_snapshot(std::string_view text);
Result<Goldens> parse_goldens(std::string_view text);

}  // namespace structwire::contract
