// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the programs of the comparison have in common. Each is one way of sending messages between two processes:
//
//   messages_zeromq server tcp copy 64             tells its address, then answers `reset`, `stats`, `quit`
//   messages_zeromq client tcp copy 64 ADDRESS     answers `SCENARIO MILLISECONDS` with one line of JSON
//
// A message is a number and so many bytes; the server sends both back, or nothing where the number says so. The driver
// (driver.cpp) is the same for all: it starts, waits, takes the times.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace messages_bench {

using Clock = std::chrono::steady_clock;

/// In a message's number: no reply is wanted.
inline constexpr std::uint64_t one_way = std::uint64_t{1} << 63;

struct Setting {
  std::string transport;  ///< tcp, ipc, curve: tcp with CURVE; stream_tcp, stream_ipc: without libzmq.
  std::string way;        ///< What the program offers beside its usual one.
  std::size_t size = 0;   ///< Of the payload.
  std::string address;    ///< Of the server, for a client.
};

[[noreturn]] void stop(const std::string& reason);

/// What a server has seen of its handlers; its threads tell.
class Server {
 public:
  virtual ~Server() = default;
  /// What a client is given.
  virtual std::string address() const = 0;
  /// A JSON object of times; for those that take them.
  virtual std::string shares() { return "{}"; }
  virtual void reset() { most_ = running_.load(); }

  std::uint64_t handled() const { return handled_.load(std::memory_order_relaxed); }
  int most_running() const { return most_.load(); }

  /// A handler that runs.
  class Running {
   public:
    explicit Running(Server& server) : server_(server) {
      const int now = server.running_.fetch_add(1, std::memory_order_relaxed) + 1;
      if (now > server.most_.load(std::memory_order_relaxed))
        server.most_.store(now, std::memory_order_relaxed);
    }
    ~Running() {
      server_.running_.fetch_sub(1, std::memory_order_relaxed);
      server_.handled_.fetch_add(1, std::memory_order_release);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Server& server_;
  };

 private:
  std::atomic<int> running_ = 0;
  std::atomic<int> most_ = 0;
  std::atomic<std::uint64_t> handled_ = 0;
};

/// Used by one thread.
class Client {
 public:
  virtual ~Client() = default;
  /// Sends, and returns when the same came back.
  virtual void call(std::uint64_t number) = 0;
  /// Sends; that it came back is told by collect().
  virtual void start(std::uint64_t number) = 0;
  /// Appends the numbers of what came back since the last time; waits for one if there is none, until then at most.
  virtual void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) = 0;
  /// Sends, and wants no reply. May block where nothing more can be sent.
  virtual void send(std::uint64_t number) = 0;
  /// Returns when the server has handled all that was sent.
  virtual void settle() = 0;

  // What only some have.

  /// As start(); what comes back is that the handler has returned.
  virtual void start_confirmed(std::uint64_t number);
  /// Keeps so many calls in flight, each started where its predecessor's reply is heard of; tells their times.
  virtual void chain(int in_flight, Clock::time_point until,
                     const std::function<void(std::chrono::nanoseconds)>& told);
  /// A measurement of its own: JSON's members, or nothing where it has none of that name.
  virtual std::string special(const std::string& scenario, std::chrono::milliseconds duration);
  /// As Server's.
  virtual std::string shares() { return "{}"; }
};

/// For clients whose replies come on threads of their own.
class Arrivals {
 public:
  void add(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    numbers_.push_back(number);
    if (waits_) changed_.notify_one();
  }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) {
    std::unique_lock lock(mutex_);
    waits_ = true;
    changed_.wait_until(lock, until, [&] { return !numbers_.empty(); });
    waits_ = false;
    ended.insert(ended.end(), numbers_.begin(), numbers_.end());
    numbers_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool waits_ = false;
  std::vector<std::uint64_t> numbers_;
};

struct Peer {
  std::function<std::unique_ptr<Server>(const Setting&)> serve;
  std::function<std::unique_ptr<Client>(const Setting&)> connect;
};

/// The whole main() of a program. Ends the process.
[[noreturn]] void run_peer(int count, char** arguments, const Peer& peer);

/// A path for a socket of this process, in a folder of its own that ends with the process.
std::string socket_path();

}  // namespace messages_bench
