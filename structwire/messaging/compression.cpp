// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/compression.hpp>

#include <zstd.h>

#include <memory>
#include <new>

namespace structwire::messaging {
namespace {

struct Free {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

Error no_zstd(const char* text) { return Error(ErrorCode::malformed, text); }

}  // namespace

std::optional<Payload> compressed(const Payload& payload, int level) {
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (context == nullptr) return std::nullopt;
  Buffer room;
  room.resize_uninitialized(payload.size() - payload.size() / 8);
  // No room for it is an error like any other: the payload goes as it is.
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), room.data(), room.size(), payload.data(), payload.size(), level);
  if (ZSTD_isError(size) != 0) return std::nullopt;
  // It may be kept for long: in no more memory than it needs.
  return Payload::copy(room.bytes().first(size));
}

Result<Payload> decompressed(const Payload& payload, std::uint8_t compression, std::uint64_t plain_size) {
  if (compression != zstd_compression) {
    return std::unexpected(Error(ErrorCode::unsupported, "A compression that is not known here"));
  }
  // Where the bytes tell their size themselves, a lie costs no memory.
  const unsigned long long told = ZSTD_getFrameContentSize(payload.data(), payload.size());
  if (told == ZSTD_CONTENTSIZE_ERROR) return std::unexpected(no_zstd("The payload is not zstd"));
  if (told != ZSTD_CONTENTSIZE_UNKNOWN && told != plain_size) {
    return std::unexpected(no_zstd("The compressed payload is of another size than its header tells"));
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  Buffer plain;
  try {
    plain.resize_uninitialized(static_cast<std::size_t>(plain_size));
  } catch (const std::bad_alloc&) {
    return std::unexpected(Error(ErrorCode::memory_exhausted, "There is no memory for the payload"));
  }
  if (context == nullptr) return std::unexpected(Error(ErrorCode::memory_exhausted, "There is no memory to decompress with"));
  const std::size_t size =
      ZSTD_decompressDCtx(context.get(), plain.data(), plain.size(), payload.data(), payload.size());
  if (ZSTD_isError(size) != 0) return std::unexpected(no_zstd("The compressed payload is damaged, or larger than its header tells"));
  if (size != plain_size) return std::unexpected(no_zstd("The compressed payload is smaller than its header tells"));
  return Payload(std::move(plain));
}

}  // namespace structwire::messaging
