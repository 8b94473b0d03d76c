// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/writer.hpp>

#include <utility>

namespace structwire {

void WriterState::fail(ErrorCode code, std::string_view text) {
  if (!error_) error_ = Error(code, std::string(text));
}

void WriterState::too_deep() {
  fail(ErrorCode::depth_limit, "Nested deeper than " + std::to_string(depth_limit) + " levels");
}

std::size_t WriterState::add_part(const void* source, Buffer part) {
  const std::size_t size = part.size();
  parts_.emplace_back(source, std::move(part));
  return size;
}

// The second walk meets the objects in the order of the first, unless it sorts.
Buffer WriterState::take_part(const void* source) {
  for (std::size_t tried = 0; tried < parts_.size(); ++tried) {
    const std::size_t i = (next_part_ + tried) % parts_.size();
    if (parts_[i].first != source) continue;
    next_part_ = i + 1;
    parts_[i].first = nullptr;
    return std::move(parts_[i].second);
  }
  fail(ErrorCode::unsupported, "The value changed while it was encoded");
  return {};
}

}  // namespace structwire
