// SPDX-License-Identifier: Apache-2.0
#pragma once

// Credit: how much a sender may have on its way to one peer, in messages and in bytes. The receiver grants it as its
// handlers drain, so what it has to hold is bounded by what it granted, whatever the sender does.
//
// Both sides count from the start of the connection and a grant is a total, not a difference: one that is lost, repeated
// or overtaken does no harm (the idea of TCP's window and of QUIC's MAX_DATA, RFC 9000 section 4.1).

#include <algorithm>
#include <cstdint>

namespace structwire::messaging {

struct Amount {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const Amount&, const Amount&) = default;
};

/// At the sender: may one more go out?
class CreditToSend {
 public:
  /// Totals that the receiver has granted; smaller ones are late and change nothing.
  void grant(Amount total) noexcept {
    granted_.messages = std::max(granted_.messages, total.messages);
    granted_.bytes = std::max(granted_.bytes, total.bytes);
  }
  /// A message larger than the whole window is never covered: Agreement::payload_bytes_max keeps such from being sent.
  bool covers(std::uint64_t bytes) const noexcept {
    return used_.messages < granted_.messages && used_.bytes + bytes <= granted_.bytes;
  }
  /// Takes the credit of one message; false, and nothing is taken, where there is none.
  bool take(std::uint64_t bytes) noexcept {
    if (!covers(bytes)) return false;
    ++used_.messages;
    used_.bytes += bytes;
    return true;
  }
  Amount left() const noexcept {
    return {granted_.messages - used_.messages, granted_.bytes - used_.bytes};
  }

 private:
  Amount granted_;
  Amount used_;
};

/// At the receiver: what was granted, what came, what is still held.
class CreditToGrant {
 public:
  explicit CreditToGrant(Amount window) noexcept : window_(window), granted_(window) {}

  /// A message came. False, and it is not counted, for one that no credit covers: its sender does not keep the protocol.
  bool receive(std::uint64_t bytes) noexcept {
    if (received_.messages >= granted_.messages || bytes > granted_.bytes - received_.bytes) return false;
    ++received_.messages;
    received_.bytes += bytes;
    return true;
  }
  /// A message is held no longer: its handler is done with it, and no view of it is left.
  void release(std::uint64_t bytes) noexcept { release(Amount{1, bytes}); }
  void release(Amount amount) noexcept {
    released_.messages += amount.messages;
    released_.bytes += amount.bytes;
  }
  /// The totals to grant now, when that is worth a message: half a window more than before. `grant_due` says so.
  bool grant_due() const noexcept {
    const Amount total = to_grant();
    return total.messages - granted_.messages >= std::max<std::uint64_t>(window_.messages / 2, 1) ||
           total.bytes - granted_.bytes >= std::max<std::uint64_t>(window_.bytes / 2, 1);
  }
  Amount grant() noexcept { return granted_ = to_grant(); }
  Amount granted() const noexcept { return granted_; }
  Amount held() const noexcept {
    return {received_.messages - released_.messages, received_.bytes - released_.bytes};
  }
  /// From now on. What was granted stays granted: a smaller window comes into force as messages are released.
  void resize(Amount window) noexcept { window_ = window; }

 private:
  Amount to_grant() const noexcept {
    return {std::max(granted_.messages, released_.messages + window_.messages),
            std::max(granted_.bytes, released_.bytes + window_.bytes)};
  }

  Amount window_;
  Amount granted_;
  Amount received_;
  Amount released_;
};

}  // namespace structwire::messaging
