// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/fingerprint.hpp>

namespace structwire {

void fingerprint_detail::StringSink::add(std::string_view piece) { text += piece; }

std::string fingerprint_text(Fingerprint fingerprint) {
  fingerprint_detail::StringSink sink;
  fingerprint_detail::add_hex(sink, fingerprint);
  return std::move(sink.text);
}

}  // namespace structwire
