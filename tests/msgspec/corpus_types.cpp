// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {

std::vector<std::span<const CorpusType>> all_types() {
  return {scalar_types(), union_types(), constraint_types(), container_types(), constant_types(),
          struct_types(), seed_types(),  tagged_types(),     option_types(),    evolution_types()};
}

const CorpusType* find_type(std::string_view id) {
  static const auto table = [] {
    std::map<std::string_view, const CorpusType*> found;
    for (const auto types : all_types()) {
      for (const CorpusType& type : types) found[type.id] = &type;
    }
    return found;
  }();
  const auto found = table.find(id);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace structwire::testing::corpus
