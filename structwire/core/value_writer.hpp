// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Writer that builds a Value (the contract: core/writer.hpp). Structs become maps with their
// wire names as keys; keys of maps keep their kind; bytes stay bytes; a Raw becomes the value that
// it holds.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <structwire/core/raw.hpp>
#include <structwire/core/utf8.hpp>
#include <structwire/core/value.hpp>
#include <structwire/core/value_reader.hpp>
#include <structwire/core/writer.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

class ValueWriter : public Unbounded {
 public:
  static constexpr FormatTraits traits = value_traits;

  explicit ValueWriter(WriterState& state) noexcept : state_(&state) {}
  WriterState& state() noexcept { return *state_; }
  /// The finished value.
  Value take() noexcept { return std::move(done_); }

  void null() { done_ = Value(); }
  void none() { null(); }
  void some() noexcept {}
  void write(bool value) { done_ = Value(value); }
  template <class Integer>
    requires std::is_integral_v<Integer>
  void write(Integer value) {
    done_ =
        Value(std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>{value});
  }
  void write(double value) { done_ = Value(value); }
  void write(float value) { write(static_cast<double>(value)); }
  void text(std::string_view text) {
    if (!utf8::is_valid(text) && state_->strict)
      state_->fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
    done_ = utf8::is_valid(text) ? Value(text) : Value(utf8::replaced(text));
  }
  void bytes(std::span<const std::byte> bytes) { done_ = Value(Bytes(bytes.begin(), bytes.end())); }
  void ext(const Ext& ext) { done_ = Value(ext); }
  void write_raw(const RawView& raw) { write_raw(Raw(raw)); }
  void write_raw(const Raw& raw) {
    if (!state_->strict) {
      done_ = raw.nearest();
      return;
    }
    auto value = raw.decode();
    if (!value) return state_->fail(value.error().code(), value.error().message());
    done_ = std::move(*value);
  }

  void open_array(std::size_t size) { open(Value::Array()).get_if<Value::Array>()->reserve(size); }
  void end_item() { open_.back().container.get_if<Value::Array>()->push_back(std::move(done_)); }
  void close_array(std::size_t) { close(); }

  void open_map(std::size_t size) { open(Value::Map()).get_if<Value::Map>()->reserve(size); }
  void end_key() { open_.back().key = std::move(done_); }
  void end_entry() {
    Open& map = open_.back();
    map.container.get_if<Value::Map>()->push_back({std::move(map.key), std::move(done_)});
  }
  void close_map(std::size_t) { close(); }

  template <class P>
  void open_struct(std::size_t size) {
    open_map(size);
  }
  template <class P, std::size_t I>
  void member_key() {
    set_key(Value(P::key(I)));
  }
  void end_member() { end_entry(); }
  template <class P>
  void close_struct(std::size_t) {
    close();
  }

 protected:
  /// The key of the value that comes next in the map being written.
  void set_key(Value key) noexcept { open_.back().key = std::move(key); }

 private:
  // A container that is being filled, and the key whose value comes next.
  struct Open {
    Value container;
    Value key;
  };

  Value& open(Value container) {
    open_.push_back({std::move(container), Value()});
    return open_.back().container;
  }
  void close() {
    done_ = std::move(open_.back().container);
    open_.pop_back();
  }

  WriterState* state_;
  Value done_;
  std::vector<Open> open_;
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
