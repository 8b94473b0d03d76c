// SPDX-License-Identifier: Apache-2.0
#pragma once

// The check of a program's contract against snapshots: the rules of contract/compare.hpp say what a change does, and
// messages prove it. Backward: the golden bytes of the snapshot go through the program's own decoder. Forward: what the
// program's encoder makes of samples goes through a reader that the snapshot's Schema drives. What a rule foretold
// becomes the evidence of its finding; what no rule foretold is a finding of its own.
//
// Nothing is printed or loaded here. Pure but for the program's own hooks.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <structwire/contract/command/snapshot.hpp>
#include <structwire/contract/fingerprint.hpp>
#include <structwire/core/value.hpp>

namespace structwire::contract {

/// A type of the program: its contract, and its compiled decoder and encoder. contract/main.hpp makes it.
struct Contract {
  std::string name;
  Schema schema;
  /// What sw::to_value() makes of the decoded object.
  Result<Value> (*decode)(WireForm form, std::span<const std::byte> bytes) = nullptr;
  /// Of an object that sw::convert() makes of such a Value.
  Result<Buffer> (*encode)(WireForm form, const Value& value) = nullptr;
  /// wire_fingerprint of the type; 0 where nobody knows it.
  Fingerprint wire = 0;
};

/// A message that shows it.
struct Evidence {
  WireForm form = WireForm::json;
  bool backward = true;
  /// `golden smallest`, `sample largest`.
  std::string message;
  /// What the reader said, or what became of the value.
  std::string seen;
  /// The message as JSON; of a long one, the way to the place.
  std::string json;
  /// Of the message on the wire.
  std::size_t size = 0;
};

/// One change, in all forms in which it was found.
struct Finding {
  std::vector<Difference> in_forms;
  std::optional<std::string> accepted;  ///< The reason.
  std::vector<Evidence> evidence;       ///< The shortest message of each direction.

  const Difference& first() const noexcept { return in_forms.front(); }
  Verdict worst(bool backward) const noexcept;
  /// It breaks a peer that the level asks for, and nobody has accepted it.
  bool fails(Level level) const noexcept;
};

/// How many messages were run.
struct Proof {
  std::size_t goldens = 0;
  std::size_t samples = 0;
};

struct Report {
  std::string type;
  std::uint32_t version = 0;  ///< Of the older side.
  std::uint32_t newer = 0;    ///< Of the newer side; 0 is the program.
  Level level = Level::full;
  std::vector<Finding> findings;
  Proof proof;

  bool fails() const noexcept;
};

/// By rules alone: two schemas, in these forms.
std::vector<Finding> compare(const Schema& before, const Schema& after, std::span<const WireForm> forms);

/// Marks what the snapshots' lists accept.
void accept(std::vector<Finding>& findings, std::span<const Snapshot> newer);

/// By rules and by messages. `history` is `snapshot` and its later versions: their lists are what is accepted.
Result<Report> check(const Contract& contract, const Snapshot& snapshot, const Goldens& goldens,
                     std::span<const Snapshot> history, Level level);

/// Two snapshots, by rules and by the older one's goldens in the newer one's reader.
Result<Report> check(const Snapshot& newer, const Snapshot& snapshot, const Goldens& goldens,
                     std::span<const Snapshot> history, Level level);

/// The golden messages of a contract: its edge samples, as its encoder writes them. What its own decoder refuses is left
/// out. Errors: no sample can be made.
Result<Goldens> make_goldens(const Contract& contract, std::uint32_t version, std::span<const WireForm> forms);

}  // namespace structwire::contract
