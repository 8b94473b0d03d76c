// SPDX-License-Identifier: Apache-2.0
#include <bench/codec/limits.hpp>

#include <immintrin.h>

#include <cstring>

#include <bench/codec/codec_row.hpp>

namespace codec_bench {
namespace {

class LimitRow : public Row {
 public:
  using Row::Row;
  std::string check() override { return {}; }
};

class MemcpyRow final : public LimitRow {
 public:
  MemcpyRow(std::string shape, std::string_view text) : LimitRow(std::move(shape)), text_(text), out_(text.size(), ' ') {}
  bool can(Operation operation) const override { return operation == Operation::encode; }
  std::size_t encoded_bytes() const override { return text_.size(); }
  std::size_t input_bytes() const override { return text_.size(); }
  bool run(Operation, std::size_t times) override {
    for (; times > 0; --times) {
      touch(text_);
      std::memcpy(out_.data(), text_.data(), text_.size());
      touch(out_);
    }
    return true;
  }

 private:
  std::string_view text_;
  std::string out_;
};

// Compares every byte with one value, as wide as the processor can: less than any reader of text does.
std::size_t count_quotes(std::string_view text) {
  std::size_t count = 0;
  std::size_t at = 0;
#if defined(__AVX512BW__)
  const __m512i quote = _mm512_set1_epi8('"');
  for (; at + 64 <= text.size(); at += 64) {
    const __m512i block = _mm512_loadu_si512(text.data() + at);
    count += static_cast<std::size_t>(__builtin_popcountll(_mm512_cmpeq_epi8_mask(block, quote)));
  }
#elif defined(__AVX2__)
  const __m256i quote = _mm256_set1_epi8('"');
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    count += static_cast<std::size_t>(
        __builtin_popcount(static_cast<unsigned>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, quote)))));
  }
#endif
  for (; at < text.size(); ++at) count += text[at] == '"';
  return count;
}

class ScanRow final : public LimitRow {
 public:
  ScanRow(std::string shape, std::string_view text) : LimitRow(std::move(shape)), text_(text) {}
  bool can(Operation operation) const override { return operation == Operation::decode_fresh; }
  std::size_t encoded_bytes() const override { return text_.size(); }
  std::size_t input_bytes() const override { return text_.size(); }
  bool run(Operation, std::size_t times) override {
    for (; times > 0; --times) {
      touch(text_);
      std::size_t count = count_quotes(text_);
      touch(count);
    }
    return true;
  }

 private:
  std::string_view text_;
};

template <class T>
class ObjectRow final : public LimitRow {
 public:
  explicit ObjectRow(const Sample<T>& sample) : LimitRow(sample.shape), sample_(&sample) {}
  bool can(Operation operation) const override { return operation != Operation::encode; }
  std::size_t encoded_bytes() const override { return sample_->text.size(); }
  std::size_t input_bytes() const override { return sample_->text.size(); }
  bool run(Operation operation, std::size_t times) override {
    for (; times > 0; --times) {
      touch(const_cast<T&>(sample_->golden));
      if (operation == Operation::decode_fresh) {
        T copy = sample_->golden;
        touch(copy);
      } else {
        kept_ = sample_->golden;
        touch(kept_);
      }
    }
    return true;
  }

 private:
  const Sample<T>* sample_;
  T kept_{};
};

template <template <class> class MakeRow>
void add(const Samples& samples, std::vector<Peer>& peers, const char* format, const char* what) {
  Peer peer{"limit", format, "", what, "", {}};
  samples.for_each([&]<class T>(const Sample<T>& sample) { peer.rows.push_back(MakeRow<T>::make(sample)); });
  peers.push_back(std::move(peer));
}

template <class T>
struct MakeMemcpy {
  static auto make(const Sample<T>& sample) { return std::make_unique<MemcpyRow>(sample.shape, sample.text); }
};
template <class T>
struct MakeScan {
  static auto make(const Sample<T>& sample) { return std::make_unique<ScanRow>(sample.shape, sample.text); }
};
template <class T>
struct MakeObject {
  static auto make(const Sample<T>& sample) { return std::make_unique<ObjectRow<T>>(sample); }
};

}  // namespace

void add_limits(const Samples& samples, std::vector<Peer>& peers) {
  add<MakeMemcpy>(samples, peers, "memcpy", "the JSON text copied");
  add<MakeScan>(samples, peers, "scan", "one comparison of each byte of the JSON text, as wide as the processor can");
  add<MakeObject>(samples, peers, "object", "the object copied and destroyed; reused: assigned");
}

}  // namespace codec_bench
