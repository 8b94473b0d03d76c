// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arrays, tuples, sets, maps and values without a type (a part of contract/reader/schema_walk.hpp).

#include <algorithm>

#include <structwire/contract/reader/schema_walk.hpp>
#include <structwire/core/raw.hpp>

namespace structwire::contract::schema_reading {

// A key that stands as text is read by a reader that has no containers.
template <class R>
bool Walk<R>::no_container() {
  return reader_.fail(ErrorCode::unsupported, "A key of this type does not stand as text", reader_.offset());
}

template <class R>
bool Walk<R>::dynamic(Value& out) {
  if constexpr (has_containers) {
    return decode_dynamic(reader_, out);
  } else {
    return reader_.read_scalar(out);
  }
}

template <class R>
bool Walk<R>::raw(Value& out) {
  if constexpr (has_containers) {
    Raw read;
    if (!reader_.capture(read)) return false;
    out = read.nearest();
    return true;
  } else {
    return no_container();
  }
}

template <class R>
bool Walk<R>::array(const Type& type, Value& out) {
  if constexpr (has_containers) {
    typename R::ArrayScope scope;
    if (!reader_.enter(reader_.offset()) || !reader_.open_array(scope)) return false;
    Value::Array items;
    while (reader_.more_items(scope)) {
      if (!grow_by_one(reader_, items)) return false;
      if (!value(type.parts.front(), items.back())) return reader_.in_item(items.size() - 1);
    }
    if (reader_.failed()) return false;
    reader_.leave();
    out = Value(std::move(items));
    return true;
  } else {
    return no_container();
  }
}

template <class R>
template <class Mark>
bool Walk<R>::name_length(const Type& type, const Mark& array) {
  if constexpr (has_containers && tells_length_first) {
    Error refused = reader_.take_error();
    if (!ReaderState::can_go_on_after(refused.code())) return reader_.adopt(std::move(refused));
    reader_.rewind(array);
    const std::size_t start = reader_.offset();
    typename R::ArrayScope scope;
    const bool is_open = reader_.peek() == Kind::array && reader_.open_array(scope);
    reader_.clear_error();
    if (!is_open) return reader_.adopt(std::move(refused));
    const auto broken = [&](const char* comparison, std::size_t length) {
      return reader_.violated(ErrorCode::constraint_violated, check::length_condition("`array`", comparison, length),
                              start);
    };
    const TypeSchema& rules = *type.schema;
    if (rules.min_length && scope.announced < *rules.min_length) return broken(">=", *rules.min_length);
    if (rules.max_length && scope.announced > *rules.max_length) return broken("<=", *rules.max_length);
    return reader_.adopt(std::move(refused));
  } else {
    return false;
  }
}

// The same item twice is one item.
template <class R>
bool Walk<R>::set(const Type& type, Value& out) {
  if (!array(type, out)) return false;
  auto& items = *out.get_if<Value::Array>();
  const Type& item = type.parts.front();
  std::ranges::stable_sort(items, [&](const Value& a, const Value& b) { return order(item, a, b) < 0; });
  const auto again = std::ranges::unique(items, [&](const Value& a, const Value& b) { return order(item, a, b) == 0; });
  items.erase(again.begin(), again.end());
  return true;
}

template <class R>
bool Walk<R>::fixed_items(const Type& type, Value& out) {
  if constexpr (has_containers) {
    const std::size_t size = type.schema->size ? *type.schema->size : type.parts.size();
    const std::size_t start = reader_.offset();
    typename R::ArrayScope scope;
    if (!reader_.enter(start) || !reader_.open_array(scope)) return false;
    if constexpr (requires { scope.announced; }) {
      if (scope.announced != size) return refuse_length(reader_, scope, "of length", size, start);
    }
    Value::Array items;
    bool fits = true;
    while (items.size() < size) {
      fits = reader_.more_items(scope);
      if (!fits) break;
      const Type& item = type.parts[type.schema->size ? 0 : items.size()];
      if (!grow_by_one(reader_, items)) return false;
      if (!value(item, items.back())) return reader_.in_item(items.size() - 1);
    }
    if (reader_.failed()) return false;
    reader_.leave();
    if (!fits || reader_.more_items(scope)) return refuse_length(reader_, scope, "of length", size, start);
    out = Value(std::move(items));
    return !reader_.failed();
  } else {
    return no_container();
  }
}

// ---- maps ----

template <class R>
bool Walk<R>::text_key(const Type& type, Value& out) {
  if (!type.is_text_key()) return no_container();
  const std::size_t start = reader_.offset();
  std::string_view read;
  if (!reader_.read_text(read)) return false;
  if (type.kind == TypeKind::any) {
    out = Value(read);
    return true;
  }
  KeyReader key_reader(read, reader_.options(), start);
  return Walk<KeyReader>(key_reader, maker_).value(type, out) || reader_.adopt(key_reader.take_error());
}

template <class R>
bool Walk<R>::key(const Type& type, Value& out) {
  if (type.kind == TypeKind::text && !type.is_constrained) return text(out);
  if constexpr (R::traits.text_keys) {
    return text_key(type, out);
  } else {
    const bool may_be_text = reader_.options().text_keys && type.is_text_key() && !is_text_scalar(type.kind);
    return may_be_text && reader_.peek() == Kind::text ? text_key(type, out) : value(type, out);
  }
}

template <class R>
std::string Walk<R>::shown_key(const Type& type, const Value& key) const {
  if (!reader_.options().keys_in_paths || !type.is_text_key()) return {};
  const auto* text = key.get_if<std::string>();
  if (type.kind == TypeKind::any) return text == nullptr ? std::string() : shown_key_text(*text);
  if (type.kind == TypeKind::text) return shown_key_text(*text);
  const auto* bytes = key.get_if<Bytes>();
  if (bytes == nullptr || type.kind != TypeKind::bytes) return dynamic_key_text(key);
  switch (type.schema->bytes_text) {
    case BytesStyle::hex: return bytes_text<BytesStyle::hex>(*bytes);
    case BytesStyle::base64url: return bytes_text<BytesStyle::base64url>(*bytes);
    case BytesStyle::base64: break;
  }
  return bytes_text<BytesStyle::base64>(*bytes);
}

// The same key twice: the first one stays, with the last value.
template <class R>
bool Walk<R>::map(const Type& type, Value& out) {
  if constexpr (has_containers) {
    const Type& keys = type.parts[0];
    typename R::MapScope scope;
    if (!reader_.enter(reader_.offset()) || !reader_.open_map(scope)) return false;
    Value::Map entries;
    while (reader_.more_entries(scope)) {
      if (!grow_by_one(reader_, entries)) return false;
      if (!key(keys, entries.back().key)) return reader_.in_map_key();
      if (!reader_.close_key(scope)) return false;
      if (!value(type.parts[1], entries.back().value)) return reader_.in_map_value(shown_key(keys, entries.back().key));
    }
    if (reader_.failed()) return false;
    reader_.leave();
    std::ranges::stable_sort(entries, [&](const Value::Entry& a, const Value::Entry& b) {
      return order(keys, a.key, b.key) < 0;
    });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (order(keys, entries[kept].key, entries[i].key) == 0) {
        entries[kept].value = std::move(entries[i].value);
      } else if (++kept != i) {
        entries[kept] = std::move(entries[i]);
      }
    }
    if (!entries.empty()) entries.resize(kept + 1);
    out = Value(std::move(entries));
    return true;
  } else {
    return no_container();
  }
}

}  // namespace structwire::contract::schema_reading
