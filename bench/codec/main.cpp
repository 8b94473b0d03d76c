// SPDX-License-Identifier: Apache-2.0

// The question: how fast does structwire decode and encode, beside the libraries that people take
// today?
//
// One process of the measurement: loads the libraries (shared objects, named as arguments), checks
// each result against the golden object, then goes round all rows again and again with batches of
// about a millisecond, and keeps the minimum of each. It prints one JSON object a line; run.py
// makes tables of several processes.

#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bench/codec/limits.hpp>
#include <bench/codec/peer.hpp>

namespace codec_bench {
namespace {

struct Options {
  std::string own;
  std::string shared;
  std::string libraries;  // Comma-separated; empty means all. So the other three.
  std::string formats;
  std::string shapes;
  std::string operations;
  int rounds = 10;
  double batch_ns = 1e6;
  bool count_allocations = false;
  std::vector<std::string> objects;
};

[[noreturn]] void stop(const std::string& reason) {
  std::fprintf(stderr, "codec_bench: %s\n", reason.c_str());
  std::exit(1);
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    const auto value = [&]() -> std::string {
      if (++i >= count) stop(std::string(name) + " needs a value");
      return arguments[i];
    };
    if (name == "--own")
      options.own = value();
    else if (name == "--data")
      options.shared = value();
    else if (name == "--library")
      options.libraries = value();
    else if (name == "--format")
      options.formats = value();
    else if (name == "--shape")
      options.shapes = value();
    else if (name == "--operation")
      options.operations = value();
    else if (name == "--rounds")
      options.rounds = std::atoi(value().c_str());
    else if (name == "--allocations")
      options.count_allocations = true;
    else if (name.starts_with("--"))
      stop("there is no option " + std::string(name));
    else
      options.objects.emplace_back(name);
  }
  return options;
}

bool is_chosen(const std::string& list, std::string_view name) {
  if (list.empty()) return true;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (std::string_view(list).substr(at, end - at) == name) return true;
    at = end + 1;
  }
  return false;
}

double thread_cpu_ns() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::decode_fresh:
      return "decode_fresh";
    case Operation::decode_reused:
      return "decode_reused";
    case Operation::encode:
      return "encode";
  }
  return "";
}

struct Measurement {
  const Peer* peer;
  Row* row;
  Operation operation;
  std::size_t times = 1;
  double best_ns = std::numeric_limits<double>::infinity();
};

double time_batch(Measurement& measurement) {
  const double begin = thread_cpu_ns();
  if (!measurement.row->run(measurement.operation, measurement.times)) {
    stop(measurement.peer->library + " failed on " + measurement.row->shape());
  }
  return thread_cpu_ns() - begin;
}

// As many as fill a batch.
void choose_times(Measurement& measurement, double batch_ns) {
  for (;;) {
    const double ns = time_batch(measurement);
    if (ns > batch_ns * 0.7 || measurement.times > 1'000'000) return;
    const double factor = ns <= 0 ? 10 : std::min(10.0, batch_ns / ns);
    measurement.times =
        static_cast<std::size_t>(static_cast<double>(measurement.times) * factor) + 1;
  }
}

void measure_once(Measurement& measurement) {
  measurement.best_ns = std::min(measurement.best_ns,
                                 time_batch(measurement) / static_cast<double>(measurement.times));
}

// The measurements that are compared with each other: same shape, same operation.
using Group = std::vector<Measurement>;

// What ran just before leaves its traces in the caches and in the heap, so each round begins with
// another one.
void measure(std::vector<Group>& groups, const Options& options) {
  for (Group& group : groups) {
    for (Measurement& measurement : group) choose_times(measurement, options.batch_ns);
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (Group& group : groups) {
      for (std::size_t i = 0; i < group.size(); ++i) {
        measure_once(group[(i + static_cast<std::size_t>(round)) % group.size()]);
      }
    }
  }
}

// count_allocations.cpp, where it is preloaded.
struct Allocations {
  std::size_t (*count)();
  std::size_t (*peak)();
};

