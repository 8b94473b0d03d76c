// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a Schema, which may come from anywhere, to a Plan of it; or to what is wrong with it. A part of the reader that
// a Schema drives.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/reader/schema_defaults.hpp>
#include <structwire/contract/reader/schema_plan.hpp>

namespace structwire::contract::schema_reading {

/// A name as messages show it.
inline std::string shown(std::string_view name) { return "`" + std::string(name) + "`"; }

/// Used once, for one Plan. What returns a bool returns false after it has kept the first error; callers add to its
/// path.
class Preparation final : public DefaultMaker {
 public:
  explicit Preparation(Plan& plan) noexcept : plan_(plan) {}
  bool run();
  Error take_error() noexcept { return std::move(error_); }
  bool has_default(const StructPlan& structure, std::size_t member) override;

 private:
  bool fail(std::string sentence);
  bool in(std::string_view member);
  bool in(std::string_view member, std::size_t item);

  template <class Definitions>
  bool collect(const Definitions& definitions, std::string_view list, std::map<std::string_view, std::size_t>& names);
  bool enumeration(const EnumSchema& schema, EnumPlan& out);
  bool structure(const StructSchema& schema, StructPlan& out);
  bool tag(const StructSchema& schema, StructPlan& out);
  bool keys(StructPlan& out);

  // schema_preparation_types.cpp
  bool type(const TypeSchema& schema, Type& out, unsigned depth = 0, unsigned wrappers = 0);
  bool parts(const TypeSchema& schema, Type& out, unsigned depth, unsigned wrappers);
  bool resolve(const TypeSchema& schema, Type& out);
  bool scalar(const TypeSchema& schema);
  bool kinds(const TypeSchema& schema, Type& out);
  bool rules(const TypeSchema& schema, Type& out);
  bool bound(const TypeSchema& schema, const std::optional<Value>& limit, std::string_view rule);
  bool alternatives(Type& out);
  bool settle(Type& type);

  bool every_struct_ends();
  bool can_end(const Type& type, const std::vector<bool>& ends) const;
  bool defaults();

  Plan& plan_;
  Error error_;
  std::map<std::string_view, std::size_t> struct_names_;
  std::map<std::string_view, std::size_t> enum_names_;
  unsigned default_depth_ = 0;
  std::size_t default_bytes_ = 0;
};

}  // namespace structwire::contract::schema_reading
