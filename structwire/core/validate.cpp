// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/validate.hpp>

#include <memory>

#include <structwire/core/utf8.hpp>

namespace structwire {

bool Validation::record(ErrorDetail detail) {
  if (full()) return false;
  for (const Step* step = innermost_; step != nullptr; step = step->outer()) {
    detail.path.push_back(step->segment());
  }
  errors_.emplace_back(std::make_unique<ErrorDetail>(std::move(detail)));
  return false;
}

bool Validation::fail(ErrorCode code, std::string sentence) {
  ErrorDetail detail;
  detail.code = code;
  detail.text = std::move(sentence);
  return record(std::move(detail));
}

bool Validation::violated(std::string expected) {
  ErrorDetail detail;
  detail.code = ErrorCode::constraint_violated;
  detail.expected = std::move(expected);
  return record(std::move(detail));
}

bool Validation::unlisted(std::string_view shown) {
  return fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::string(shown));
}

void Validation::text(std::string_view text) {
  if (!utf8::is_valid(text)) fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
}

void Validation::value(const Value& value) {
  if (const auto* held = value.get_if<std::string>()) return text(*held);
  const auto* items = value.get_if<Value::Array>();
  const auto* entries = value.get_if<Value::Map>();
  if (items == nullptr && entries == nullptr) return;
  const ValidationDepth deeper(*this);
  if (!deeper) return;
  for (std::size_t i = 0; items != nullptr && i < items->size() && !full(); ++i) {
    const Step step(*this, Step::Kind::item, {}, i);
    this->value((*items)[i]);
  }
  for (std::size_t i = 0; entries != nullptr && i < entries->size() && !full(); ++i) {
    const Value::Entry& entry = (*entries)[i];
    {
      const Step step(*this, Step::Kind::map_key, {});
      this->value(entry.key);
    }
    const std::string shown = keys_in_paths() ? shown_key(entry.key) : std::string();
    const Step step(*this, Step::Kind::map_value, shown);
    this->value(entry.value);
  }
}

ValidationDepth::ValidationDepth(Validation& validation)
    : validation_(validation), allowed_(++validation.depth_ <= validation.options_.limits.depth) {
  if (allowed_) return;
  validation.fail(ErrorCode::depth_limit,
                  "Nested deeper than " + std::to_string(validation.options_.limits.depth) + " levels");
}

}  // namespace structwire
