// SPDX-License-Identifier: Apache-2.0
#include <structwire/streams/files.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <system_error>
#include <utility>

namespace structwire {
namespace {

std::unexpected<Error> failed(const char* what, int error) {
  return std::unexpected(
      Error(ErrorCode::io, std::string(what) + ": " + std::generic_category().message(error)));
}

// send() where it is a socket, because only that can be told to raise no signal.
ssize_t put(int descriptor, std::span<const std::byte> bytes, bool& socket) {
  if (socket) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0 || errno != ENOTSOCK) return sent;
    socket = false;
  }
  return ::write(descriptor, bytes.data(), bytes.size());
}

}  // namespace

Source read_from(std::FILE* file) {
  return [file](std::span<std::byte> room) -> Result<std::size_t> {
    errno = 0;
    const std::size_t size = std::fread(room.data(), 1, room.size(), file);
    if (size == 0 && std::ferror(file) != 0) return failed("Cannot read", errno);
    return size;
  };
}

Source read_from(int descriptor) {
  return [descriptor](std::span<std::byte> room) -> Result<std::size_t> {
    while (true) {
      const ssize_t size = ::read(descriptor, room.data(), room.size());
      if (size >= 0) return static_cast<std::size_t>(size);
      if (errno != EINTR) return failed("Cannot read", errno);
    }
  };
}

Source read_from(std::span<const std::byte> bytes) {
  return [bytes](std::span<std::byte> room) mutable -> Result<std::size_t> {
    const std::size_t size = std::min(room.size(), bytes.size());
    if (size != 0) std::memcpy(room.data(), bytes.data(), size);
    bytes = bytes.subspan(size);
    return size;
  };
}

Sink write_to(std::FILE* file) {
  return [file](std::span<const std::byte> bytes) -> Result<void> {
    errno = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size()) return {};
    return failed("Cannot write", errno);
  };
}

Sink write_to(int descriptor) {
  return [descriptor, socket = true](std::span<const std::byte> bytes) mutable -> Result<void> {
    while (!bytes.empty()) {
      const ssize_t size = put(descriptor, bytes, socket);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return failed("Cannot write", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
    return {};
  };
}

Sink write_to(Buffer& buffer) {
  return [&buffer](std::span<const std::byte> bytes) -> Result<void> {
    try {
      buffer.append(bytes);
    } catch (const std::bad_alloc&) {
      return std::unexpected(
          Error(ErrorCode::memory_exhausted, "No memory for what a stream has written"));
    }
    return {};
  };
}

}  // namespace structwire
