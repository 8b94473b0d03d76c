// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the two Python targets have in common: a module of enums, classes and aliases. For
// contract/generate/generate_*.cpp only.
//
// Annotations are evaluated late (`from __future__ import annotations`), in a scope where the class's own fields hide
// names of the module; so a field that is called like something that annotations use gets another name, and its wire
// name beside it.

#include <map>
#include <set>
#include <string>
#include <string_view>

#include <structwire/contract/generate/generate_outline.hpp>

namespace structwire::contract::generation {

/// `"text"` with escapes, in UTF-8.
std::string python_text(std::string_view text);
/// None, True, 5, 0.5, "text", b"bytes", [..], {..}.
std::string python_literal(const Value& value);

class PythonModule {
 public:
  PythonModule(const Contracts& contracts, std::string_view about, std::span<const std::string_view> reserved);
  virtual ~PythonModule() = default;
  Result<std::string> text();

 protected:
  struct Default {
    enum class Form { none, value, factory };
    Form form = Form::none;
    std::string expression;
  };

  // What a target decides. The expressions are types as annotations write them.
  virtual std::string bytes_type(const TypeSchema& type) = 0;
  virtual std::string datetime_type(const TypeSchema& type) = 0;
  virtual std::string time_type(const TypeSchema& type) = 0;
  virtual std::string duration_type() = 0;
  virtual std::string decimal_type() = 0;
  virtual std::string raw_type() = 0;
  virtual std::string ext_type(const TypeSchema& type) = 0;
  /// The union of alternatives that are told apart; `parts` are their expressions.
  virtual std::string variant_type(const TypeSchema& type) = 0;
  /// A type as a map's key; `expression` is what it is elsewhere.
  virtual std::string key_type(const TypeSchema&, std::string expression) { return expression; }
  virtual std::string pattern(std::string_view pattern) = 0;
  /// `Meta` or `Field`: what constraints stand in. Says that it is used.
  virtual std::string constraint_call() = 0;
  /// Bounds of dates and the like; others become a comment.
  virtual bool takes_text_bounds(TypeKind kind) const noexcept = 0;
  /// An expression that makes a value of this type from what JSON has.
  virtual std::string conversion(const TypeSchema& type, const Value& value) = 0;
  virtual void write_class(const StructSchema& definition) = 0;
  /// What stands between the imports and the enums.
  virtual std::string prelude() { return {}; }

  void import(std::string_view module) { imports_.emplace(module); }
  /// Returns `name`.
  std::string import(std::string_view module, std::string_view name);
  void line(int indent, std::string_view text);
  void comment(int indent, std::string_view text);
  void docstring(int indent, std::string_view text);

  std::string type(const TypeSchema& type);
  static std::string joined(const std::vector<std::string>& parts, std::string_view separator);
  std::string annotated(std::string base, const std::vector<std::string>& constraints);
  /// The member's name in the class: an identifier that hides nothing.
  std::string attribute(std::string_view wanted, Names& taken);
  /// Of what annotations may use, as Names to take attributes from.
  Names attribute_names() const;
  Default default_of(const MemberSchema& member);
  /// What is true of the member's values and not checked here, as comments.
  void write_notes(const MemberSchema& member);
  Failure& failure() noexcept { return failure_; }
  Outline& outline() noexcept { return outline_; }
  void reserve_attribute(std::string_view name) { reserved_attributes_.emplace(name); }

 private:
  std::string plain_type(const TypeSchema& type);
  std::string integer_type(const TypeSchema& type);
  std::string literal_type(const TypeSchema& type);
  std::vector<std::string> constraints(const TypeSchema& type);
  bool is_hashable(const TypeSchema& type) const;
  std::string value_of(const TypeSchema& type, const Value& value, bool& is_immutable);
  std::string items_of(const TypeSchema& type, const Value& value, bool& is_immutable);
  void write_enum(const EnumSchema& definition);
  std::string imports() const;

  Outline outline_;
  Failure failure_;
  std::string about_;
  std::string body_;
  std::set<std::string, std::less<>> imports_;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> imported_names_;
  /// `Int32 = Annotated[int, …]`: integers of a width, by name.
  std::map<std::string, std::string> widths_;
  std::set<std::string, std::less<>> reserved_attributes_;
  /// Inside a set or a key, where values have to be hashable.
  bool frozen_ = false;
};

}  // namespace structwire::contract::generation
