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

std::size_t WriterState::add_part(Buffer part) {
  const std::size_t size = part.size();
  parts_.push_back(std::move(part));
  return size;
}

Buffer WriterState::take_part() { return std::move(parts_[parts_taken_++]); }

}  // namespace structwire
