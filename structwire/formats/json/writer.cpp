// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/writer.hpp>

#include <structwire/core/encode.hpp>
#include <structwire/core/epoch_time.hpp>
#include <structwire/core/escapes.hpp>
#include <structwire/core/text_kernels.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire::json {
std::size_t WriterBase::long_text_bound(std::string_view text) noexcept {
  std::size_t size = 2 + text.size();
  const char* const end = text.data() + text.size();
  bool ascii = true;
  for (const char* at = text.data(); at != end; ++at) {
    const text_kernels::Run run = text_kernels::plain_run(at, end);
    ascii = ascii && run.ascii;
    at = run.end;
    if (at == end) break;
    size += escapes[static_cast<unsigned char>(*at)].size - 1u;
  }
  // Bad UTF-8 triples at most, when each byte becomes U+FFFD.
  return ascii ? size : size + 2 * text.size();
}

char* WriterBase::put_bad_text(char* out, std::string_view text, WriterState& state) {
  if (!state.strict) return text_kernels::quote(utf8::replaced(text), out);
  state.fail(ErrorCode::invalid_utf8, "Text that is not UTF-8");
  return out;
}

char* WriterBase::put_bytes(char* out, std::span<const std::byte> bytes) noexcept {
  *out++ = '"';
  out = base64::write(out, bytes);
  *out++ = '"';
  return out;
}

void WriterBase::ext(const Ext& ext) noexcept {
  put(R"({"$ext":)");
  cursor_ = write_number(cursor_, std::int64_t{ext.code});
  put(R"(,"data":)");
  bytes(ext.data);
  *cursor_++ = '}';
}

std::size_t WriterBase::value_key_bound(const Value& key, WriterState&) { return text_bound(key_of(key)); }

std::string WriterBase::key_of(const Value& key) {
  if (const auto* text = key.get_if<std::string>()) return *text;
  if (const auto* bytes = key.get_if<Bytes>()) return base64::encode(*bytes);
  if (const auto* ext = key.get_if<Ext>()) {
    char timestamp[timestamp_text_max];
    if (char* end = write_timestamp_text(timestamp, *ext)) return std::string(timestamp, end);
  }
  Buffer text;
  if (!format().append(key, text)) return {};
  return std::string(text.text());
}

}  // namespace structwire::json
