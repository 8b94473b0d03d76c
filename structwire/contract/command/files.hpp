// SPDX-License-Identifier: Apache-2.0
#pragma once

// The folder of snapshots, on disk. Each file is written whole or not at all: to a name of its own beside it, which then
// takes its place.

#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/command/snapshot.hpp>

namespace structwire::contract {

/// Versions of one type that are looked at.
inline constexpr std::size_t versions_max = 1000;

/// Errors of all: ErrorCode::io with the file's name and the system's words; for contents also what parsing says.
Result<std::string> load_file(const std::string& path);
/// Replaces the file.
Result<void> save_file(const std::string& path, std::string_view text);

Result<Snapshot> load_snapshot(const std::string& path);
/// A missing file is no case at all: goldens are a help, the Schema is the contract.
Result<Goldens> load_goldens(const std::string& path);

/// All snapshots of a type in a folder, oldest first. None when the folder is not there.
Result<std::vector<Snapshot>> load_history(const std::string& folder, const std::string& type);

/// The files of a snapshot; makes the folder. The snapshot's own file comes last, so that it never stands there alone.
Result<void> save_snapshot(const std::string& folder, const Snapshot& snapshot, const Goldens* goldens);

}  // namespace structwire::contract
