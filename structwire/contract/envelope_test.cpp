// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/envelope.hpp>

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include <structwire/contract/checksum.hpp>

namespace structwire {
namespace {

using namespace std::string_view_literals;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += "0123456789abcdef"[std::to_integer<std::size_t>(byte) >> 4];
    text += "0123456789abcdef"[std::to_integer<std::size_t>(byte) & 15];
  }
  return text;
}

Buffer sealed(const Envelope& envelope) {
  Buffer out;
  const auto appended = append_envelope(envelope, out);
  EXPECT_TRUE(appended) << appended.error().message();
  return out;
}

Envelope full(std::string_view payload) {
  Envelope envelope;
  envelope.format = EnvelopeFormat::msgpack;
  envelope.fingerprint = 0x0123456789abcdef;
  envelope.version = 300;
  envelope.payload = bytes_of(payload);
  return envelope;
}

TEST(Checksum, is_the_same_by_every_way) {
  std::mt19937_64 random(77);
  std::string text(20000, 0);
  for (char& c : text) c = static_cast<char>(random());
  std::vector<std::size_t> sizes = {20000, 1535, 1536, 1537, 3071, 3072, 3073, 4608};
  for (std::size_t size = 0; size < 40; ++size) sizes.push_back(size);
  for (int i = 0; i < 200; ++i) sizes.push_back(random() % text.size());
  for (const std::size_t size : sizes) {
    const std::size_t start = random() % 9 % (text.size() - size + 1);
    const auto part = bytes_of(std::string_view(text).substr(start, size));
    EXPECT_EQ(crc32c(part), crc32c_portable(part)) << size << " bytes from " << start << ", seed 77";
  }
}

// Of every part that may be there or not.
std::vector<Buffer> goldens() {
  std::vector<Buffer> all;
  for (unsigned parts = 0; parts < 4; ++parts) {
    for (const std::string_view payload : {""sv, "\x81\xa1" "a\x01"sv, "{\"a\":[1,2,3],\"b\":\"text\"}"sv}) {
      Envelope envelope;
      envelope.format = payload.starts_with('{') ? EnvelopeFormat::json : EnvelopeFormat::msgpack;
      if ((parts & 1) != 0) envelope.fingerprint = 0xfedcba9876543210;
      if ((parts & 2) != 0) envelope.version = 3;
      envelope.payload = bytes_of(payload);
      all.push_back(sealed(envelope));
    }
  }
  return all;
}

bool same(const Envelope& a, const Envelope& b) {
  return a.format == b.format && a.fingerprint == b.fingerprint && a.version == b.version && a.checksum == b.checksum &&
         a.compression == b.compression && a.dictionary == b.dictionary &&
         std::ranges::equal(a.payload, b.payload);
}

