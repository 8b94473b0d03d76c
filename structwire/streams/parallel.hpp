// SPDX-License-Identifier: Apache-2.0
#pragma once

// Streams on several cores: values are decoded and encoded by many threads, and come in order.
//
//   auto done = sw::decode_in_parallel<sw::json::Codec, Record>(sw::read_from(file), [](Record&&
//   record) { … }); auto done = sw::encode_in_parallel<sw::json::Codec>(records,
//   sw::write_to(file));
//
// The outcome is that of StreamReader::for_each and StreamWriter::write_all to the byte: the same
// values or bytes, the same first error behind the same values. The calling thread calls source,
// sink, range and callback, and nobody else; other threads run what belongs to the types:
// validators, codecs, constructors. Memory: a few batches (InOrder::slots) of
// ParallelOptions::batch_bytes, or one value where that is larger.

#include <algorithm>
#include <cstddef>
#include <new>
#include <ranges>
#include <stdexcept>
#include <utility>
#include <vector>

#include <structwire/streams/feed.hpp>
#include <structwire/streams/in_order.hpp>
#include <structwire/streams/stream_writer.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

struct ParallelOptions {
  /// In all, with the calling one; 0: as many as the machine runs at once.
  unsigned threads = 0;
  /// What one thread gets at once, about: of input, or of output as far as can be foreseen.
  std::size_t batch_bytes = 64u << 10;
};

/// Cuts a source into batches of whole values, without decoding them.
template <class Codec>
class Splitter {
 public:
  using Reader = typename Codec::Reader;

  /// Values in their encoding, each with blanks behind it where its end was found.
  struct Batch {
    struct Value {
      std::size_t begin;   ///< In `bytes`.
      std::size_t end;     ///< Behind its last byte,
      std::size_t shown;   ///< and behind the blanks.
      std::size_t offset;  ///< In the input.
    };
    Buffer bytes;
    std::vector<Value> values;
    std::size_t first_index = 0;
    Error error;  ///< What ended the input behind them, if something did.
  };

  Splitter(Source source, const StreamOptions& stream, const DecodeOptions& options)
      : source_(std::move(source)),
        chunk_bytes_(stream.chunk_bytes),
        framing_(stream.framing),
        window_(framing_, options) {}

  /// False when the input has ended before.
  bool fill(Batch& batch, std::size_t bytes) {
    batch.bytes.clear();
    batch.values.clear();
    batch.error = Error();
    batch.first_index = window_.index();
    try {
      while (!ended_ && batch.bytes.size() < bytes) {
        if (const auto next = add_value(batch); !next) {
          batch.error = next.error();
          ended_ = true;
        } else if (*next == Next::end) {
          ended_ = true;
        }
      }
    } catch (const std::bad_alloc&) {
      batch.error = Error(ErrorCode::memory_exhausted, "No memory for the input of a stream");
      ended_ = true;
    }
    return !batch.values.empty() || batch.error;
  }

  const DecodeOptions& options() const noexcept { return window_.options(); }
  Framing framing() const noexcept { return framing_; }

 private:
  Result<Next> add_value(Batch& batch) {
    while (true) {
      const Result<Next> begun = window_.begin();
      if (!begun || *begun == Next::end) return begun;
      if (*begun == Next::value && window_.whole()) break;
      if (*begun == Next::value && window_.too_large(window_.size()))
        return std::unexpected(window_.size_error());
      if (auto read = read_more(); !read) return std::unexpected(std::move(read.error()));
    }
    const std::size_t size = window_.size();
    if (window_.too_large(size)) return std::unexpected(window_.size_error());
    const std::size_t begin = batch.bytes.size();
    batch.bytes.append(window_.bytes().first(size));
    if (window_.closed()) {
      batch.bytes.append(std::as_bytes(std::span(blanks)));
    } else {
      // The input has ended inside of it. There may be items announced behind it.
      ended_ = true;
    }
    batch.values.push_back({begin, begin + size, batch.bytes.size(), window_.offset()});
    window_.pass(size);
    return Next::value;
  }

