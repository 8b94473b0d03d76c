// SPDX-License-Identifier: Apache-2.0

// Exported JSON Schemas, compared keyword by keyword, so that each difference can be judged by itself.

#include <algorithm>

#include <structwire/contract/json_schema.hpp>
#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {
namespace {

std::optional<double> number_of(const Value& value) {
  if (const auto* floating = value.get_if<double>()) return *floating;
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<double>(*integer);
  return std::nullopt;
}

bool is_equal(const Value& a, const Value& b) {
  const bool is_mixed = (a.get_if<double>() != nullptr) != (b.get_if<double>() != nullptr);
  if (is_mixed && number_of(a) && number_of(b)) return number_of(a) == number_of(b);
  const auto* items = a.get_if<Value::Array>();
  const auto* other_items = b.get_if<Value::Array>();
  if (items != nullptr && other_items != nullptr) return std::ranges::equal(*items, *other_items, is_equal);
  const auto* map = a.get_if<Value::Map>();
  const auto* other_map = b.get_if<Value::Map>();
  if (map == nullptr || other_map == nullptr) return a == b;
  return map->size() == other_map->size() && std::ranges::all_of(*map, [&](const Value::Entry& entry) {
           const auto* key = entry.key.get_if<std::string>();
           const Value* other = key == nullptr ? nullptr : b.find(*key);
           return other != nullptr && is_equal(entry.value, *other);
         });
}

class Comparison {
 public:
  Verdict differences;

  void nodes(const std::string& path, const Value& ours, const Value& theirs) {
    const auto* map = ours.get_if<Value::Map>();
    const auto* other = theirs.get_if<Value::Map>();
    if (map == nullptr || other == nullptr) {
      if (!is_equal(ours, theirs)) differs(path, "", &ours, &theirs, ours, theirs);
      return;
    }
    for (const Value::Entry& entry : *map) {
      keyword(path, *entry.key.get_if<std::string>(), &entry.value, ours, theirs);
    }
    for (const Value::Entry& entry : *other) {
      const std::string& key = *entry.key.get_if<std::string>();
      if (ours.find(key) == nullptr) differs(path, key, nullptr, &entry.value, ours, theirs);
    }
  }

 private:
  void keyword(const std::string& path, const std::string& key, const Value* ours, const Value& our_node,
               const Value& their_node) {
    const Value* theirs = their_node.find(key);
    if (theirs == nullptr) return differs(path, key, ours, nullptr, our_node, their_node);
    const auto* items = ours->get_if<Value::Array>();
    const auto* other = theirs->get_if<Value::Array>();
    if (key == "default" || is_equal(*ours, *theirs)) {
      if (!is_equal(*ours, *theirs)) differs(path, key, ours, theirs, our_node, their_node);
    } else if (ours->get_if<Value::Map>() != nullptr && theirs->get_if<Value::Map>() != nullptr) {
      nodes(path + "/" + key, *ours, *theirs);
    } else if (key != "required" && items != nullptr && other != nullptr && items->size() == other->size()) {
      for (std::size_t i = 0; i < items->size(); ++i) {
        nodes(path + "/" + key + "/" + std::to_string(i), (*items)[i], (*other)[i]);
      }
    } else {
      differs(path, key, ours, theirs, our_node, their_node);
    }
  }

  void differs(const std::string& path, const std::string& key, const Value* ours, const Value* theirs,
               const Value& our_node, const Value& their_node) {
    const auto text = [](const Value* value) {
      return value == nullptr ? std::string("nothing") : json::encode(*value);
    };
    Outcome outcome = expect(false, path + "/" + key + ": " + text(ours) + " for " + text(theirs));
    outcome.difference = {path, key, ours == nullptr ? std::nullopt : std::optional(*ours),
                          theirs == nullptr ? std::nullopt : std::optional(*theirs), our_node, their_node};
    differences.outcomes.push_back(std::move(outcome));
  }
};

/// The definitions of several types in one; false where two of one name differ, which no types of the corpus do.
bool merge(contract::Schema& all, contract::Schema one) {
  const auto take = [](auto& definitions, auto& more) {
    for (auto& each : more) {
      const auto found = std::ranges::find_if(definitions, [&](const auto& other) { return other.name == each.name; });
      if (found == definitions.end()) {
        definitions.push_back(std::move(each));
      } else if (!(*found == each)) {
        return false;
      }
    }
    return true;
  };
  return take(all.structs, one.structs) && take(all.enums, one.enums);
}

Value export_of(contract::JsonSchemas made) {
  return Value(Value::Map{{Value("schemas"), Value(std::move(made.schemas))},
                          {Value("components"), Value(std::move(made.components))}});
}

}  // namespace

Verdict compare_schemas(const Value& ours, const Value& theirs) {
  Comparison comparison;
  comparison.nodes("", ours, theirs);
  if (comparison.differences.outcomes.empty()) comparison.differences.outcomes.push_back(expect(true, ""));
  return std::move(comparison.differences);
}

Verdict run_schema(const Row& row) {
  const CorpusType* type = find_type(row.type);
  if (type == nullptr) return unknown_type(row.type);
  const auto made = contract::json_schema(type->describe());
  if (!made) return refused(made.error());
  if (row.ok) return compare_schemas(*made, row.schema);
  Outcome ours;
  ours.value = *made;
  return ours;
}

Verdict run_schema_components(const Row& row) {
  contract::Schema all;
  std::vector<contract::TypeSchema> types;
  for (const std::string& id : row.types) {
    const CorpusType* type = find_type(id);
    if (type == nullptr) return unknown_type(id);
    contract::Schema one = type->describe();
    types.push_back(one.type);
    if (!merge(all, std::move(one))) return expect(false, "two definitions of one name");
  }
  auto made = contract::json_schemas(types, all, {.ref_template = row.ref_template});
  if (!made) return refused(made.error());
  if (!row.ok) {
    Outcome ours;
    ours.value = export_of(std::move(*made));
    return ours;
  }
  const Value theirs(Value::Map{{Value("schemas"), Value(row.schemas)}, {Value("components"), row.components}});
  return compare_schemas(export_of(std::move(*made)), theirs);
}

}  // namespace structwire::testing::corpus
