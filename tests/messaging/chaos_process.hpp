// SPDX-License-Identifier: Apache-2.0
#pragma once

// What chaos_worker and chaos_client have in common: what they say to each other, and the lines of JSON that they say to
// real_processes_test.py, which drives them.

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <structwire/contract/checksum.hpp>
#include <structwire/core/buffer.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/json.hpp>
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/stream_sockets.hpp>
#include <structwire/messaging/zeromq.hpp>

namespace chaos {

namespace sw = structwire;

/// What a client has a worker do; it shall happen once.
struct Effect {
  std::uint64_t id = 0;
  std::uint32_t wait_ms = 0;  ///< In the handler.
  sw::Bytes bytes;
  using wire = sw::Rules<sw::wire_policy>;
};
/// A contract of another version: the same handler takes this one.
struct OtherEffect {
  std::string name;
  std::uint64_t id = 0;
  using wire = sw::Rules<sw::wire_policy>;
};
struct Echoed {
  std::uint64_t id = 0;
  std::uint32_t checksum = 0;  ///< CRC-32C of `bytes`, as the handler has got them.
  sw::Bytes bytes;
  using wire = sw::Rules<sw::wire_policy>;
};

/// Over ZeroMQ, or over stream sockets where the test says so.
inline std::unique_ptr<sw::messaging::Transport> transport_of(bool stream_sockets, std::uint32_t redial_ms = 20,
                                                              std::uint32_t redial_longest_ms = 2000) {
  const std::chrono::milliseconds first(redial_ms);
  const std::chrono::milliseconds longest(redial_longest_ms);
  if (stream_sockets) {
    sw::messaging::StreamOptions options;
    options.redial_first = first;
    options.redial_longest = longest;
    return sw::messaging::stream_sockets(std::move(options));
  }
  sw::messaging::ZeromqOptions options;
  options.redial_first = first;
  options.redial_longest = longest;
  return sw::messaging::zeromq(std::move(options));
}

/// Lines at the end of a file, each by one write: what is there outlives a process that is killed.
class LineFile {
 public:
  explicit LineFile(const std::string& path)
      : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile() {
    if (file_ >= 0) ::close(file_);
  }
  bool is_open() const { return file_ >= 0; }
  /// Adds the end of the line.
  bool write(std::string line) const {
    line += '\n';
    return ::write(file_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }

 private:
  int file_;
};

/// A line on standard output; for any thread.
inline void print_line(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

struct Told {
  std::string event;
  std::string text;
};
inline void tell(std::string_view event, std::string_view text = {}) {
  print_line(sw::json::encode(Told{std::string(event), std::string(text)}));
}

inline int give_up(std::string_view why) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
  return 1;
}

}  // namespace chaos