void print(const Measurement& measurement, const std::optional<Allocations>& allocated) {
  std::size_t allocations = 0;
  std::size_t peak = 0;
  if (allocated) {
    measurement.row->run(measurement.operation, 1);
    const std::size_t before = allocated->count();
    allocated->peak();
    measurement.row->run(measurement.operation, 1);
    peak = allocated->peak();
    allocations = allocated->count() - before;
  }
  const bool decodes = measurement.operation != Operation::encode;
  const std::size_t bytes =
      decodes ? measurement.row->input_bytes() : measurement.row->encoded_bytes();
  std::printf(R"({"library":"%s","format":"%s","op":"%s","shape":"%s","bytes":%zu)",
              measurement.peer->library.c_str(), measurement.peer->format.c_str(),
              name_of(measurement.operation), measurement.row->shape().c_str(), bytes);
  if (allocated) {
    std::printf(R"(,"allocations":%zu,"peak_bytes":%zu)", allocations, peak);
  } else {
    std::printf(R"(,"ns":%.2f)", measurement.best_ns);
  }
  std::puts("}");
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void print_peer(const Peer& peer) {
  std::printf(R"({"peer":%s,"format":%s,"version":%s,"options":%s,"leaves_out":%s})"
              "\n",
              quoted(peer.library).c_str(), quoted(peer.format).c_str(),
              quoted(peer.version).c_str(), quoted(peer.options).c_str(),
              quoted(peer.leaves_out).c_str());
}

std::vector<Peer> load_peers(const Samples& samples, const Options& options) {
  std::vector<Peer> peers;
  for (const std::string& path : options.objects) {
    void* object = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (object == nullptr) stop(dlerror());
    auto* add_peers = reinterpret_cast<AddPeers*>(dlsym(object, "add_peers"));
    if (add_peers == nullptr) stop(path + " exports no add_peers");
    add_peers(samples, peers);
  }
  add_limits(samples, peers);
  std::erase_if(peers, [&](const Peer& peer) {
    return peer.library != "limit" && (!is_chosen(options.libraries, peer.library) ||
                                       !is_chosen(options.formats, peer.format));
  });
  for (Peer& peer : peers) {
    std::erase_if(peer.rows,
                  [&](const auto& row) { return !is_chosen(options.shapes, row->shape()); });
  }
  return peers;
}

// A library that gives a wrong result is told, and its row is not measured.
void check(std::vector<Peer>& peers) {
  for (Peer& peer : peers) {
    std::erase_if(peer.rows, [&](const auto& row) {
      const std::string wrong = row->check();
      if (wrong.empty()) return false;
      std::printf(R"({"wrong":%s,"library":"%s","format":"%s","shape":"%s"})"
                  "\n",
                  quoted(wrong).c_str(), peer.library.c_str(), peer.format.c_str(),
                  row->shape().c_str());
      return true;
    });
  }
}

std::vector<Group> group(const std::vector<Peer>& peers, const Options& options) {
  std::vector<std::string> shapes;
  for (const Peer& peer : peers) {
    for (const auto& row : peer.rows) {
      if (std::find(shapes.begin(), shapes.end(), row->shape()) == shapes.end())
        shapes.push_back(row->shape());
    }
  }
  std::vector<Group> groups;
  for (const std::string& shape : shapes) {
    for (const Operation operation :
         {Operation::decode_fresh, Operation::decode_reused, Operation::encode}) {
      if (!is_chosen(options.operations, name_of(operation))) continue;
      Group& group = groups.emplace_back();
      for (const Peer& peer : peers) {
        for (const auto& row : peer.rows) {
          if (row->shape() == shape && row->can(operation))
            group.push_back({&peer, row.get(), operation});
        }
      }
    }
  }
  return groups;
}

int run(const Options& options) {
  const Samples samples = load_samples(options.own, options.shared);
  std::vector<Peer> peers = load_peers(samples, options);
  for (const Peer& peer : peers) print_peer(peer);
  check(peers);
  std::vector<Group> groups = group(peers, options);

  std::optional<Allocations> allocated;
  if (options.count_allocations) {
    const auto find = [](const char* name) {
      return reinterpret_cast<std::size_t (*)()>(dlsym(RTLD_DEFAULT, name));
    };
    allocated = {find("codec_bench_allocations"), find("codec_bench_peak")};
    if (allocated->peak == nullptr) stop("--allocations needs count_allocations preloaded");
  } else {
    measure(groups, options);
  }
  for (const Group& group : groups) {
    for (const Measurement& measurement : group) print(measurement, allocated);
  }
  std::fflush(stdout);
  return 0;
}

}  // namespace
}  // namespace codec_bench

int main(int count, char** arguments) {
  return codec_bench::run(codec_bench::parse(count, arguments));
}
