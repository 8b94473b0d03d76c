// SPDX-License-Identifier: Apache-2.0
#pragma once

// The walk of the compatibility check over two Schemas at once. compare.cpp pairs types, compare_members.cpp pairs the
// members of structs; what a change does to values in each direction, crossing.cpp says.

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <structwire/contract/compare/crossing.hpp>

namespace structwire::contract {

class Comparison {
 public:
  Comparison(const Schema& before, const Schema& after, WireForm form) : before_(before), after_(after), form_(form) {}

  std::vector<Difference> run() &&;

 private:
  /// Both directions of one change.
  struct Change {
    Crossing backward;
    Crossing forward;
  };
  /// Two structs, and where they were met.
  struct Place {
    std::string before;
    std::string after;
    std::string path;
    bool in_union;
  };
  /// A member of both sides.
  struct Pair {
    std::size_t before;
    std::size_t after;
  };
  /// The members of two structs, paired.
  struct Pairing {
    std::vector<Pair> pairs;
    std::vector<std::size_t> removed;
    std::vector<std::size_t> added;
  };

  TypeIn in_before(const TypeSchema& type) const noexcept { return {before_, type, &steps_}; }
  TypeIn in_after(const TypeSchema& type) const noexcept { return {after_, type, &steps_}; }
  Change crossing_of(const TypeSchema& before, const TypeSchema& after) const;
  void report(std::string_view rule, const std::string& path, Change change, std::string before, std::string after);
  static bool is_harmless(const Change& change) noexcept;

  // compare.cpp
  void types(const TypeSchema& before, const TypeSchema& after, const std::string& path, bool in_union, std::size_t depth);
  void same_shape(const TypeSchema& before, const TypeSchema& after, const std::string& path, std::size_t depth);
  void null(const TypeSchema& before, const TypeSchema& after, const std::string& path);
  void value_and_union(const TypeSchema& before, const TypeSchema& after, const std::string& path, std::size_t depth);
  void unions(const TypeSchema& before, const TypeSchema& after, const std::string& path, std::size_t depth);
  void constants(const TypeSchema& before, const TypeSchema& after, const std::string& path);
  void catch_all(const EnumSchema& before, const EnumSchema& after, const std::string& path);
  void constraints(const TypeSchema& before, const TypeSchema& after, const std::string& path);
  void other_type(const TypeSchema& before, const TypeSchema& after, const std::string& path);

  // compare_members.cpp
  void structs(const std::string& before, const std::string& after, const std::string& path, bool in_union, std::size_t depth);
  void tags(const StructSchema& before, const StructSchema& after, const std::string& path, bool in_union);
  void policies(const StructSchema& before, const StructSchema& after, const std::string& path);
  void map_members(const StructSchema& before, const StructSchema& after, const std::string& path, std::size_t depth);
  void array_members(const StructSchema& before, const StructSchema& after, const std::string& path, std::size_t depth);
  void shifted_members(const StructSchema& before, const StructSchema& after, const Pairing& pairing, const std::string& path);
  void tail(const StructSchema& before, const StructSchema& after, const Pairing& pairing, const std::string& path);
  void pair(const StructSchema& before, const StructSchema& after, Pair pair, const std::string& path, std::size_t depth);
  void name(const StructSchema& before, const StructSchema& after, Pair pair, const std::string& path);
  void aliases(const MemberSchema& before, const MemberSchema& after, const StructSchema& reader, const std::string& path);
  void presence(const StructSchema& before, const StructSchema& after, Pair pair, const std::string& path);
  static Pairing paired(const StructSchema& before, const StructSchema& after);

  const Schema& before_;
  const Schema& after_;
  WireForm form_;
  std::vector<Difference> found_;
  mutable std::size_t steps_ = 200'000;
  /// Definitions that have been compared, and whether as alternatives of a union.
  std::set<std::tuple<std::string, std::string, bool>> compared_;
  /// Structs that were met inside many others, and wait.
  std::vector<Place> pending_;
};

}  // namespace structwire::contract
