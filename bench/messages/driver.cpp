// SPDX-License-Identifier: Apache-2.0
#include <bench/messages/driver.hpp>

#include <dlfcn.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include <bench/messages/histogram.hpp>

namespace messages_bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// How much is on its way at a time, by the payload's size.
struct Load {
  int in_flight;
  int confirmed;
  int burst;
  int each_tick;
  milliseconds tick;
};

Load load_of(std::size_t size) {
  if (size <= 4096) return {64, 512, 1000, 10, milliseconds(2)};
  if (size <= 128 << 10) return {8, 32, 100, 2, milliseconds(2)};
  return {4, 8, 8, 1, milliseconds(20)};
}

class Run {
 public:
  Run(Client& client, std::size_t size, Clock::time_point end)
      : client_(client), load_(load_of(size)), end_(end) {}

  bool perform(const std::string& scenario) {
    begin_ = Clock::now();
    if (scenario == "call") {
      call();
    } else if (scenario == "pipelined") {
      window(load_.in_flight, [&](std::uint64_t number) { client_.start(number); });
    } else if (scenario == "confirmed") {
      window(load_.confirmed, [&](std::uint64_t number) { client_.start_confirmed(number); });
    } else if (scenario == "chain") {
      client_.chain(1, end_, [&](nanoseconds time) { told(time); });
    } else if (scenario == "chain_pipelined") {
      client_.chain(load_.in_flight, end_, [&](nanoseconds time) { told(time); });
    } else if (scenario == "one_way") {
      send();
    } else if (scenario == "burst") {
      bursts();
    } else if (scenario == "sustained") {
      sustained();
    } else {
      return false;
    }
    seconds_ += std::chrono::duration<double>(Clock::now() - begin_).count();
    return true;
  }

  std::string members() const {
    char text[512];
    std::snprintf(
        text, sizeof text,
        R"("messages":%llu,"seconds":%.6f,"mean_us":%.3f,"p50_us":%.3f,"p95_us":%.3f,"p99_us":%.3f,)"
        R"("p999_us":%.3f,"max_us":%.3f,"late":%llu)",
        static_cast<unsigned long long>(messages_), seconds_, times_.mean_us(),
        times_.quantile_us(0.5), times_.quantile_us(0.95), times_.quantile_us(0.99),
        times_.quantile_us(0.999), times_.max_us(), static_cast<unsigned long long>(late_));
    return text;
  }

 private:
  void told(nanoseconds time) {
    times_.add(time);
    ++messages_;
  }

  void call() {
    for (Clock::time_point now = begin_; now < end_;) {
      client_.call(++number_);
      const auto then = Clock::now();
      told(then - now);
      now = then;
    }
  }

  template <class Start>
  void window(int in_flight, Start start) {
    for (int i = 0; i < in_flight; ++i) begin_one(start);
    for (;;) {
      const auto now = collect(Clock::time_point::max());
      if (now >= end_) break;
      while (on_its_way_ < in_flight) begin_one(start);
    }
    wait_for_all();
  }

  template <class Start>
  void begin_one(Start start) {
    begun_[++number_ % begun_.size()] = Clock::now();
    start(number_);
    ++on_its_way_;
  }

  Clock::time_point collect(Clock::time_point until) {
    ended_.clear();
    client_.collect(std::min(until, Clock::now() + std::chrono::seconds(30)), ended_);
    const auto now = Clock::now();
    if (ended_.empty() && until == Clock::time_point::max()) stop("no reply for 30 s");
    for (const std::uint64_t number : ended_) told(now - begun_[number % begun_.size()]);
    on_its_way_ -= static_cast<int>(ended_.size());
    return now;
  }

  void wait_for_all() {
    while (on_its_way_ > 0) collect(Clock::time_point::max());
  }

  void send() {
    while (Clock::now() < end_) {
      for (int i = 0; i < load_.in_flight; ++i) client_.send(++number_ | one_way);
      messages_ += static_cast<std::uint64_t>(load_.in_flight);
    }
    client_.settle();
  }

  void bursts() {
    while (Clock::now() < end_) {
      const auto from = Clock::now();
      for (int i = 0; i < load_.burst; ++i) {
        begun_[++number_ % begun_.size()] = from;
        client_.start(number_);
        ++on_its_way_;
      }
      wait_for_all();
      busy_ += Clock::now() - from;
      std::this_thread::sleep_for(milliseconds(5));
    }
    // The rate is that of the bursts, without the pauses.
    seconds_ = std::chrono::duration<double>(busy_ - (Clock::now() - begin_)).count();
  }

  void sustained() {
    auto next = begin_;
    while (next < end_) {
      while (Clock::now() < next) collect(next);
      const auto now = Clock::now();
      // What the client slept too long is its timer's fault; a whole tick is not.
      const bool late = now - next > load_.tick;
      const auto due = late ? next : now;
      if (late) ++late_;
      for (int i = 0; i < load_.each_tick; ++i) {
        if (on_its_way_ == static_cast<int>(begun_.size())) collect(Clock::time_point::max());
        begun_[++number_ % begun_.size()] = due;
        client_.start(number_);
        ++on_its_way_;
      }
      next += load_.tick;
    }
    wait_for_all();
  }

  Client& client_;
  Load load_;
  Clock::time_point begin_;
  Clock::time_point end_;
  Histogram times_;
  std::uint64_t messages_ = 0;
  std::uint64_t late_ = 0;
  double seconds_ = 0;
  Clock::duration busy_{};
  std::uint64_t number_ = 0;
  int on_its_way_ = 0;
  std::vector<Clock::time_point> begun_ = std::vector<Clock::time_point>(1 << 16);
  std::vector<std::uint64_t> ended_;
};

double cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

/// How many times a thread went to sleep.
long sleeps() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw;
}

std::uint64_t allocations() {
  static const auto count =
      reinterpret_cast<std::uint64_t (*)()>(::dlsym(RTLD_DEFAULT, "messages_bench_allocations"));
  return count == nullptr ? 0 : count();
}

long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

}  // namespace

void Usage::reset() {
  std::ofstream("/proc/self/clear_refs") << '5';
  cpu_us_ = cpu_us();
  sleeps_ = sleeps();
  allocations_ = allocations();
}

std::string Usage::members() const {
  const std::uint64_t counted = allocations() - allocations_;
  char text[200];
  std::snprintf(
      text, sizeof text, R"("cpu_us":%.0f,"sleeps":%ld,"allocations":%llu,"peak_kib":%ld)",
      cpu_us() - cpu_us_, sleeps() - sleeps_, static_cast<unsigned long long>(counted), peak_kib());
  return text;
}

std::string measure(Client& client, const std::string& scenario, std::size_t size,
                    milliseconds duration) {
  if (std::string found = client.special(scenario, duration); !found.empty()) {
    return found.insert(0, 1, '{') + '}';
  }
  Run warm_up(client, size, Clock::now() + duration / 5);
  if (!warm_up.perform(scenario)) stop("there is no scenario " + scenario);
  Usage usage;
  usage.reset();
  Run run(client, size, Clock::now() + duration);
  run.perform(scenario);
  std::string text = "{";
  text += usage.members();
  text += ',';
  text += run.members();
  text += ",\"shares\":";
  text += client.shares();
  text += '}';
  return text;
}

}  // namespace messages_bench
