// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writing structs: their members, tags and kept unknown fields (a part of core/encode.hpp).

#include <array>
#include <utility>

#include <structwire/core/encode.hpp>
#include <structwire/core/encode_order.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

template <class P, class W>
STRUCTWIRE_ALWAYS_INLINE void write_tag(W& writer) {
  if constexpr (P::tag.kind == TagKind::text) {
    writer.text(P::tag.text);
  } else {
    writer.write(P::tag.number);
  }
}

template <class P, std::size_t I, class W>
STRUCTWIRE_ALWAYS_INLINE void write_field(W& writer, const typename P::Struct& value) {
  if constexpr (I == P::tag_index) {
    writer.template member_key<P, I>();
    write_tag<P>(writer);
    writer.end_member();
  } else {
    const auto& member = P::template get<I>(value);
    if constexpr (requires { writer.template write_member<P, I>(member); }) {
      writer.template write_member<P, I>(member);
    } else {
      if constexpr (encode_detail::may_omit<W, P>) {
        if (!encode_detail::is_written<W, P, I>(value)) return;
      }
      writer.template member_key<P, I>();
      write_value<typename P::template MemberRules<I>>(writer, member);
      writer.end_member();
    }
  }
}

template <class W, class Entry>
void write_unknown_field(W& writer, const Entry& entry) {
  if constexpr (requires { writer.open_entry(); }) writer.open_entry();
  writer.text(entry.first);
  writer.end_key();
  write_value(writer, entry.second);
  writer.end_entry();
}

// In the order in which the options want the entries of maps.
template <class P, class W, class Write>
void each_unknown_field(W& writer, const typename P::Struct& value, Write write) {
  const auto& fields = P::unknown_fields(value);
  using Entry = typename std::remove_cvref_t<decltype(fields)>::value_type;
  in_order<std::string>(
      writer.state(), fields, [](const Entry& entry) -> const auto& { return entry.first; }, write);
}

// ---- sorted ----

/// Writers of keys, but for those that write members in a way of their own.
template <class W>
inline constexpr bool sorts_fields = W::traits.self_describing && !requires { &W::template write_member<void, 0, int>; };

/// A field of a struct as an entry of a map. Few programs sort, so there is one function for each type that members have,
/// not one for each member: a third of the code of encoding otherwise.
template <class W>
struct Field {
  std::string_view name;
  const void* value = nullptr;
  void (*write)(W&, const void*) = nullptr;  ///< Null where the field is not written.
};

template <class List, class W, class M>
STRUCTWIRE_COLD void write_field_value(W& writer, const void* member) {
  write_value<List>(writer, *static_cast<const M*>(member));
}

template <class P, std::size_t I, class W>
Field<W> field_of(const typename P::Struct& value) {
  if constexpr (I == P::tag_index) {
    return {P::tag.field, &value, [](W& writer, const void*) { write_tag<P>(writer); }};
  } else {
    if constexpr (encode_detail::may_omit<W, P>) {
      if (!encode_detail::is_written<W, P, I>(value)) return {};
    }
    const auto& member = P::template get<I>(value);
    using Member = std::remove_cvref_t<decltype(member)>;
    return {P::key(I), &member, &write_field_value<typename P::template MemberRules<I>, W, Member>};
  }
}

template <class W>
STRUCTWIRE_COLD void write_one_field(W& writer, const Field<W>& field) {
  if (field.write == nullptr) return;
  if constexpr (requires { writer.open_entry(); }) writer.open_entry();
  writer.text(field.name);
  writer.end_key();
  field.write(writer, field.value);
  writer.end_entry();
}

