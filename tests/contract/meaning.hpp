// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a value that crossed from one version of a contract to another still means what it meant. The two Schemas tell
// what is the same thing in both: members by their number, whatever their names and places; structs and enums by their
// name; enum values by their enumerator. What a member that is not on the wire means, its own side's default tells.

#include <structwire/contract/schema.hpp>

namespace structwire::contract::mutation {

class Meaning {
 public:
  Meaning(const Schema& writer, const Schema& reader) noexcept : writer_(&writer), reader_(&reader) {}

  /// `written`: what to_value() gives for the writer's object; `read`: the same for what the reader made of its bytes.
  bool is_kept(const Value& written, const Value& read) const { return same(writer_->type, written, reader_->type, read); }

 private:
  bool same(const TypeSchema& from, const Value& written, const TypeSchema& to, const Value& read) const;
  bool same_struct(const StructSchema& from, const Value& written, const StructSchema& to, const Value& read) const;
  bool same_enum(const EnumSchema& from, const Value& written, const EnumSchema& to, const Value& read) const;
  const Schema* writer_;
  const Schema* reader_;
};

}  // namespace structwire::contract::mutation
