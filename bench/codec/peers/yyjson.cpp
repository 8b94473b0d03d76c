// SPDX-License-Identifier: Apache-2.0

// yyjson: its DOM, and a walk over it into the struct that expects the members in their order and looks them
// up by name where they stand elsewhere.

#include <yyjson.h>

#include <array>
#include <concepts>
#include <cstring>
#include <limits>
#include <map>

#include <bench/codec/codec_row.hpp>
#include <bench/codec/shapes/reflect.hpp>

namespace codec_bench {
namespace {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// One scope each, so that every kind of member finds every other.
struct Walk {
  static bool read(yyjson_val* from, std::string& out) {
    if (!yyjson_is_str(from)) return false;
    out.assign(unsafe_yyjson_get_str(from), unsafe_yyjson_get_len(from));
    return true;
  }
  static bool read(yyjson_val* from, bool& out) {
    out = yyjson_get_bool(from);
    return yyjson_is_bool(from);
  }
  static bool read(yyjson_val* from, double& out) {
    out = yyjson_get_num(from);
    return yyjson_is_num(from);
  }
  template <std::signed_integral Integer>
  static bool read(yyjson_val* from, Integer& out) {
    if (!yyjson_is_int(from)) return false;
    if (yyjson_is_uint(from) && yyjson_get_uint(from) > static_cast<std::uint64_t>(std::numeric_limits<Integer>::max())) return false;
    const std::int64_t value = yyjson_get_sint(from);
    if (value < std::numeric_limits<Integer>::min()) return false;
    out = static_cast<Integer>(value);
    return true;
  }

  template <class T>
  static bool read(yyjson_val* from, std::optional<T>& out) {
    if (yyjson_is_null(from)) {
      out.reset();
      return true;
    }
    if (!out) out.emplace();
    return read(from, *out);
  }
  template <class T>
  static bool read(yyjson_val* from, std::vector<T>& out) {
    if (!yyjson_is_arr(from)) return false;
    out.resize(yyjson_arr_size(from));
    yyjson_val* item = unsafe_yyjson_get_first(from);
    for (T& value : out) {
      if (!read(item, value)) return false;
      item = unsafe_yyjson_get_next(item);
    }
    return true;
  }
  template <class T, std::size_t Size>
  static bool read(yyjson_val* from, std::array<T, Size>& out) {
    if (!yyjson_is_arr(from) || yyjson_arr_size(from) != Size) return false;
    yyjson_val* item = unsafe_yyjson_get_first(from);
    for (T& value : out) {
      if (!read(item, value)) return false;
      item = unsafe_yyjson_get_next(item);
    }
    return true;
  }
  template <class T>
  static bool read(yyjson_val* from, std::map<std::string, T>& out) {
    if (!yyjson_is_obj(from)) return false;
    out.clear();
    yyjson_obj_iter iterator = yyjson_obj_iter_with(from);
    while (yyjson_val* key = yyjson_obj_iter_next(&iterator)) {
      auto place = out.try_emplace(out.end(), std::string(unsafe_yyjson_get_str(key), unsafe_yyjson_get_len(key)));
      if (!read(yyjson_obj_iter_get_val(key), place->second)) return false;
    }
    return true;
  }

  template <Struct T>
  static bool read(yyjson_val* from, T& out) {
    if (!yyjson_is_obj(from)) return false;
    yyjson_obj_iter iterator = yyjson_obj_iter_with(from);
    bool good = true;
    for_each_member(out, [&]<class Member>(const char* name, Member& member) {
      if (!good) return;
      yyjson_val* value = yyjson_obj_iter_getn(&iterator, name, std::strlen(name));
      if (value != nullptr) {
        good = read(value, member);
      } else if constexpr (is_optional<Member>) {
        member.reset();
      } else {
        good = false;
      }
    });
    return good;
  }
};

struct Make {
  static yyjson_mut_val* write(yyjson_mut_doc* document, const std::string& value) {
    return yyjson_mut_strn(document, value.data(), value.size());
  }
  static yyjson_mut_val* write(yyjson_mut_doc* document, bool value) { return yyjson_mut_bool(document, value); }
  static yyjson_mut_val* write(yyjson_mut_doc* document, double value) { return yyjson_mut_real(document, value); }
  static yyjson_mut_val* write(yyjson_mut_doc* document, std::signed_integral auto value) { return yyjson_mut_sint(document, value); }

  template <class T>
  static yyjson_mut_val* write(yyjson_mut_doc* document, const std::optional<T>& value) {
    return value ? write(document, *value) : yyjson_mut_null(document);
  }
  static yyjson_mut_val* write_items(yyjson_mut_doc* document, const auto& items) {
    yyjson_mut_val* array = yyjson_mut_arr(document);
    for (const auto& item : items) yyjson_mut_arr_append(array, write(document, item));
    return array;
  }
  template <class T>
  static yyjson_mut_val* write(yyjson_mut_doc* document, const std::vector<T>& items) {
    return write_items(document, items);
  }
  template <class T, std::size_t Size>
  static yyjson_mut_val* write(yyjson_mut_doc* document, const std::array<T, Size>& items) {
    return write_items(document, items);
  }
  template <class T>
  static yyjson_mut_val* write(yyjson_mut_doc* document, const std::map<std::string, T>& entries) {
    yyjson_mut_val* object = yyjson_mut_obj(document);
    for (const auto& [key, value] : entries) {
      yyjson_mut_obj_add(object, write(document, key), write(document, value));
    }
    return object;
  }
  template <Struct T>
  static yyjson_mut_val* write(yyjson_mut_doc* document, const T& value) {
    yyjson_mut_val* object = yyjson_mut_obj(document);
    for_each_member(value, [&](const char* name, const auto& member) {
      yyjson_mut_obj_add(object, yyjson_mut_strn(document, name, std::strlen(name)), write(document, member));
    });
    return object;
  }
};

template <class T>
struct Codec {
  static constexpr bool reuses = true;
  static std::string prepare(std::string_view bytes) { return std::string(bytes); }

  Codec() = default;
  Codec(const Codec&) = delete;
  ~Codec() {
    if (out != nullptr) memory->free(memory->ctx, out);
    yyjson_alc_dyn_free(memory);
  }

  bool decode(const std::string& text, T& value) {
    yyjson_doc* document = yyjson_read_opts(const_cast<char*>(text.data()), text.size(), 0, memory, nullptr);
    const bool good = document != nullptr && Walk::read(yyjson_doc_get_root(document), value);
    yyjson_doc_free(document);
    return good;
  }
  std::optional<std::string_view> encode(const T& value) {
    if (out != nullptr) memory->free(memory->ctx, std::exchange(out, nullptr));
    yyjson_mut_doc* document = yyjson_mut_doc_new(memory);
    yyjson_mut_doc_set_root(document, Make::write(document, value));
    std::size_t size = 0;
    out = yyjson_mut_write_opts(document, 0, memory, &size, nullptr);
    yyjson_mut_doc_free(document);
    if (out == nullptr) return std::nullopt;
    return std::string_view(out, size);
  }

  yyjson_alc* memory = yyjson_alc_dyn_new();
  char* out = nullptr;
};

template <>
struct Codec<DocumentMessage> {};

}  // namespace

CODEC_BENCH_EXPORT void add_peers(const Samples& samples, std::vector<Peer>& peers) {
  Peer& peer = peers.emplace_back("yyjson", "json", YYJSON_VERSION_STRING, "DOM, typed walk in the members' order, allocator reused",
                                  "unknown keys, depth");
  add_rows<Codec>(samples, peer);
}

}  // namespace codec_bench
