// SPDX-License-Identifier: Apache-2.0
#pragma once

// The timed loops, the same for every library. A library's file supplies
//
//   template <class T>
//   struct Codec {
//     static constexpr bool reuses;                  // decode() into an object that holds something already
//     static Input prepare(std::string_view bytes);  // how the library wants its input
//     bool decode(const Input&, T& value);
//     std::optional<std::string_view> encode(const T&);  // into memory that is used again
//   };

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <bench/codec/peer.hpp>

namespace codec_bench {

/// The compiler must assume that the object is read and written here.
template <class T>
inline void touch(T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

template <class Codec, class T>
class CodecRow final : public Row {
 public:
  CodecRow(std::shared_ptr<const Sample<T>> sample, bool is_json)
      : Row(sample->shape), sample_(std::move(sample)), is_json_(is_json) {
    encoded_ = std::string(encode_golden());
    input_.emplace(Codec::prepare(is_json ? std::string_view(sample_->text) : encoded_));
    input_bytes_ = is_json ? sample_->text.size() : encoded_.size();
  }

  bool can(Operation operation) const override {
    return operation != Operation::decode_reused || Codec::reuses;
  }
  std::size_t encoded_bytes() const override { return encoded_.size(); }
  std::size_t input_bytes() const override { return input_bytes_; }

  std::string check() override {
    try {
      if (!codec_.decode(*input_, kept_)) return "does not decode its input";
      if (!(kept_ == sample_->golden)) return "decodes something else";
      if (Codec::reuses && (!codec_.decode(*input_, kept_) || !(kept_ == sample_->golden))) {
        return "decodes something else into a used object";
      }
      T back{};
      const auto own_input = Codec::prepare(encoded_);
      if (!codec_.decode(own_input, back) || !(back == sample_->golden)) return "does not read what it wrote";
      if (is_json_ && sample_->read_json != nullptr && !(sample_->read_json(encoded_) == sample_->golden)) return "writes something else";
      return {};
    } catch (const std::exception& error) {
      return std::string("throws: ") + error.what();
    }
  }

  bool run(Operation operation, std::size_t times) override {
    switch (operation) {
      case Operation::decode_fresh: return decode_fresh(times);
      case Operation::decode_reused: return decode_reused(times);
      case Operation::encode: return encode(times);
    }
    return false;
  }

 private:
  std::string_view encode_golden() { return codec_.encode(sample_->golden).value_or(std::string_view{}); }

  [[gnu::noinline]] bool decode_fresh(std::size_t times) {
    bool good = true;
    for (; times > 0; --times) {
      T value{};
      good &= codec_.decode(*input_, value);
      touch(value);
    }
    return good;
  }
  [[gnu::noinline]] bool decode_reused(std::size_t times) {
    bool good = true;
    for (; times > 0; --times) {
      good &= codec_.decode(*input_, kept_);
      touch(kept_);
    }
    return good;
  }
  [[gnu::noinline]] bool encode(std::size_t times) {
    bool good = true;
    for (; times > 0; --times) {
      touch(const_cast<T&>(sample_->golden));
      auto text = codec_.encode(sample_->golden);
      good &= text.has_value();
      touch(text);
    }
    return good;
  }

  std::shared_ptr<const Sample<T>> sample_;
  bool is_json_;
  Codec codec_;
  std::string encoded_;
  std::optional<decltype(Codec::prepare(std::string_view{}))> input_;
  std::size_t input_bytes_ = 0;
  T kept_{};
};

#if defined(CODEC_BENCH_COMPILE_COST)

// What a program would compile (compile_cost.py): decoding and encoding of the seven roots of the 33 structs, and
// nothing of the loops above.
template <class Codec, class T>
[[gnu::used, gnu::noinline]] inline bool decode_one(Codec& codec, const decltype(Codec::prepare({}))& input, T& value) {
  return codec.decode(input, value);
}
template <class Codec, class T>
[[gnu::used, gnu::noinline]] inline std::optional<std::string_view> encode_one(Codec& codec, const T& value) {
  return codec.encode(value);
}
inline const void* volatile kept_function;

template <template <class> class Codec>
void add_rows(const Samples&, Peer&) {
  const auto keep = []<class... T>(std::type_identity<T>...) {
    ((kept_function = reinterpret_cast<const void*>(&decode_one<Codec<T>, T>)), ...);
    ((kept_function = reinterpret_cast<const void*>(&encode_one<Codec<T>, T>)), ...);
  };
  keep(std::type_identity<WorkerMsg>{}, std::type_identity<CrossUpdate>{}, std::type_identity<Snapshot>{},
       std::type_identity<TwDoc>{}, std::type_identity<TsDoc>{}, std::type_identity<CaDoc>{}, std::type_identity<CiDoc>{});
}
template <template <class> class Codec, class MakePiece>
void add_update_rows(const Samples&, Peer&, MakePiece&&) {}

#else

/// A row for each sample whose type the library carries.
template <template <class> class Codec>
void add_rows(const Samples& samples, Peer& peer) {
  samples.for_each([&]<class T>(const Sample<T>& sample) {
    if constexpr (requires { Codec<T>::reuses; }) {
      // The samples outlive the rows; this one is not owned.
      const std::shared_ptr<const Sample<T>> borrowed(std::shared_ptr<void>(), &sample);
      peer.rows.push_back(std::make_unique<CodecRow<Codec<T>, T>>(borrowed, peer.format == "json"));
    }
  });
}

/// The documents' updates, for a library that has a type for undecoded pieces: make_piece makes one of JSON text.
template <template <class> class Codec, class MakePiece>
void add_update_rows(const Samples& samples, Peer& peer, MakePiece&& make_piece) {
  using Update = DocumentUpdate<decltype(make_piece(std::string()))>;
  for (const Sample<DocumentUpdate<std::string>>& given : samples.document_updates) {
    const DocumentUpdate<std::string>& from = given.golden;
    auto sample = std::make_shared<Sample<Update>>(given.shape, given.text, Update{}, nullptr);
    sample->golden = {from.source_worker_id, from.target_worker_id, from.update_type, {}, from.timestamp, from.causal_clock, from.depth};
    for (const auto& [key, text] : from.payload) sample->golden.payload.emplace(key, make_piece(text));
    peer.rows.push_back(std::make_unique<CodecRow<Codec<Update>, Update>>(sample, peer.format == "json"));
  }
}

#endif

}  // namespace codec_bench
