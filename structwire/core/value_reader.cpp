// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/value_reader.hpp>

#include <string>

#include <structwire/core/base64.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/utf8.hpp>

namespace structwire {

Kind ValueReaderBase::peek() const noexcept {
  if (current_->is_null()) return Kind::null;
  if (current_->get_if<bool>() != nullptr) return Kind::boolean;
  if (current_->get_if<double>() != nullptr) return Kind::floating;
  if (current_->get_if<std::string>() != nullptr) return Kind::text;
  if (current_->get_if<Bytes>() != nullptr) return Kind::bytes;
  if (current_->get_if<Ext>() != nullptr) return Kind::ext;
  if (current_->get_if<Value::Array>() != nullptr) return Kind::array;
  if (current_->get_if<Value::Map>() != nullptr) return Kind::object;
  return Kind::integer;
}

bool ValueReaderBase::refuse(KindSet expected) {
  return mismatch(expected, name_of(peek()), no_offset);
}

bool ValueReaderBase::out_of_range(bool above, std::int64_t low, std::uint64_t high) {
  return violated(ErrorCode::number_out_of_range,
                  above ? "`int` <= " + std::to_string(high) : "`int` >= " + std::to_string(low),
                  no_offset);
}

bool ValueReaderBase::read_scalar(Value& out) {
  if (const auto* text = current_->get_if<std::string>()) progress_ += text->size();
  if (const auto* bytes = current_->get_if<Bytes>()) progress_ += bytes->size();
  if (const auto* ext = current_->get_if<Ext>()) progress_ += ext->data.size();
  out = *current_;
  return true;
}

bool ValueReaderBase::capture(Raw& out) {
  if (options().raw_format == nullptr) {
    return fail(ErrorCode::unsupported, "A Raw member needs DecodeOptions::raw_format", no_offset);
  }
  Buffer bytes;
  if (auto written = options().raw_format->append(*current_, bytes); !written) {
    return fail(written.error().code(), written.error().message(), no_offset);
  }
  progress_ += bytes.size();
  out = Raw::trusted(*options().raw_format, std::move(bytes));
  return true;
}

bool ValueReaderBase::read(bool& out) {
  const auto* boolean = current_->get_if<bool>();
  if (boolean == nullptr) return refuse(Kind::boolean);
  out = *boolean;
  return true;
}

bool ValueReaderBase::read(double& out) {
  if (const auto* number = current_->get_if<double>()) {
    out = *number;
  } else if (const auto* integer = current_->get_if<std::int64_t>()) {
    out = static_cast<double>(*integer);
  } else if (const auto* large = current_->get_if<std::uint64_t>()) {
    out = static_cast<double>(*large);
  } else {
    return refuse(Kind::floating);
  }
  return true;
}

bool ValueReaderBase::read(float& out) {
  double wide = 0;
  if (!read(wide)) return false;
  out = static_cast<float>(wide);
  // A finite double that overflows float is no value of this member.
  if (out - out != 0 && wide - wide == 0) {
    return fail(ErrorCode::number_out_of_range, "Number out of range", no_offset);
  }
  return true;
}

bool ValueReaderBase::read_text(std::string_view& out) {
  const auto* text = current_->get_if<std::string>();
  if (text == nullptr) return refuse(Kind::text);
  if (text->size() > limits().string_bytes) {
    return fail(ErrorCode::size_limit, "Text longer than the limit", no_offset);
  }
  progress_ += text->size();
  if (!utf8::is_valid(*text))
    return fail(ErrorCode::invalid_utf8, "Text that is not UTF-8", no_offset);
  out = *text;
  return true;
}

bool ValueReaderBase::read_bytes_view(std::span<const std::byte>& out) {
  const auto* bytes = current_->get_if<Bytes>();
  if (bytes == nullptr) return refuse(Kind::bytes);
  if (bytes->size() > limits().string_bytes) {
    return fail(ErrorCode::size_limit, "Bytes longer than the limit", no_offset);
  }
  progress_ += bytes->size();
  out = *bytes;
  return true;
}

template <class Target>
bool ValueReaderBase::read_base64(Target& out) {
  std::string_view text;
  if (!read_text(text)) return false;
  return base64::decode(text, out) || fail(ErrorCode::invalid_text, "Invalid base64 encoded string", no_offset);
}

bool ValueReaderBase::read_bytes(Bytes& out) {
  if (peek() == Kind::text) return read_base64(out);
  std::span<const std::byte> view;
  if (!read_bytes_view(view)) return false;
  out.assign(view.begin(), view.end());
  return true;
}

bool ValueReaderBase::read_bytes(Buffer& out) {
  if (peek() == Kind::text) return read_base64(out);
  std::span<const std::byte> view;
  if (!read_bytes_view(view)) return false;
  out = Buffer(view);
  return true;
}

bool ValueReaderBase::open_array(ArrayScope& scope) {
  const auto* items = current_->get_if<Value::Array>();
  if (items == nullptr) return refuse(Kind::array);
  if (items->size() > limits().container_items) {
    return fail(ErrorCode::size_limit, "More items than the limit", no_offset);
  }
  scope = {items->data(), items->data() + items->size(), items->size(), items->size()};
  return true;
}

bool ValueReaderBase::open_map(MapScope& scope) {
  const auto* entries = current_->get_if<Value::Map>();
  if (entries == nullptr) return refuse(Kind::object);
  if (entries->size() > limits().container_items) {
    return fail(ErrorCode::size_limit, "More entries than the limit", no_offset);
  }
  scope = {entries->data(), entries->data() + entries->size(), entries->size()};
  return true;
}

}  // namespace structwire
