// SPDX-License-Identifier: Apache-2.0

// The adapter of OpenSSL's libcrypto.

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include <examples/artifacts/digest.hpp>
#include <structwire/core/base16.hpp>

namespace artifacts {

std::string sha256_hex(std::span<const std::byte> bytes) {
  std::array<unsigned char, 32> hash;
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
    // Only without memory, or in a libcrypto that was built without SHA-256.
    std::fputs("SHA-256 failed\n", stderr);
    std::abort();
  }
  std::string text(structwire::base16::encoded_size(hash.size()), '\0');
  structwire::base16::write(text.data(), std::as_bytes(std::span(hash)));
  return text;
}

}  // namespace artifacts
