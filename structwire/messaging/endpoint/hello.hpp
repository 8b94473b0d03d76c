// SPDX-License-Identifier: Apache-2.0
#pragma once

// What two peers tell each other once, when they meet, so that no message has to: who they are, what they understand,
// which handlers they have and how much they take. The payload of a `hello` and of its `hello_ack`, in MessagePack.
//
//   dialler  -- hello -->  listener       the dialler speaks first, before anything else on the connection
//   dialler  <-- hello_ack --             what both can do is then known to both: agree(mine, theirs)
//
// Later versions add members; older peers pass over them. A feature is on when both have it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/core/buffer.hpp>
#include <structwire/core/enum_table.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::messaging {

/// How the messages of a handler may run beside each other.
enum class Ordering : std::uint8_t { none, by_key, by_sender, global };

}  // namespace structwire::messaging

template <>
inline constexpr auto structwire::enum_values<structwire::messaging::Ordering> = [] {
  using enum structwire::messaging::Ordering;
  return structwire::by_name<none, by_key, by_sender, global>;
}();

namespace structwire::messaging {

/// A row of a peer's handler table.
struct HandlerEntry {
  std::string name;
  std::uint32_t slot = 0;      ///< Headers name the handler by it; not 0.
  std::uint64_t request = 0;   ///< Wire fingerprint of what it takes; 0: any bytes.
  std::uint64_t response = 0;  ///< Of what it returns; 0: nothing, or any bytes.
  std::vector<std::uint64_t> accepts;  ///< Further request fingerprints, such as those of older versions.
  bool idempotent = false;
  Ordering ordering = Ordering::none;

  bool operator==(const HandlerEntry&) const = default;
  using wire = Rules<wire_policy, defaulted_from<&HandlerEntry::request>,
                     member<&HandlerEntry::accepts, max_length(64)>>;
};

/// Features are bits; a bit that is not listed here belongs to a later version and is off.
enum class Feature : std::uint64_t {
  batches = 1u << 0,
  selective_acks = 1u << 1,
  compression_lz4 = 1u << 2,
  compression_zstd = 1u << 3,
  traces = 1u << 4,
  acks_of_many = 1u << 5,  ///< ExtensionType::done_too.
};

struct Hello {
  Uuid instance;                  ///< The program's; stays over reconnects.
  std::uint64_t incarnation = 0;  ///< Of this start of it.
  std::string name;               ///< For people.
  std::uint8_t minor_max = 0;     ///< Of the protocol; the major one stands in the header.
  std::uint64_t features = 0;
  std::vector<std::uint8_t> formats;  ///< Of payloads that it reads, best first.
  std::uint64_t payload_bytes_max = 0;
  /// What it has granted in this session, as totals; more comes with acknowledgements.
  std::uint64_t credit_messages = 0;
  std::uint64_t credit_bytes = 0;
  std::uint32_t heartbeat_ms = 1000;
  /// Which of the dialler's connections to this peer: one session each. A session outlives its links; either side draws
  /// a new number when it begins one, and one that both still know is gone on with.
  std::uint64_t channel = 0;
  std::uint64_t session = 0;        ///< Of who speaks; message ids of this session carry it.
  std::uint64_t peer_session = 0;   ///< Of who is spoken to, where it is known; else 0: begin anew.
  std::uint64_t received = 0;       ///< The sequence that is expected next: what is behind it is sent again.
  std::uint64_t table = 0;          ///< Counts the changes of `handlers`: an older table that comes late is passed over.
  std::vector<HandlerEntry> handlers;
  bool more_handlers = false;       ///< It may have others than `handlers` tells: they are called by their names.

  bool operator==(const Hello&) const = default;
  using wire =
      Rules<wire_policy, defaulted_from<&Hello::name>, member<&Hello::name, max_length(256)>,
            member<&Hello::formats, max_length(32)>, member<&Hello::handlers, max_length(4096)>>;
};

/// What two peers do together.
struct Agreement {
  std::uint8_t minor = 0;
  std::uint64_t features = 0;
  std::vector<std::uint8_t> formats;    ///< That both read, best first for who asks.
  std::uint64_t payload_bytes_max = 0;  ///< Of a message to the other one.
  std::uint32_t heartbeat_ms = 0;

  bool has(Feature feature) const noexcept {
    return (features & static_cast<std::uint64_t>(feature)) != 0;
  }
  bool operator==(const Agreement&) const = default;
};

/// What `mine` may do towards `theirs`. Errors: unsupported when there is no format that both read.
Result<Agreement> agree(const Hello& mine, const Hello& theirs);

Buffer encode_hello(const Hello& hello);
/// Errors: those of decoding; unsupported for handlers that share a slot or have slot 0.
Result<Hello> decode_hello(std::span<const std::byte> payload);

}  // namespace structwire::messaging