  Result<void> read_more() {
    auto room = window_.room(chunk_bytes_);
    if (!room) return std::unexpected(std::move(room.error()));
    const Result<std::size_t> came = source_(*room);
    if (!came) return std::unexpected(came.error());
    STRUCTWIRE_ASSERT(*came <= room->size());
    if (*came == 0) {
      window_.finish();
    } else {
      window_.came(*came);
    }
    return {};
  }

  Source source_;
  std::size_t chunk_bytes_;
  Framing framing_;
  Window<Codec> window_;
  bool ended_ = false;
};

namespace parallel_detail {

/// A vector<T> of its own for T = bool, too.
template <class T>
struct Held {
  T value{};
};

template <class Codec, class T>
struct DecodeJob {
  typename Splitter<Codec>::Batch batch;
  std::vector<Held<T>>
      values;  ///< The first `decoded` are of this batch; the memory of all is used again.
  std::size_t decoded = 0;
  Error error;
};

template <class R, class Codec, class T>
bool decode_one(DecodeJob<Codec, T>& job, std::size_t number, const Splitter<Codec>& splitter) {
  const auto& place = job.batch.values[number];
  const auto shown = job.batch.bytes.bytes().subspan(place.begin, place.shown - place.begin);
  R reader(reader_input<R>(shown), splitter.options());
  bool decoded = (splitter.framing() == Framing::values || reader.enter(0)) &&
                 decode_value(reader, job.values[number].value);
  if (decoded && reader.offset() != place.end - place.begin) {
    decoded = reader.fail(ErrorCode::malformed, "A value that does not end where it is closed",
                          reader.offset());
  }
  if (decoded) return true;
  reader.in_item(job.batch.first_index + number);
  job.error = reader.take_error();
  move_offset(*job.error.detail(), place.offset);
  return false;
}

// The values up to the first error.
template <class R, class Codec, class T>
void decode_batch(DecodeJob<Codec, T>& job, const Splitter<Codec>& splitter) {
  const std::size_t count = job.batch.values.size();
  job.decoded = 0;
  job.error = Error();
  try {
    if (job.values.size() < count) job.values.resize(count);
    while (job.decoded < count && decode_one<R>(job, job.decoded, splitter)) ++job.decoded;
  } catch (const std::bad_alloc&) {
    job.error = Error(ErrorCode::memory_exhausted, "No memory for the decoded value");
  } catch (const std::length_error&) {
    job.error = Error(ErrorCode::memory_exhausted, "No memory for the decoded value");
  }
}

template <class Codec, class T, class Take>
Result<void> take_batch(DecodeJob<Codec, T>& job, Take& take) {
  for (std::size_t i = 0; i < job.decoded; ++i) take(std::move(job.values[i].value));
  if (job.error) return std::unexpected(std::move(job.error));
  if (job.batch.error) return std::unexpected(std::move(job.batch.error));
  return {};
}

/// Values to be encoded, and what became of them.
template <class T>
struct EncodeJob {
  std::vector<T> values;  ///< Pointers into the range where it is one that stays.
  Buffer bytes;
  std::size_t encoded = 0;
  std::size_t tail = 0;
  Error error;
};

template <class W, class T>
void encode_batch(EncodeJob<T>& job, Framing framing, const EncodeOptions& options) {
  job.bytes.clear();
  job.encoded = 0;
  job.error = Error();
  for (const T& held : job.values) {
    const auto& value = [&]() -> const auto& {
      if constexpr (std::is_pointer_v<T>) {
        return *held;
      } else {
        return held;
      }
    }();
    const Result<std::size_t> appended = append_framed<W>(value, framing, job.bytes, options);
    if (!appended) {
      job.error = appended.error();
      return;
    }
    job.tail = *appended;
    ++job.encoded;
  }
}

/// How many values make a batch, as far as those before tell.
class BatchSize {
 public:
  explicit BatchSize(std::size_t bytes) noexcept : wanted_(bytes) {}
  std::size_t values() const noexcept {
    constexpr std::size_t first = 16;
    if (values_ == 0) return first;
    return std::clamp<std::size_t>(wanted_ / (bytes_ / values_ + 1), 1, 65536);
  }
  void count(std::size_t values, std::size_t bytes) noexcept {
    values_ = values;
    bytes_ = bytes;
  }

