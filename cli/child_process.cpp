// SPDX-License-Identifier: Apache-2.0
//
// One child, three pipes, one poll loop. The child's end is a file descriptor too (a pidfd), so
// nothing here waits blindly: not for a child that closed its output and lives on, and not for
// output that a grandchild holds open.
#include <cli/child_process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

extern char** environ;

namespace structwire::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds question_interval{100};
constexpr milliseconds patience{2000};
constexpr std::size_t error_tail_bytes = 3000;

/// An owned file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }
  void close() {
    if (open()) ::close(number_);
    number_ = -1;
  }
  void set_nonblocking() const { ::fcntl(number_, F_SETFL, O_NONBLOCK); }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;

  [[nodiscard]] bool make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
    return true;
  }
};

// The wrapper of glibc 2.36 is declared without C linkage, and cannot be linked from C++.
int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> merged_environment(
    const std::vector<std::pair<std::string, std::string>>& own) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    if (std::ranges::none_of(own, [&](const auto& each) { return each.first == name; })) {
      result.emplace_back(text);
    }
  }
  for (const auto& [name, value] : own) result.push_back(name + "=" + value);
  return result;
}

/// What the child does between fork and exec; nothing but system calls, other threads' locks may
/// be held. Returns only by ending the process.
struct Launch {
  const Pipe& input;
  const Pipe& output;
  const Pipe& errors;
  const Pipe& trouble;  // tells the parent why there was no exec
  char* const* words;
  char* const* environment;
  pid_t parent;

  [[noreturn]] void run() const {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(input.read.get(), STDIN_FILENO);
    ::dup2(output.write.get(), STDOUT_FILENO);
    ::dup2(errors.write.get(), STDERR_FILENO);
    // Connections of other threads were not opened to be inherited.
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execvpe(words[0], words, environment);
    const int why = errno;
    [[maybe_unused]] const auto told = ::write(trouble.write.get(), &why, sizeof why);
    ::_exit(127);
  }
};

class Child {
 public:
  explicit Child(const ChildCommand& command) : command_(command) {}

  ChildEnd run(const std::function<bool()>& go_on) {
    if (!start()) return std::move(end_);
    bool exited = false;
    while (!exited) {
      exited = wait_for_news();
      if (!exited) decide(go_on);
    }
    // What is in the pipes now is the child's; a grandchild's later words are not waited for.
    take(output_.read, [this](std::string_view text) { take_output(text); });
    take(errors_.read, [this](std::string_view text) { take_error(text); });
    reap();
    return std::move(end_);
  }

 private:
  bool start() {
    Pipe trouble;
    if (!input_.make() || !output_.make() || !errors_.make() || !trouble.make()) {
      return not_started(errno);
    }
    const std::vector<std::string> environment = merged_environment(command_.environment);
    const std::vector<char*> words = pointers(command_.words);
    const std::vector<char*> variables = pointers(environment);
    const Launch launch{input_,       output_,          errors_,   trouble,
                        words.data(), variables.data(), ::getpid()};
    pid_ = ::fork();
    if (pid_ < 0) return not_started(errno);
    if (pid_ == 0) launch.run();
    ::setpgid(pid_, pid_);  // both sides do it, so that it is done when either goes on
    input_.read.close();
    output_.write.close();
    errors_.write.close();
    trouble.write.close();
    int why = 0;
    if (::read(trouble.read.get(), &why, sizeof why) == sizeof why) {
      ::waitpid(pid_, nullptr, 0);
      return not_started(why);
    }
    exit_ = Descriptor(open_pidfd(pid_));
    for (const Descriptor* end : {&input_.write, &output_.read, &errors_.read})
      end->set_nonblocking();
    if (command_.input.empty()) input_.write.close();
    return true;
  }

  bool not_started(int why) {
    end_.how = ChildEnd::How::not_started;
    end_.error_tail = command_.words.front() + ": " + std::strerror(why);
    return false;
  }

  // Moves what can be moved; true when the child has exited.
  bool wait_for_news() {
    std::array<pollfd, 4> waiting = {{{input_.write.get(), POLLOUT, 0},
                                      {output_.read.get(), POLLIN, 0},
                                      {errors_.read.get(), POLLIN, 0},
                                      {exit_.get(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(question_interval.count()));
    if (waiting[0].revents != 0) feed();
    if (waiting[1].revents != 0)
      take(output_.read, [this](std::string_view text) { take_output(text); });
    if (waiting[2].revents != 0)
      take(errors_.read, [this](std::string_view text) { take_error(text); });
    return waiting[3].revents != 0;
  }

  void feed() {
    const std::string_view left = std::string_view(command_.input).substr(fed_);
    const auto wrote = ::write(input_.write.get(), left.data(), left.size());
    if (wrote > 0) fed_ += static_cast<std::size_t>(wrote);
    const bool refused = wrote < 0 && errno != EAGAIN && errno != EINTR;  // it reads no further
    if (refused || fed_ == command_.input.size()) input_.write.close();
  }

  template <class Take>
  void take(Descriptor& from, Take take_text) {
    std::array<char, 16384> block;
    while (from.open()) {
      const auto got = ::read(from.get(), block.data(), block.size());
      if (got > 0) {
        take_text(std::string_view(block.data(), static_cast<std::size_t>(got)));
      } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        from.close();
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }

  void take_output(std::string_view text) {
    if (end_.output.size() + text.size() > command_.output_bytes_max) {
      stop(ChildEnd::How::too_much);
      return;
    }
    end_.output += text;
  }

  void take_error(std::string_view text) {
    end_.error_tail += text;
    if (end_.error_tail.size() > 2 * error_tail_bytes) cut_tail();
  }

  void cut_tail() {
    if (end_.error_tail.size() <= error_tail_bytes) return;
    end_.error_tail.erase(0, end_.error_tail.size() - error_tail_bytes);
    // From a whole line on, where there is one.
    const std::size_t line_end = end_.error_tail.find('\n');
    if (line_end + 1 < end_.error_tail.size()) end_.error_tail.erase(0, line_end + 1);
  }

  void decide(const std::function<bool()>& go_on) {
    const Clock::time_point now = Clock::now();
    if (!stopped_ && now >= ask_at_) {
      ask_at_ = now + question_interval;
      if (!go_on()) stop(ChildEnd::How::stopped);
    }
    if (stopped_ && now >= kill_at_) ::kill(-pid_, SIGKILL);
  }

  void stop(ChildEnd::How why) {
    if (stopped_) return;
    stopped_ = true;
    end_.how = why;
    kill_at_ = Clock::now() + patience;
    ::kill(-pid_, SIGTERM);
  }

  void reap() {
    // Before the wait its number is still the child's, so the group can be no other.
    if (stopped_) ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    cut_tail();
    if (stopped_) return;
    end_.how = WIFSIGNALED(status) ? ChildEnd::How::signalled : ChildEnd::How::exited;
    end_.status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }

  const ChildCommand& command_;
  Pipe input_;
  Pipe output_;
  Pipe errors_;
  Descriptor exit_;
  pid_t pid_ = -1;
  std::size_t fed_ = 0;
  bool stopped_ = false;
  Clock::time_point ask_at_ = Clock::now() + question_interval;
  Clock::time_point kill_at_{};
  ChildEnd end_;
};

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

}  // namespace

ChildEnd run_child(const ChildCommand& command, const std::function<bool()>& go_on) {
  return Child(command).run(go_on);
}

bool program_exists(const std::string& name) {
  if (name.find('/') != std::string::npos) return is_executable(name);
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (is_executable(std::string(folder) + "/" + name)) return true;
  }
  return false;
}

}  // namespace structwire::cli
