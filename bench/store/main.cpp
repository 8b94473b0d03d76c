// SPDX-License-Identifier: Apache-2.0
//
// How many full cycles (submit, claim, complete) does the durable store carry per second?
//
// Rows of one round, one after another, so that they share the disk's mood: the raw rate of
// fdatasync; a bare SQLite loop that does only what must be done (insert, claim, complete with a
// claim index, `synchronous=FULL`, the same page size, page cache and checkpoint
// distance); the committer with store_sqlite; and the real daemon over HTTP with MessagePack bodies.
// A client works in lock step; some rows have several. Batches of 1, 16 and 256 tasks of 200 bytes.
// Medians over the rounds, minima, and the median of the ratios within a round.
//
//   store [--rounds 7] [--milliseconds 400] [--data DIRECTORY] [--json FILE]
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <bench/store/measure.hpp>

namespace {

using namespace structwire::bench;

constexpr int batches[] = {1, 16, 256};

/// All rounds of one row; a row's name says what, its batch how many tasks at once.
struct Row {
  std::string name;
  int batch = 0;
  int clients = 1;
  std::function<double(const Options&)> measure;
  std::vector<double> rounds;
};

std::vector<Row> rows() {
  std::vector<Row> rows = {{"raw fdatasync", 0, 1, raw_sync_rate, {}}};
  for (const int batch : batches) {
    rows.push_back({"bare", batch, 1, [=](const Options& o) { return bare_rate(o, batch); }, {}});
    for (const int clients : {1, 16}) {
      rows.push_back({"store",
                      batch,
                      clients,
                      [=](const Options& o) { return store_rate(o, batch, clients); },
                      {}});
    }
    // Client, door and committer share the cores, so more clients than a few only wait.
    for (const int clients : {1, 4}) {
      rows.push_back({"http",
                      batch,
                      clients,
                      [=](const Options& o) { return http_rate(o, batch, clients); },
                      {}});
    }
  }
  return rows;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

const Row* bare_of(const std::vector<Row>& rows, const Row& row) {
  for (const Row& each : rows) {
    if (each.name == "bare" && each.batch == row.batch && &each != &row) return &each;
  }
  return nullptr;
}

double ratio(const Row& row, const Row& bare) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < row.rounds.size(); ++i) {
    ratios.push_back(row.rounds[i] / bare.rounds[i]);
  }
  return median(ratios);
}

void print(const std::vector<Row>& rows) {
  std::printf("%-14s %6s %8s %12s %12s %8s\n", "row", "batch", "clients", "median/s", "min/s",
              "x bare");
  for (const Row& row : rows) {
    std::printf("%-14s %6d %8d %12.0f %12.0f", row.name.c_str(), row.batch, row.clients,
                median(row.rounds), std::ranges::min(row.rounds));
    if (const Row* bare = bare_of(rows, row)) std::printf(" %8.2f", ratio(row, *bare));
    std::printf("\n");
  }
}

void write_json(const std::vector<Row>& rows, const std::string& path) {
  std::ofstream out(path);
  out << "{\"benchmark\":\"store\",\"unit\":\"full cycles per second\",\"rows\":[";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    out << (i ? "," : "") << "\n  {\"name\":\"" << row.name << "\",\"batch\":" << row.batch
        << ",\"clients\":" << row.clients << ",\"median\":" << median(row.rounds)
        << ",\"min\":" << std::ranges::min(row.rounds);
    if (const Row* bare = bare_of(rows, row)) out << ",\"ratio_to_bare\":" << ratio(row, *bare);
    out << "}";
  }
  out << "\n]}\n";
  if (!out) stop("cannot write " + path);
}

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--rounds") {
      options.rounds = std::max(1, std::atoi(value.c_str()));
    } else if (name == "--milliseconds") {
      options.milliseconds = std::max(1, std::atoi(value.c_str()));
    } else if (name == "--data") {
      options.data = value;
    } else if (name == "--json") {
      options.json = value;
    } else {
      stop("unknown option " + name);
    }
  }
  if (count % 2 == 0) stop("an option lacks its value");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  // As store_sqlite does, for the whole process: so the bare loop is the fastest one we know.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  const Options options = read_options(count, arguments);
  std::vector<Row> table = rows();
  for (int round = 0; round < options.rounds; ++round) {
    for (Row& row : table) row.rounds.push_back(row.measure(options));
  }
  print(table);
  if (!options.json.empty()) write_json(table, options.json);
}