 private:
  std::size_t wanted_;
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace parallel_detail

/// Calls take(T&&) with one value after another, in order and on this thread; values are decoded by
/// all threads. Ends with the first error, as StreamReader::for_each does: the same one, behind the
/// same values. Rules win over those of the structs. A T that borrows from its input is valid
/// during take().
template <class Codec, class T, auto... Rule, class Take>
Result<void> decode_in_parallel(Source source, Take&& take, const StreamOptions& stream = {},
                                const DecodeOptions& options = {},
                                const ParallelOptions& parallel = {}) {
  refuse_unset<T>();
  using R = typename ChooseReader<typename Codec::Reader, Rule...>::type;
  Splitter<Codec> splitter(std::move(source), stream, options);
  InOrder order;
  order.threads = parallel.threads;
  std::vector<parallel_detail::DecodeJob<Codec, T>> jobs(slot_count(order));
  order.fill = [&](std::size_t slot) {
    return splitter.fill(jobs[slot].batch, parallel.batch_bytes);
  };
  order.work = [&](std::size_t slot) { parallel_detail::decode_batch<R>(jobs[slot], splitter); };
  order.take = [&](std::size_t slot) { return parallel_detail::take_batch(jobs[slot], take); };
  return run_in_order(order);
}

/// Writes each value of a range, as StreamWriter::write_all and close() do; values are encoded by
/// all threads. After an error what stands in front of the value was given to the sink, and an
/// array has no end. The values of a forward range of references (a container) are read where they
/// stand, by all threads; others, those of a generator, are moved into batches first.
template <class Codec, auto... Rule, std::ranges::input_range Values>
Result<void> encode_in_parallel(Values&& values, Sink sink, const StreamOptions& stream = {},
                                const EncodeOptions& options = {},
                                const ParallelOptions& parallel = {}) {
  using Reference = std::ranges::range_reference_t<Values>;
  constexpr bool stays =
      std::ranges::forward_range<Values> && std::is_lvalue_reference_v<Reference>;
  using Held =
      std::conditional_t<stays, std::add_pointer_t<Reference>, std::ranges::range_value_t<Values>>;
  using Out = StreamWriter<Codec, Rule...>;
  Out out(std::move(sink), stream, options);
  InOrder order;
  order.threads = parallel.threads;
  std::vector<parallel_detail::EncodeJob<Held>> jobs(slot_count(order));
  parallel_detail::BatchSize batch(parallel.batch_bytes);
  auto next = std::ranges::begin(values);
  const auto end = std::ranges::end(values);
  order.fill = [&](std::size_t slot) {
    auto& held = jobs[slot].values;
    held.clear();
    for (std::size_t left = batch.values(); left != 0 && next != end; --left, ++next) {
      if constexpr (stays) {
        held.push_back(&*next);
      } else {
        held.push_back(*next);
      }
    }
    return !held.empty();
  };
  order.work = [&](std::size_t slot) {
    parallel_detail::encode_batch<typename Out::W>(jobs[slot], stream.framing, options);
  };
  order.take = [&](std::size_t slot) -> Result<void> {
    auto& job = jobs[slot];
    if (job.encoded != 0) batch.count(job.encoded, job.bytes.size());
    if (auto written = out.write_encoded(job.bytes.bytes(), job.encoded, job.tail); !written)
      return written;
    if (job.error) {
      static_cast<void>(out.flush());
      return std::unexpected(std::move(job.error));
    }
    return {};
  };
  if (auto run = run_in_order(order); !run) return run;
  return out.close();
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
