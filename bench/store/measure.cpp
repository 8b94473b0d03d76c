// SPDX-License-Identifier: Apache-2.0
#include <bench/store/measure.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <tuple>
#include <vector>

namespace structwire::bench {

void stop(const std::string& reason) {
  std::fprintf(stderr, "store_bench: %s\n", reason.c_str());
  std::exit(1);
}

Scratch::Scratch(const std::filesystem::path& parent) {
  std::string name = (parent / "store_bench_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) stop("cannot make a directory in " + parent.string());
  path_ = name;
}

Scratch::~Scratch() { std::filesystem::remove_all(path_); }

double rate(int milliseconds, double units, const std::function<void()>& step) {
  using Clock = std::chrono::steady_clock;
  step();
  const auto start = Clock::now();
  const auto end = start + std::chrono::milliseconds(milliseconds);
  double done = 0;
  while (Clock::now() < end) {
    step();
    done += units;
  }
  return done / std::chrono::duration<double>(Clock::now() - start).count();
}

double rate_of_clients(int milliseconds, double units, int clients,
                       const std::function<std::function<void()>(int number)>& make_step) {
  std::vector<std::future<double>> rates;
  for (int number = 0; number < clients; ++number) {
    rates.push_back(std::async(std::launch::async,
                               [&, number] { return rate(milliseconds, units, make_step(number)); }));
  }
  double sum = 0;
  for (auto& each : rates) sum += each.get();
  return sum;
}

double raw_sync_rate(const Options& options) {
  constexpr off_t file_size = 4 << 20;
  const Scratch scratch(options.data);
  const int file = ::open((scratch.path() / "raw").c_str(), O_RDWR | O_CREAT, 0600);
  const std::vector<char> block(4096, 'x');
  for (off_t at = 0; at < file_size; at += 4096)
    std::ignore = ::pwrite(file, block.data(), 4096, at);
  if (::fsync(file) != 0) stop("fsync failed");
  off_t at = 0;
  const double syncs = rate(options.milliseconds, 1, [&] {
    if (::pwrite(file, block.data(), 4096, at) != 4096 || ::fdatasync(file) != 0) stop("no sync");
    at = (at + 4096) % file_size;
  });
  ::close(file);
  return syncs;
}

}  // namespace structwire::bench
