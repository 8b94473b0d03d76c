// SPDX-License-Identifier: Apache-2.0
#include <examples/artifacts/artifacts.hpp>

#include <utility>

#include <examples/artifacts/digest.hpp>
#include <structwire/msgpack.hpp>

namespace artifacts {

sw::Result<AstArtifact> make_ast(std::string sql, const AstNodes& nodes, std::string policy_hash) {
  sw::Buffer bytes;
  const auto written = sw::msgpack::encode_into(nodes, bytes, {.order = sw::Order::deterministic});
  if (!written) return std::unexpected(written.error());
  return AstArtifact{std::move(sql), sw::Raw::trusted(sw::msgpack::format(), std::move(bytes)),
                     std::move(policy_hash)};
}

sw::Result<AstNodes> nodes(const AstArtifact& ast) {
  // An artifact that came as JSON holds its tree as JSON.
  const auto raw = ast.ast_raw.in(sw::msgpack::format());
  if (!raw) return std::unexpected(raw.error());
  return sw::msgpack::decode<AstNodes>(raw->bytes());
}

CompilerDiff diff(const Object& before, const Object& after) {
  CompilerDiff made{digest(before), digest(after), {}};
  for (const auto& [rule, value] : before) {
    const auto found = after.find(rule);
    if (found == after.end()) {
      made.changes[rule].before = value;
    } else if (!(found->second == value)) {
      made.changes[rule] = {value, found->second};
    }
  }
  for (const auto& [rule, value] : after) {
    if (!before.contains(rule)) made.changes[rule].after = value;
  }
  return made;
}

RuntimeProfile sealed(RuntimeProfile profile) {
  profile.profile_hash.clear();
  profile.profile_hash = digest(profile);
  return profile;
}
bool is_sealed(const RuntimeProfile& profile) {
  return sealed(profile).profile_hash == profile.profile_hash;
}

}  // namespace artifacts