// What the struct keeps stands among its members, by name.
template <class P, class W>
STRUCTWIRE_COLD void write_fields_sorted(W& writer, const typename P::Struct& value) {
  const auto fields = [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Field<W>, P::key_count>{field_of<P, I, W>(value)...};
  }(std::make_index_sequence<P::key_count>{});
  std::size_t next = 0;
  if constexpr (P::keeps_unknown_fields) {
    each_unknown_field<P>(writer, value, [&](const auto& entry) {
      for (; next < P::key_count && P::key(P::sorted_keys[next]) <= entry.first; ++next) {
        write_one_field(writer, fields[P::sorted_keys[next]]);
      }
      write_unknown_field(writer, entry);
    });
  }
  for (; next < P::key_count; ++next) write_one_field(writer, fields[P::sorted_keys[next]]);
}

template <class P, class W, std::size_t... I>
STRUCTWIRE_ALWAYS_INLINE void write_each_field(W& writer, const typename P::Struct& value, std::index_sequence<I...>) {
  (write_field<P, I>(writer, value), ...);
}

template <class P, class W>
STRUCTWIRE_ALWAYS_INLINE void write_fields(W& writer, const typename P::Struct& value) {
  const std::size_t count = encode_detail::written_count<W, P>(value);
  writer.template open_struct<P>(count);
  if (P::key_count != 0 && sorts_fields<W> && writer.state().options.order == Order::sorted) [[unlikely]] {
    if constexpr (sorts_fields<W> && P::key_count != 0) {
      encode_detail::apart(writer, [&value](W& out) { write_fields_sorted<P>(out, value); });
    }
  } else {
    if constexpr (P::tagged && W::traits.self_describing) write_field<P, P::tag_index>(writer, value);
    write_each_field<P>(writer, value, typename P::Indices{});
    if constexpr (P::keeps_unknown_fields && W::traits.self_describing) {
      encode_detail::apart(writer, [&value](W& out) {
        each_unknown_field<P>(out, value, [&](const auto& entry) { write_unknown_field(out, entry); });
      });
    }
  }
  writer.template close_struct<P>(count);
}

// Every member, also what an object would leave out: nobody could tell which is missing.
template <class P, class W>
void write_struct_items(W& writer, const typename P::Struct& value) {
  writer.open_array(P::key_count);
  if constexpr (P::tagged) {
    write_tag<P>(writer);
    writer.end_item();
  }
  for_each_member<P>([&](auto index) {
    const auto& member = P::template get<index>(value);
    if constexpr (UnsetType<std::remove_cvref_t<decltype(member)>>) {
      if (!member && writer.state().strict) {
        writer.state().fail(ErrorCode::unsupported, "An unset member has no place in an array-like struct");
      }
    }
    write_value<typename P::template MemberRules<index>>(writer, member);
    writer.end_item();
  });
  writer.close_array(P::key_count);
}

/// While this lives, what is written is in deterministic order at least.
class DeterministicScope {
 public:
  explicit DeterministicScope(WriterState& state) noexcept : order_(state.options.order), kept_(order_) {
    if (order_ == Order::as_held) order_ = Order::deterministic;
    state.options.order = order_;
    state_ = &state;
  }
  ~DeterministicScope() { state_->options.order = kept_; }
  DeterministicScope(const DeterministicScope&) = delete;
  DeterministicScope& operator=(const DeterministicScope&) = delete;

 private:
  Order order_;
  Order kept_;
  WriterState* state_;
};

template <class P, class W>
STRUCTWIRE_ALWAYS_INLINE void write_struct_as_planned(W& writer, const typename P::Struct& value) {
  if constexpr (P::array_like && W::traits.self_describing) {
    write_struct_items<P>(writer, value);
  } else {
    write_fields<P>(writer, value);
  }
}

template <class W, class T>
STRUCTWIRE_ALWAYS_INLINE void write_struct(W& writer, const T& value) {
  using P = PlanIn<W, T>;
  if constexpr (P::deterministic) {
    const DeterministicScope scope(writer.state());
    write_struct_as_planned<P>(writer, value);
  } else {
    write_struct_as_planned<P>(writer, value);
  }
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
