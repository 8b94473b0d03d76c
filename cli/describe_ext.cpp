// SPDX-License-Identifier: Apache-2.0
#include <cli/describe_ext.hpp>
#include <structwire/arrow.hpp>
#include <structwire/core/epoch_time.hpp>
#include <structwire/ndarray.hpp>

namespace structwire::cli {
namespace {

std::string broken(const char* what, const Error& error) {
  return std::string("a broken ") + what + ": " + error.message();
}

std::string describe_timestamp(std::span<const std::byte> data) {
  char text[timestamp_text_max];
  const char* const end =
      write_timestamp_text(text, Ext{timestamp_extension, Bytes(data.begin(), data.end())});
  return end == nullptr ? "a timestamp that has no date"
                        : std::string(static_cast<const char*>(text), end);
}

}  // namespace

std::string describe_npy(std::span<const std::byte> bytes) {
  const auto view = ndarray::read_npy(bytes);
  if (!view) return broken("array", view.error());
  std::string text = "array of " + view->type().name() + ", shape (";
  for (std::size_t i = 0; i < view->shape().size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(view->shape()[i]);
  }
  return text + (view->order() == ndarray::ElementOrder::row_major ? ")" : "), column-major");
}

std::string describe_arrow_schema(std::span<const std::byte> bytes) {
  const auto schema = arrow::Schema::from_bytes(Bytes(bytes.begin(), bytes.end()));
  if (!schema) return broken("Arrow schema", schema.error());
  return "Arrow schema of " + std::to_string(schema->fields().size()) + " fields";
}

std::string describe_ext(std::int8_t code, std::span<const std::byte> data) {
  switch (code) {
    case timestamp_extension:
      return ": " + describe_timestamp(data);
    case arrow_schema_extension:
      return ": " + describe_arrow_schema(data);
    case array_extension:
      return ": " + describe_npy(data);
    default:
      return {};
  }
}

}  // namespace structwire::cli
