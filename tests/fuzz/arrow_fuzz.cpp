// SPDX-License-Identifier: Apache-2.0
//
// An input is an Arrow schema behind its prefix. What is refused says why and where; what is
// accepted keeps its bytes, within the limits, and can tell its types. Nothing is read beyond the
// input (ASan).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <structwire/arrow.hpp>
#include <structwire/core/config.hpp>

namespace {

using namespace structwire;
using namespace structwire::arrow;

constexpr SchemaLimits limits{.fields = 2000, .depth = 16, .text_bytes = 1u << 16};

std::size_t count_fields(const std::vector<Field>& fields, std::size_t depth) {
  STRUCTWIRE_ASSERT(fields.empty() || depth < limits.depth);
  std::size_t count = fields.size();
  for (const Field& field : fields) count += count_fields(field.children, depth + 1);
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  Bytes message;
  for (std::size_t i = 0; i < 4; ++i) message.push_back(static_cast<std::byte>(size >> 8 * i));
  message.insert(message.end(), input.begin(), input.end());
  const auto schema = Schema::from_bytes(message, limits);
  if (!schema) {
    STRUCTWIRE_ASSERT(schema.error().offset().has_value() &&
                      *schema.error().offset() <= message.size());
    return 0;
  }
  STRUCTWIRE_ASSERT(count_fields(schema->fields(), 0) <= limits.fields);
  STRUCTWIRE_ASSERT(std::ranges::equal(schema->bytes(), message));
  for (const Field& field : schema->fields()) STRUCTWIRE_ASSERT(!field.type_text().empty());
  return 0;
}