TEST(Checksum, gives_the_values_of_the_standards) {
  EXPECT_EQ(crc32c(bytes_of("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c(bytes_of("56789"), crc32c(bytes_of("1234"))), 0xE3069283u) << "goes on";
  EXPECT_EQ(crc32c({}), 0u);
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\0'))), 0x8A9136AAu) << "RFC 3720, B.4";
  EXPECT_EQ(crc32c(bytes_of(std::string(32, '\xff'))), 0x62A8AB43u) << "RFC 3720, B.4";
}

TEST(Envelope, is_the_bytes_that_its_page_draws) {
  EXPECT_EQ(hex(sealed(full("\x81\xa1" "a\x01"))), "c15357010258" "efcdab8967452301" "ac02" "81a16101" "e769bd9d");
  Envelope bare;
  bare.checksum = false;
  bare.payload = bytes_of("7");
  EXPECT_EQ(hex(sealed(bare)), "c1535701010037");
}

TEST(Envelope, comes_back_as_it_was) {
  const std::string payload = "\x93\x01\x02\x03";
  const Buffer bytes = sealed(full(payload));
  const auto opened = open_envelope(bytes);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE(same(*opened, full(payload)));
  EXPECT_EQ(describe_envelope(*opened),
            "structwire envelope 1: msgpack, fingerprint 0123456789abcdef, version 300, checksum right, payload of 4 bytes");
}

TEST(Envelope, refuses_every_truncation) {
  for (const Buffer& golden : goldens()) {
    for (std::size_t size = 0; size < golden.size(); ++size) {
      const auto opened = open_envelope(golden.bytes().first(size));
      ASSERT_FALSE(opened) << hex(golden) << " cut to " << size;
      EXPECT_LE(opened.error().offset().value_or(0), size);
    }
  }
}

TEST(Envelope, refuses_every_flipped_bit) {
  for (const Buffer& golden : goldens()) {
    for (std::size_t bit = 0; bit < golden.size() * 8; ++bit) {
      Buffer damaged = golden;
      damaged.data()[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
      EXPECT_FALSE(open_envelope(damaged)) << hex(golden) << " bit " << bit;
      EXPECT_FALSE(read_envelope(damaged));
    }
  }
}

TEST(Envelope, refuses_more_bytes_and_runs_of_damage) {
  std::mt19937_64 random(20260);
  for (const Buffer& golden : goldens()) {
    Buffer longer = golden;
    longer.append(bytes_of("x"));
    EXPECT_FALSE(open_envelope(longer));
    for (int round = 0; round < 200; ++round) {
      Buffer damaged = golden;
      const std::size_t at = random() % damaged.size();
      // CRC-32C finds every burst of up to 32 bits.
      for (std::size_t i = at; i < std::min(at + 4, damaged.size()); ++i) {
        damaged.data()[i] = static_cast<std::byte>(random());
      }
      const auto opened = open_envelope(damaged);
      if (damaged == golden) {
        EXPECT_TRUE(opened);
      } else {
        EXPECT_FALSE(opened) << hex(damaged) << " from seed 20260";
      }
    }
  }
}

TEST(Envelope, without_a_checksum_is_taken_only_from_who_says_so) {
  Envelope envelope = full("\x01");
  envelope.checksum = false;
  const Buffer bytes = sealed(envelope);
  const auto refused = open_envelope(bytes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "The envelope has no checksum");
  const auto opened = open_envelope(bytes, {.checksum_optional = true});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE(same(*opened, envelope));
  // Truncated inside its head, it is refused too.
  for (std::size_t size = 0; size < bytes.size() - 1; ++size) {
    EXPECT_FALSE(open_envelope(bytes.bytes().first(size), {.checksum_optional = true})) << size;
  }
}

TEST(Envelope, use_is_a_choice_of_the_reader) {
  const Buffer enveloped = sealed(full("\x01"));
  const Buffer bare("\x01");
  const auto open = [](const Buffer& bytes, EnvelopeUse use) {
    return open_stored(bytes, use, EnvelopeFormat::msgpack);
  };
  EXPECT_TRUE(open(enveloped, EnvelopeUse::required)->enveloped);
  EXPECT_EQ(open(bare, EnvelopeUse::required).error().message(), "Expected an envelope (c1 53 57), got 0x01");
  EXPECT_TRUE(open(enveloped, EnvelopeUse::optional)->enveloped);
  const auto taken = open(bare, EnvelopeUse::optional);
  EXPECT_FALSE(taken->enveloped);
  EXPECT_EQ(taken->format, EnvelopeFormat::msgpack);
  EXPECT_TRUE(std::ranges::equal(taken->payload, bare.bytes()));
  EXPECT_FALSE(open(bare, EnvelopeUse::forbidden)->enveloped);
  EXPECT_EQ(open(enveloped, EnvelopeUse::forbidden).error().message(),
            "Bytes in an envelope, where bare ones are expected");
}

TEST(Envelope, that_is_damaged_is_never_taken_for_bare_bytes) {
  Buffer damaged = sealed(full("\x01"));
  damaged.data()[2] ^= std::byte{1};
  const auto opened = open_stored(damaged, EnvelopeUse::optional, EnvelopeFormat::msgpack);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), ErrorCode::malformed);
}

TEST(Envelope, is_not_told_by_its_first_byte_in_protobuf) {
  EXPECT_FALSE(open_stored(bytes_of("\xC1SW"), EnvelopeUse::optional, EnvelopeFormat::protobuf));
  EXPECT_TRUE(open_stored(bytes_of("\xC1SW"), EnvelopeUse::forbidden, EnvelopeFormat::protobuf));
}

// With the checksum that belongs to the bytes, so that only what they say is wrong.
Result<Envelope> opened_with_checksum(std::string_view start) {
  Buffer bytes(start);
  const std::uint32_t sum = crc32c(bytes);
  for (int shift = 0; shift < 32; shift += 8) {
    const auto byte = static_cast<std::byte>(sum >> shift);
    bytes.append(std::span(&byte, 1));
  }
  return open_envelope(bytes);
}

TEST(Envelope, says_what_it_does_not_know) {
  const auto message = [](std::string_view start) {
    const auto opened = opened_with_checksum(start);
    return opened ? "opened" : opened.error().message();
  };
  EXPECT_EQ(message("\xC1SW\x01\x01\x40{}"sv), "opened");
  EXPECT_EQ(message("\xC1SW\x02\x01\x40{}"sv), "Envelope of version 2; 1 is known here");
  EXPECT_EQ(message("\xC1SW\x01\x0b\x40{}"sv), "Unknown format 11 in an envelope");
  EXPECT_EQ(message("\xC1SW\x01\x01\xc0{}"sv), "Unknown flag 0x80 in an envelope");
  EXPECT_EQ(message("\xC1SW\x01\x01\x46{}"sv), "Unknown compression 6 in an envelope");
  EXPECT_EQ(message("\xC1SW\x01\x01\x60{}"sv), "An envelope has a dictionary and no compression");
  EXPECT_EQ(message("\xC1SW\x01\x01\x42\x05{}"sv),
            "The envelope's payload is compressed (zstd), and nothing here decompresses");
  EXPECT_EQ(message("\xC1SW\x01\x01\x50\x80"sv), "The envelope ends inside its head");
  EXPECT_EQ(message("\xC1SW\x01\x01\x50\x83\x00{}"sv), "A number in the envelope's head is longer than needed");
  EXPECT_EQ(message("\xC1SW\x01\x01\x50\xff\xff\xff\xff\x1f{}"sv), "A number in the envelope's head is too large");
  EXPECT_EQ(message("\xC1SW\x01\x01\x40\xC1SW\x01\x01\x40{}"sv), "The payload of an envelope is an envelope itself");
}

TEST(Envelope, of_compressed_bytes_can_be_read_by_who_decompresses) {
  const auto opened = open_envelope(bytes_of("\xC1SW\x01\x01\x22\x80\x01\x07\x00\x00\x00zzz"sv),
                                    {.checksum_optional = true});
  EXPECT_FALSE(opened);
  const auto read = read_envelope(bytes_of("\xC1SW\x01\x01\x22\x80\x01\x07\x00\x00\x00zzz"sv), {.checksum_optional = true});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->raw_size, 128u);
  EXPECT_EQ(read->dictionary, 7u);
  EXPECT_EQ(read->payload.size(), 3u);
}

TEST(Envelope, has_a_limit) {
  Envelope envelope = full("12345");
  const auto opened = open_envelope(sealed(envelope), {.payload_bytes = 4});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), ErrorCode::size_limit);
}

TEST(Envelope, is_not_put_around_an_envelope) {
  const Buffer inner = sealed(full("1"));
  Envelope outer;
  outer.payload = inner.bytes();
  Buffer out("before");
  EXPECT_FALSE(append_envelope(outer, out));
  EXPECT_EQ(out.text(), "before");
}

}  // namespace
}  // namespace structwire
