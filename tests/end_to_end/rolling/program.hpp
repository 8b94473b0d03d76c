// SPDX-License-Identifier: Apache-2.0
#pragma once

// What each of the three programs does, until SIGTERM: it submits messages as tasks, and keeps each in a file as well, in
// an envelope; and it works on the tasks of all, comparing each message with its file. Then it prints what it has seen.
//
//   PROGRAM URL FOLDER NAME VERSION       VERSION: what it writes, its own or an older one; 0: it writes nothing
//   PROGRAM --read FOLDER                 reads every file, and prints the counts

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <taskd/client/worker.hpp>
#include <tests/end_to_end/rolling/messages.hpp>

namespace rolling {

struct Reply {
  std::string message_id;
  std::uint64_t bytes;
};

inline std::atomic<bool> stopping = false;
inline sw::taskd::Worker* worker_to_stop = nullptr;

inline std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline bool write_file(const std::string& name, std::span<const std::byte> bytes) {
  const std::string temporary = name + ".new";
  std::ofstream file(temporary, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return !file.fail() && std::rename(temporary.c_str(), name.c_str()) == 0;
}

/// What is newer only adds, as far as `contract check` has said so; what does not is refused all the same.
inline sw::AnyVersionOptions options_with(sw::VersionCounts& counts) {
  return {.newer = sw::NewerVersions::read_as_newest, .counts = &counts};
}

template <class Known>
class Program {
 public:
  using Message = typename Known::Latest;

  Program(std::string url, std::string folder, std::string name, std::uint32_t version)
      : url_(std::move(url)), folder_(std::move(folder)), name_(std::move(name)), version_(version) {}

  int run() {
    sw::taskd::Worker worker(
        {.client = {.server = url_}, .queue = "messages", .name = name_, .batch = 8, .wait_ms = 200});
    worker.handle<sw::Raw, Reply>("message", [this](const sw::Raw& raw) { return work(raw); });
    worker_to_stop = &worker;
    std::signal(SIGTERM, [](int) {
      stopping = true;
      worker_to_stop->stop();
    });
    std::thread producer([this] { submit_until_stopped(); });
    std::puts("ready");
    std::fflush(stdout);
    const auto ended = worker.run();
    producer.join();
    std::printf("%s submitted %llu, tasks: %s; stored: %s\n", name_.c_str(),
                static_cast<unsigned long long>(submitted_), seen_.text().c_str(), stored_.text().c_str());
    if (!error_.empty()) std::fprintf(stderr, "%s\n", error_.c_str());
    return ended && error_.empty() ? 0 : 1;
  }

 private:
  std::string file_of(const std::string& id) const { return folder_ + "/" + id + ".stored"; }

  std::expected<Reply, sw::taskd::Failure> work(const sw::Raw& raw) {
    auto message = sw::decode_any_version<Known>(*raw.format(), raw.bytes(), options_with(seen_));
    if (!message) return std::unexpected(sw::taskd::Failure{message.error().message(), true});
    const std::string file = read_file(file_of(message->message_id));
    const auto stored = sw::decode_enveloped<Known>(std::as_bytes(std::span(file)), options_with(stored_));
    if (!stored) return std::unexpected(sw::taskd::Failure{"stored: " + stored.error().message(), true});
    if (stored->message_id != message->message_id || content(*stored) != content(*message)) {
      return std::unexpected(sw::taskd::Failure{"the stored message is another one", false});
    }
    return Reply{message->message_id, content(*message).size()};
  }

  bool submit(sw::taskd::Client& client, std::uint64_t number) {
    const std::string id = name_ + "-" + std::to_string(number);
    const Message message = made(id, sw::Bytes(number % 300, static_cast<std::byte>(number)),
                                 static_cast<int>(number % 10), static_cast<const Message*>(nullptr));
    const auto stored = sw::encode_enveloped<Known>(number % 2 == 0 ? sw::msgpack::format() : sw::json::format(),
                                                    message, {.as_version = version_});
    const auto payload = sw::encode_as_version<Known>(sw::msgpack::format(), message, version_);
    if (!stored || !payload || !write_file(file_of(id), *stored)) return false;
    sw::taskd::api::SubmitTask task;
    task.queue = "messages";
    task.type = "message";
    task.payload = sw::Raw::trusted(sw::msgpack::format(), *payload);
    task.max_attempts = 50;
    return client.submit(task).has_value();
  }

  void submit_until_stopped() {
    sw::taskd::Client client({.server = url_});
    for (std::uint64_t number = 0; !stopping && version_ != 0; ++number) {
      if (!submit(client, number)) {
        error_ = "a message could not be submitted";
        return;
      }
      ++submitted_;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::string url_;
  std::string folder_;
  std::string name_;
  std::uint32_t version_;
  sw::VersionCounts seen_{Known::numbers};
  sw::VersionCounts stored_{Known::numbers};
  std::uint64_t submitted_ = 0;
  std::string error_;
};

template <class Known>
int read_all(const char* folder) {
  sw::VersionCounts counts(Known::numbers);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = read_file(entry.path().string());
    const auto message = sw::decode_enveloped<Known>(std::as_bytes(std::span(file)), options_with(counts));
    if (!message) std::fprintf(stderr, "%s: %s\n", entry.path().c_str(), message.error().message().c_str());
  }
  std::puts(counts.text().c_str());
  return counts.refused() == 0 ? 0 : 1;
}

template <class Known>
int main_of(int count, char** arguments) {
  const std::vector<std::string> given(arguments + 1, arguments + count);
  if (given.size() == 2 && given[0] == "--read") return read_all<Known>(given[1].c_str());
  if (given.size() != 4) return 64;
  return Program<Known>(given[0], given[1], given[2], static_cast<std::uint32_t>(std::stoul(given[3]))).run();
}

}  // namespace rolling
