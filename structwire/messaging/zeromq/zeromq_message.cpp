// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_message.hpp>

#include <zmq.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include <structwire/messaging/zeromq.hpp>

namespace structwire::messaging {

Result<CurveKeys> curve_keypair() {
  std::array<char, 41> public_key{};
  std::array<char, 41> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    return std::unexpected(Error(ErrorCode::unsupported, "This libzmq has no CURVE"));
  }
  return CurveKeys{.public_key = public_key.data(), .secret_key = secret_key.data()};
}

namespace zeromq_detail {

std::string z85(std::string_view key) {
  std::array<char, 41> text{};
  if (key.size() != 32) return {};
  zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(key.data()), key.size());
  return text.data();
}

bool stays_here(std::string_view address) noexcept {
  constexpr std::string_view tcp = "tcp://";
  if (address.starts_with(tcp)) address.remove_prefix(tcp.size());
  constexpr std::array<std::string_view, 6> here{"ipc://", "127.", "localhost:", "[::1]", "::1", "::ffff:127."};
  return address.empty() || std::ranges::any_of(here, [&](std::string_view start) { return address.starts_with(start); });
}

namespace {

zmq_msg_t* message_of(void* raw) { return static_cast<zmq_msg_t*>(raw); }

}  // namespace

Message::Message() noexcept {
  static_assert(sizeof(zmq_msg_t) == 64 && alignof(zmq_msg_t) <= alignof(void*));
  zmq_msg_init(message_of(raw()));
}

Message::~Message() { zmq_msg_close(message_of(raw())); }

std::span<const std::byte> Message::bytes() const noexcept {
  auto* message = message_of(const_cast<std::byte*>(raw_.data()));
  return {static_cast<const std::byte*>(zmq_msg_data(message)), zmq_msg_size(message)};
}

std::string_view Message::text() const noexcept {
  const auto all = bytes();
  return {reinterpret_cast<const char*>(all.data()), all.size()};
}

bool Message::more() const noexcept {
  return zmq_msg_more(message_of(const_cast<std::byte*>(raw_.data()))) != 0;
}

std::string_view Message::property(const char* name) const noexcept {
  const char* value = zmq_msg_gets(message_of(const_cast<std::byte*>(raw_.data())), name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

int Message::descriptor() const noexcept {
  return zmq_msg_get(message_of(const_cast<std::byte*>(raw_.data())), ZMQ_SRCFD);
}

namespace {

// What libzmq received is behind this size in a block of its own.
constexpr std::size_t own_block_from = 8192;

}  // namespace

Payload Message::take() {
  const auto view = bytes();
  if (view.empty()) return {};
  const bool aligned = reinterpret_cast<std::uintptr_t>(view.data()) % 8 == 0;
  if (view.size() < own_block_from || !aligned) {
    auto block = std::make_shared_for_overwrite<std::byte[]>(view.size());
    std::memcpy(block.get(), view.data(), view.size());
    const std::span<const std::byte> copy(block.get(), view.size());
    return {copy, std::move(block)};
  }
  auto owner = std::make_shared<Message>();
  owner->take_from(*this);
  const auto held = owner->bytes();
  return {held, std::move(owner)};
}

void Message::take_from(Message& other) noexcept {
  zmq_msg_move(message_of(raw()), message_of(other.raw()));
}

}  // namespace zeromq_detail
}  // namespace structwire::messaging
