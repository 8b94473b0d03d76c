// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Readers of JSON and MessagePack with the members of a struct named at run time: next_member<P, I> without a
// prediction, with its words for what is wrong. A part of the reader that a Schema drives.

#include <string_view>

#include <structwire/contract/reader/schema_plan.hpp>
#include <structwire/formats/json/reader.hpp>
#include <structwire/formats/msgpack/reader.hpp>

namespace structwire::contract::schema_reading {

class JsonFieldReader : public json::Reader {
 public:
  using FieldScope = MapScope;
  using json::Reader::Reader;

  bool open_fields(FieldScope& scope) { return open_map(scope); }

  int next_field(FieldScope& scope, const StructPlan& plan) {
    if (!more_entries(scope)) return end();
    // Runs of fields that nobody asks for are passed over as a whole.
    const bool passes = plan.ignores_unknown(options().unknown_fields);
    if (passes && pass_members(scope, plan.key_filter, true) == NextKey::none) return end();
    return look_up(scope, plan);
  }
  int skip_fields(FieldScope& scope, const StructPlan& plan) {
    return pass_members(scope, plan.key_filter, false) == NextKey::other ? look_up(scope, plan) : end();
  }

 private:
  int end() const noexcept { return failed() ? member_error : member_end; }
  int look_up(FieldScope& scope, const StructPlan& plan) {
    const std::size_t start = offset();
    std::string_view key;
    if (!read_text(key)) return member_error;
    const int index = plan.find(key);
    if (!close_key(scope)) return member_error;
    if (index >= 0) return index;
    unknown_key(key, start);
    return member_unknown;
  }
};

class MsgpackFieldReader : public msgpack::Reader {
 public:
  using FieldScope = MapScope;
  using msgpack::Reader::Reader;

  bool open_fields(FieldScope& scope) { return open_map(scope); }

  int next_field(FieldScope& scope, const StructPlan& plan) {
    if (!more_entries(scope)) return member_end;
    const std::size_t start = offset();
    std::string_view key;
    if (!read_key(key)) return member_error;
    const int index = plan.find(key);
    if (index >= 0) return index;
    unknown_key(key, start);
    return member_unknown;
  }
};

}  // namespace structwire::contract::schema_reading
