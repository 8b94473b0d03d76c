// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/contract_fingerprint.hpp>

#include <map>
#include <string_view>

#include <structwire/json.hpp>

namespace structwire {
namespace {

using namespace contract;

/// Definitions by number, in the order in which they are met.
using Numbers = std::map<std::string, std::string, std::less<>>;

template <class Definitions>
Numbers numbers_of(const Definitions& definitions) {
  Numbers numbers;
  for (const auto& each : definitions) numbers.emplace(each.name, std::to_string(numbers.size()));
  return numbers;
}

template <class Subject>
void remove_texts(Subject& subject) {
  subject.title.clear();
  subject.description.clear();
  subject.schema_extra.reset();
}

void remove_names(TypeSchema& type, const Numbers& structs, const Numbers& enums) {
  remove_texts(type);
  const Numbers* names = type.kind == TypeKind::structure     ? &structs
                         : type.kind == TypeKind::enumeration ? &enums
                                                              : nullptr;
  const auto found = names == nullptr ? Numbers::const_iterator() : names->find(type.name);
  // A name without a definition stays: two broken schemas that name different things differ.
  if (names == nullptr) {
    type.name.clear();
  } else if (found != names->end()) {
    type.name = found->second;
  }
  for (TypeSchema& part : type.parts) remove_names(part, structs, enums);
}

}  // namespace

std::string contract::canonical_text(Schema schema) {
  const Numbers structs = numbers_of(schema.structs);
  const Numbers enums = numbers_of(schema.enums);
  remove_names(schema.type, structs, enums);
  for (StructSchema& each : schema.structs) {
    each.name = structs.find(each.name)->second;
    remove_texts(each);
    for (MemberSchema& member : each.members) {
      member.declared_name.clear();
      remove_names(member.type, structs, enums);
    }
  }
  for (EnumSchema& each : schema.enums) {
    each.name = enums.find(each.name)->second;
    each.description.clear();
    for (EnumValueSchema& value : each.values) {
      if (value.name == each.catch_all && !each.catch_all.empty()) each.catch_all = json::encode(value.value);
      value.name.clear();
    }
  }
  EncodeOptions options;
  options.order = Order::deterministic;
  return json::encode(schema, options);
}

ContractFingerprint contract_fingerprint(const contract::Schema& schema) {
  return sha256::digest(contract::canonical_text(schema));
}

std::string fingerprint_text(const ContractFingerprint& fingerprint) {
  std::string text;
  for (const std::uint8_t byte : fingerprint) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace structwire
