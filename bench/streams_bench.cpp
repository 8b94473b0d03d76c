// SPDX-License-Identifier: Apache-2.0

// The questions: does a stream's memory depend on how many records go through it, what does that
// cost beside all records at once in memory, and what does a second core bring?
//
//   ./dev bench streams [--svg FILE]       each run in a process of its own, whose peak of resident
//   memory is asked for
//   ./dev bench streams --cores [RECORDS]  the second core only, with so many records (500000). On a
//   busy machine fewer and therefore more runs find a moment in which both cores are free
//
// Records come from a generator and go to a file as lines (MessagePack: one behind the other), and
// back from it.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <structwire/streams.hpp>

namespace structwire {
namespace {

struct Sale {
  std::uint64_t id = 0;
  std::string article;
  double price = 0;
  std::vector<int> parts;
  std::string note;
};

Sale sale_of(std::uint64_t i) {
  return {i, "article " + std::to_string(i % 1000), static_cast<double>(i % 997) / 7,
          std::vector<int>(i % 8, static_cast<int>(i % 100)), "a note of some length, \"quoted\""};
}
auto sales(std::uint64_t count) {
  return std::views::iota(std::uint64_t{0}, count) | std::views::transform(sale_of);
}

struct Outcome {
  double write_seconds = 0;
  double read_seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t peak_kb = 0;
};

double seconds_of(auto&& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// `run` in a process of its own: what it returns, and the most memory that it had.
template <class Run>
Outcome apart(Run run) {
  int ends[2];
  STRUCTWIRE_ASSERT(::pipe(ends) == 0);
  std::fflush(stdout);
  const pid_t child = ::fork();
  STRUCTWIRE_ASSERT(child >= 0);
  if (child == 0) {
    const Outcome outcome = run();
    STRUCTWIRE_ASSERT(::write(ends[1], &outcome, sizeof outcome) == sizeof outcome);
    std::_Exit(0);
  }
  Outcome outcome;
  STRUCTWIRE_ASSERT(::read(ends[0], &outcome, sizeof outcome) == sizeof outcome);
  ::close(ends[0]);
  ::close(ends[1]);
  int status = 0;
  rusage usage{};
  STRUCTWIRE_ASSERT(::wait4(child, &status, 0, &usage) == child && status == 0);
  outcome.peak_kb = static_cast<std::uint64_t>(usage.ru_maxrss);
  return outcome;
}

template <class Codec>
Outcome streamed(std::uint64_t count) {
  Outcome outcome;
  std::FILE* const file = std::tmpfile();
  STRUCTWIRE_ASSERT(file != nullptr);
  outcome.write_seconds = seconds_of([&] {
    StreamWriter<Codec> out(write_to(file));
    STRUCTWIRE_ASSERT(out.write_all(sales(count)).has_value() && out.close().has_value());
  });
  std::rewind(file);
  outcome.read_seconds = seconds_of([&] {
    StreamReader<Codec> in(read_from(file));
    Sale sale;
    std::uint64_t sum = 0;
    while (in.next(sale) == true) sum += sale.id;
    STRUCTWIRE_ASSERT(in.index() == count && sum == count * (count - 1) / 2);
    outcome.bytes = in.offset();
  });
  std::fclose(file);
  return outcome;
}

template <class Codec>
Outcome in_memory(std::uint64_t count) {
  Outcome outcome;
  Buffer bytes;
  outcome.write_seconds = seconds_of([&] {
    std::vector<Sale> all;
    for (Sale&& sale : sales(count)) all.push_back(std::move(sale));
    STRUCTWIRE_ASSERT(append_lines<typename Codec::Writer>(all, bytes, {}).has_value());
  });
  outcome.read_seconds = seconds_of([&] {
    const auto input = reader_input<typename Codec::Reader>(bytes.bytes());
    const auto all = decode_lines<typename Codec::Reader, Sale>(input, {});
    STRUCTWIRE_ASSERT(all && all->size() == count);
  });
  outcome.bytes = bytes.size();
  return outcome;
}

/// How many runs the best is taken of: as many records in all, whatever their number in each.
std::uint64_t runs_of(std::uint64_t records) {
  return std::max<std::uint64_t>(3, 1'500'000 / records);
}

/// The best of a few runs, from and to memory, by so many threads; 0: without any, by StreamReader
/// and StreamWriter.
template <class Codec>
Outcome on_cores(const std::vector<Sale>& all, const Buffer& expected, Framing framing,
                 unsigned threads) {
  Outcome best{1e9, 1e9, expected.size(), 0};
  const StreamOptions stream{.framing = framing, .items = all.size()};
  for (std::uint64_t run = 0; run < runs_of(all.size()); ++run) {
    Buffer bytes;
    bytes.reserve(expected.size() + expected.size() / 8);
    best.write_seconds = std::min(best.write_seconds, seconds_of([&] {
                                    const auto written = [&]() -> Result<void> {
                                      if (threads != 0)
                                        return encode_in_parallel<Codec>(
                                            all, write_to(bytes), stream, {}, {.threads = threads});
                                      StreamWriter<Codec> out(write_to(bytes), stream);
                                      if (auto done = out.write_all(all); !done) return done;
                                      return out.close();
                                    }();
                                    STRUCTWIRE_ASSERT(written.has_value());
                                  }));
    STRUCTWIRE_ASSERT(bytes == expected);
    std::uint64_t count = 0;
    bool in_order = true;
    const auto take = [&](Sale&& sale) { in_order = in_order && sale.id == count++; };
    best.read_seconds =
        std::min(best.read_seconds, seconds_of([&] {
                   const auto read = [&]() -> Result<void> {
                     if (threads != 0) {
                       return decode_in_parallel<Codec, Sale>(read_from(bytes.bytes()), take,
                                                              stream, {}, {.threads = threads});
                     }
                     return StreamReader<Codec>(read_from(bytes.bytes()), stream)
                         .template for_each<Sale>(take);
                   }();
                   STRUCTWIRE_ASSERT(read.has_value());
                 }));
    STRUCTWIRE_ASSERT(in_order && count == all.size());
  }
  return best;
}

struct Row {
  const char* format;
  const char* how;
  std::uint64_t count;
  Outcome outcome;
};

constexpr std::uint64_t counts[] = {1'000, 10'000, 100'000, 300'000, 1'000'000};

void add_and_print(std::vector<Row>& rows, const Row& row) {
  const Outcome& out = row.outcome;
  const double megabytes = static_cast<double>(out.bytes) / 1e6;
  std::printf(
      "%-8s %-9s %8llu records %7.1f MB   peak %8.1f MB   write %6.0f MB/s   read %6.0f MB/s\n",
      row.format, row.how, static_cast<unsigned long long>(row.count), megabytes,
      static_cast<double>(out.peak_kb) / 1024, megabytes / out.write_seconds,
      megabytes / out.read_seconds);
  rows.push_back(row);
}

template <class Codec>
void measure_memory(const char* format, std::vector<Row>& rows) {
  for (const std::uint64_t count : counts) {
    add_and_print(rows,
                  {format, "streamed", count, apart([count] { return streamed<Codec>(count); })});
    add_and_print(rows,
                  {format, "in memory", count, apart([count] { return in_memory<Codec>(count); })});
  }
}

/// What a second core gives to loops that share nothing: on a machine that is busy with other
/// things, less than two.
double bare_speed_up(std::uint64_t records) {
  const auto loop = [records] {
    std::uint64_t state = 1;
    for (std::uint64_t i = 0; i < 600 * records; ++i)
      state = state * 6364136223846793005u + 1442695040888963407u;
    return state;
  };
  std::uint64_t kept = 0;
  double one = 1e9;
  double two = 1e9;
  for (std::uint64_t run = 0; run < runs_of(records); ++run) {
    one = std::min(one, seconds_of([&] { kept += loop(); }));
    two = std::min(two, seconds_of([&] {
                     std::uint64_t other = 0;
                     std::thread thread([&] { other = loop(); });
                     kept += loop();
                     thread.join();
                     kept += other;
                   }));
  }
  STRUCTWIRE_ASSERT(kept != 0);
  return 2 * one / two;
}

template <class Codec>
void measure_cores(const char* format, std::uint64_t records) {
  std::vector<Sale> all;
  for (Sale&& sale : sales(records)) all.push_back(std::move(sale));
  for (const Framing framing : {Framing::values, Framing::array}) {
    Buffer bytes;
    const bool array = framing == Framing::array;
    STRUCTWIRE_ASSERT((array ? append_with<typename Codec::Writer>(all, bytes, {})
                             : append_lines<typename Codec::Writer>(all, bytes, {}))
                          .has_value());
    const Outcome serial = on_cores<Codec>(all, bytes, framing, 0);
    for (const unsigned threads : {1u, 2u}) {
      const Outcome out = on_cores<Codec>(all, bytes, framing, threads);
      std::printf(
          "%-8s %-6s %u threads: write %5.0f MB/s, %.2f times the serial one; read %5.0f MB/s, "
          "%.2f times\n",
          format, array ? "array" : "values", threads,
          static_cast<double>(bytes.size()) / 1e6 / out.write_seconds,
          serial.write_seconds / out.write_seconds,
          static_cast<double>(bytes.size()) / 1e6 / out.read_seconds,
          serial.read_seconds / out.read_seconds);
    }
  }
}

// ---- the plot: peak memory over the number of records, both axes by powers of ten ----

struct Place {
  double x, y;
};

Place place_of(const Row& row) {
  const double records = std::log10(static_cast<double>(row.count));
  const double megabytes = std::log10(static_cast<double>(row.outcome.peak_kb) / 1024);
  return {80 + (records - 3) / 3 * 560, 330 - megabytes / 3 * 280};
}

void write_plot(const char* path, const std::vector<Row>& rows) {
  std::ofstream out(path);
  out << R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 390" width="760" height="390">)"
      << "<style>text{font:12px sans-serif;fill:#222}</style>\n"
      << R"(<rect width="760" height="390" fill="white"/>)"
      << R"(<text x="80" y="24">Peak memory (resident) of writing and reading a file of records</text>)"
      << '\n';
  for (int power = 0; power <= 3; ++power) {
    const double y = 330 - power / 3.0 * 280;
    const double x = 80 + power / 3.0 * 560;
    out << "<line x1='80' x2='640' y1='" << y << "' y2='" << y
        << "' stroke='#ddd'/><text x='72' y='" << y + 4 << "' text-anchor='end'>"
        << std::pow(10, power) << " MB</text><text x='" << x << "' y='350' text-anchor='middle'>10^"
        << power + 3 << "</text>\n";
  }
  out << "<text x='360' y='372' text-anchor='middle'>records</text>\n";
  const struct {
    const char* format;
    const char* how;
    const char* colour;
  } lines[] = {{"json", "streamed", "#0b6e4f"},
               {"json", "in memory", "#d1495b"},
               {"msgpack", "streamed", "#6bbf59"},
               {"msgpack", "in memory", "#edae49"}};
  double label_before = -100;
  for (const auto& line : lines) {
    std::string points;
    Place last{};
    for (const Row& row : rows) {
      if (std::strcmp(row.format, line.format) != 0 || std::strcmp(row.how, line.how) != 0)
        continue;
      last = place_of(row);
      points += std::to_string(last.x) + "," + std::to_string(last.y) + " ";
    }
    double label = last.y + 4;
    if (std::abs(label - label_before) < 14) label = label_before + 14;
    label_before = label;
    out << "<polyline fill='none' stroke-width='2' stroke='" << line.colour << "' points='"
        << points << "'/><text x='646' y='" << label << "'>" << line.format << ", " << line.how
        << "</text>\n";
  }
  out << "</svg>\n";
}

int run(int argc, char** argv) {
  const char* plot = argc == 3 && std::strcmp(argv[1], "--svg") == 0 ? argv[2] : nullptr;
  const bool cores_only = (argc == 2 || argc == 3) && std::strcmp(argv[1], "--cores") == 0;
  const std::uint64_t records =
      cores_only && argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 500'000;
  if ((argc != 1 && plot == nullptr && !cores_only) || records == 0) {
    std::fputs("usage: streams [--svg FILE | --cores [RECORDS]]\n", stderr);
    return 2;
  }
  if (!cores_only) {
    std::vector<Row> rows;
    measure_memory<json::Codec>("json", rows);
    measure_memory<msgpack::Codec>("msgpack", rows);
    if (plot != nullptr) write_plot(plot, rows);
  }
  std::printf("two bare loops on two threads do %.2f times the work of one\n",
              bare_speed_up(records));
  measure_cores<json::Codec>("json", records);
  measure_cores<msgpack::Codec>("msgpack", records);
  return 0;
}

}  // namespace
}  // namespace structwire

int main(int argc, char** argv) { return structwire::run(argc, argv); }
