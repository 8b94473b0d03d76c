// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/reformat.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <utility>

#include <structwire/formats/json/walk.hpp>

namespace structwire::json {
namespace {

// A Visitor of the walk that writes what it is shown.
class Layout {
 public:
  Layout(Reader& reader, int indent, Buffer& out) noexcept
      : reader_(reader),
        out_(out),
        lines_(indent > 0),
        compact_(indent < 0),
        indent_(static_cast<std::size_t>(std::max(indent, 0))),
        space_left_(reader.limits().decoded_bytes) {}

  void open(char bracket) {
    put({&bracket, 1});
    ++depth_;
  }
  bool item(bool first) {
    if (!first) put(lines_ || compact_ ? "," : ", ");
    return !lines_ || new_line();
  }
  void key(std::string_view text) {
    put(text);
    put(compact_ ? ":" : ": ");
  }
  void scalar(std::string_view text) { put(text); }
  bool close(char bracket, bool empty) {
    --depth_;
    if (!empty && lines_ && !new_line()) return false;
    put({&bracket, 1});
    return true;
  }

 private:
  void put(std::string_view text) { out_.append(std::as_bytes(std::span(text))); }

  bool new_line() {
    const std::size_t size = 1 + depth_ * indent_;
    if (size > space_left_) {
      return reader_.fail(ErrorCode::size_limit, "More white space than the limit",
                          reader_.offset());
    }
    space_left_ -= size;
    const std::size_t start = out_.size();
    out_.resize_uninitialized(start + size);
    out_.data()[start] = std::byte{'\n'};
    std::memset(out_.data() + start + 1, ' ', size - 1);
    return true;
  }

  Reader& reader_;
  Buffer& out_;
  const bool lines_;
  const bool compact_;
  const std::size_t indent_;
  std::size_t depth_ = 0;
  std::size_t space_left_;
};

}  // namespace

Result<void> reformat(std::string_view json, int indent, Buffer& out,
                      const DecodeOptions& options) {
  const std::size_t before = out.size();
  Reader reader(json, options);
  try {
    out.reserve(before + json.size());
    if (reader.walk(Layout(reader, indent, out)) && reader.finish()) return {};
  } catch (const std::bad_alloc&) {
    reader.fail(ErrorCode::memory_exhausted, "No memory for the other layout", reader.offset());
  }
  out.resize_uninitialized(before);
  return std::unexpected(reader.take_error());
}

Result<std::string> reformat(std::string_view json, int indent) {
  Buffer out;
  if (auto done = reformat(json, indent, out); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return std::string(out.text());
}

}  // namespace structwire::json
