// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <random>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include <structwire/messaging/transport_figures.hpp>
#include <structwire/messaging/zeromq/zeromq_dialler.hpp>
#include <structwire/messaging/zeromq/zeromq_folders.hpp>
#include <structwire/messaging/zeromq/zeromq_gate.hpp>
#include <structwire/messaging/zeromq/zeromq_listener.hpp>
#include <structwire/messaging/zeromq/zeromq_socket.hpp>
#include <structwire/messaging/zeromq/zeromq_source.hpp>

namespace structwire::messaging {

namespace zeromq_detail {

namespace {

// How often full queues are tried again, should libzmq's notice of room have been taken by another call.
constexpr Duration waiting_retry = std::chrono::milliseconds(1);

Result<void> check_address(std::string_view address) {
  if (address.starts_with("tcp://") || address.starts_with("ipc://")) return {};
  return std::unexpected(
      Error(ErrorCode::unsupported, "Not tcp:// or ipc://: " + std::string(address)));
}

class Zeromq final : public ZeromqTransport, public Loop {
 public:
  explicit Zeromq(ZeromqOptions options)
      : options_(std::move(options)), random_(std::random_device{}()) {
    open_descriptors();
  }
  ~Zeromq() override {
    sources_.clear();
    buried_.clear();
    if (wake_ >= 0) ::close(wake_);
    if (epoll_ >= 0) ::close(epoll_);
  }

  Result<std::string> listen(std::string_view address) override;
  Result<DialId> dial(std::string_view address) override;
  void hang_up(DialId dial) override;
  void send(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override;
  void close(LinkId link) override;
  void poll(LinkEvents& events, Instant until) override;
  void wake() override;
  const ZeromqCounters& counters() const override { return counters_; }
  TransportFigures figures() const override { return figures_of(counters_); }

 private:
  /// Notes that something was told, which ends a poll().
  class Teller final : public LinkEvents {
   public:
    explicit Teller(LinkEvents& to) : to_(to) {}
    void opened(LinkId link, const LinkInfo& info) override {
      told = true;
      to_.opened(link, info);
    }
    void received(LinkId link, Frame frame) override {
      told = true;
      to_.received(link, std::move(frame));
    }
    void closed(LinkId link, std::string_view reason) override {
      told = true;
      to_.closed(link, reason);
    }
    bool told = false;

   private:
    LinkEvents& to_;
  };

  const ZeromqOptions& options() const override { return options_; }
  ZeromqCounters& counters() override { return counters_; }
  LinkId new_link(Source& source) override;
  void forget_link(LinkId link) override { links_.erase(link); }
  void watch(Source& source, int descriptor, bool monitor) override {
    watch(source.number << 1 | (monitor ? 1 : 0), descriptor);
    // libzmq signals from the first look on that found nothing.
    source.has_connection_news = source.has_connection_news || monitor;
  }
  void unwatch(int descriptor) override;
  void set_timer(Source& source, Instant at) override;
  void attend(Source& source) override;
  void tell_room() override { room_ = true; }
  double random() override { return std::uniform_real_distribution<double>(0, 1)(random_); }
  Source& adopt(std::unique_ptr<Source> source) override { return add(std::move(source)); }
  void release(Source& source) override { remove(source.number); }
  Result<const Context*> context() override {
    if (auto done = prepare(); !done) return std::unexpected(done.error());
    return &context_;
  }

  Result<void> prepare();
  bool open_descriptors();
  void watch(std::uint64_t tag, int descriptor);
  template <class Added>
  Added& add(std::unique_ptr<Added> source);
  void remove(std::uint64_t number);
  void serve(Source& source, Teller& teller);
  void serve_attended(Teller& teller);
  bool run_timers();
  bool wait(Teller& teller, Instant until);
  bool take_wake();
  bool any_waiting();

  const ZeromqOptions options_;
  ZeromqCounters counters_;
  std::minstd_rand random_;
  int epoll_ = -1;
  std::atomic<int> wake_{-1};
  std::atomic<bool> woken_{false};

  Folders folders_;  ///< libzmq leaves them before.
  Context context_;  ///< Outlives the sockets.
  std::unordered_map<std::uint64_t, std::unique_ptr<Source>> sources_;
  std::vector<std::unique_ptr<Source>>
      buried_;  ///< Ended within poll(), where one of them may be at work.
  std::unordered_map<DialId, Dialler*> dials_;
  std::unordered_map<LinkId, Source*> links_;
  std::set<std::pair<Instant, std::uint64_t>> timers_;
  std::vector<std::uint64_t> attended_;
  std::vector<std::uint64_t> serving_;  ///< Those that were attended, for one round.
  std::vector<std::uint64_t>
      waiting_;                ///< Sources that had frames waiting when they were last served.
  std::uint64_t numbers_ = 0;  ///< Of sources; 0 is the wake descriptor.
  std::uint64_t link_numbers_ = 0;
  bool gate_ = false;
  bool room_ = false;  ///< A link has room again, in this poll().
};

// ---- opening

bool Zeromq::open_descriptors() {
  if (epoll_ < 0) epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (wake_ < 0 && epoll_ >= 0) {
    wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    watch(std::uint64_t{0}, wake_);
  }
  return wake_ >= 0;
}

Result<void> Zeromq::prepare() {
  if (!open_descriptors())
    return std::unexpected(Error(ErrorCode::io, "There are too few file descriptors"));
  if (!context_) {
    auto context = Context::start(options_);
    if (!context) return std::unexpected(context.error());
    context_ = std::move(*context);
  }
  if (!options_.keys || gate_) return {};
  auto gate = Gate::open(*this, context_);
  if (!gate) return std::unexpected(gate.error());
  add(std::move(*gate)).start();
  gate_ = true;
  return {};
}

Result<std::string> Zeromq::listen(std::string_view text) {
  std::string address(text);
  if (auto good = check_address(address); !good) return std::unexpected(good.error());
  if (auto done = prepare(); !done) return std::unexpected(done.error());
  if (address == "ipc://*") {
    auto made = folders_.new_address();
    if (!made) return made;
    address = std::move(*made);
  }
  auto socket = Socket::router(context_, options_, address);
  if (!socket) return std::unexpected(socket.error());
  auto monitor = Monitor::of(context_, *socket, false);
  if (!monitor) return std::unexpected(monitor.error());
  auto bound = socket->bind(address);
  if (!bound) return bound;
  add(std::make_unique<Listener>(*this, std::move(*socket), std::move(*monitor))).start();
  return bound;
}

Result<DialId> Zeromq::dial(std::string_view text) {
  const std::string address(text);
  if (auto good = check_address(address); !good) return std::unexpected(good.error());
  if (auto done = prepare(); !done) return std::unexpected(done.error());
  const DialId dial{numbers_ + 1};
  Dialler& dialler = add(std::make_unique<Dialler>(*this, context_, dial, address));
  if (auto started = dialler.start(); !started) {
    remove(dialler.number);
    return std::unexpected(started.error());
  }
  dials_.emplace(dial, &dialler);
  return dial;
}

void Zeromq::hang_up(DialId dial) {
  const auto found = dials_.find(dial);
  if (found == dials_.end()) return;
  Dialler& dialler = *found->second;
  dials_.erase(found);
  dialler.hang_up();
  remove(dialler.number);
}

template <class Added>
Added& Zeromq::add(std::unique_ptr<Added> source) {
  Added& added = *source;
  added.number = ++numbers_;
  sources_.emplace(added.number, std::move(source));
  return added;
}

void Zeromq::remove(std::uint64_t number) {
  const auto found = sources_.find(number);
  set_timer(*found->second, never);
  buried_.push_back(std::move(found->second));
  sources_.erase(found);
}

// ---- what the sockets ask for

LinkId Zeromq::new_link(Source& source) {
  const LinkId link{++link_numbers_};
  links_.emplace(link, &source);
  return link;
}

void Zeromq::watch(std::uint64_t tag, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  if (descriptor >= 0) epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void Zeromq::unwatch(int descriptor) {
  if (descriptor >= 0) epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Zeromq::set_timer(Source& source, Instant at) {
  if (source.timer_at != never) timers_.erase({source.timer_at, source.number});
  source.timer_at = at;
  if (at != never) timers_.insert({at, source.number});
}

void Zeromq::attend(Source& source) {
  if (!std::exchange(source.attended, true)) attended_.push_back(source.number);
}

// ---- links

void Zeromq::send(LinkId link, Frame frame) {
  const auto found = links_.find(link);
  // A frame without a head would read as a goodbye.
  if (found == links_.end() || frame.head.empty()) {
    ++counters_.frames_dropped;
    return;
  }
  found->second->send(link, std::move(frame));
}

bool Zeromq::congested(LinkId link) const {
  const auto found = links_.find(link);
  return found != links_.end() && found->second->congested(link);
}

void Zeromq::close(LinkId link) {
  const auto found = links_.find(link);
  if (found != links_.end()) found->second->close(link);
}

// ---- the loop

void Zeromq::wake() {
  if (woken_.exchange(true, std::memory_order_acq_rel)) return;
  const std::uint64_t one = 1;
  // Full is as good as written.
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);
}

bool Zeromq::take_wake() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = read(wake_, &count, sizeof count);
  return woken_.exchange(false, std::memory_order_acq_rel);
}

void Zeromq::serve(Source& source, Teller& teller) {
  source.attended = false;
  if (source.serve(teller)) attend(source);
  if (source.has_waiting() && !std::exchange(source.retried, true))
    waiting_.push_back(source.number);
}

void Zeromq::serve_attended(Teller& teller) {
  // Serving may add to the list; it keeps its memory.
  serving_.clear();
  serving_.swap(attended_);
  for (const std::uint64_t number : serving_) {
    const auto found = sources_.find(number);
    if (found != sources_.end() && found->second->attended) serve(*found->second, teller);
  }
}

bool Zeromq::run_timers() {
  if (timers_.empty()) return false;
  const Instant now = std::chrono::steady_clock::now();
  bool ran = false;
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Source& source = *sources_.at(timers_.begin()->second);
    set_timer(source, never);
    source.timer(now);
    ran = true;
  }
  return ran;
}

// They are served again after this sleep.
bool Zeromq::any_waiting() {
  bool any = false;
  for (const std::uint64_t number : std::exchange(waiting_, {})) {
    const auto found = sources_.find(number);
    if (found == sources_.end()) continue;
    found->second->retried = false;
    if (!found->second->has_waiting()) continue;
    attend(*found->second);
    any = true;
  }
  return any;
}

namespace {

int wait_for(int epoll, std::span<epoll_event> ready, Duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec left{.tv_sec = static_cast<std::time_t>(seconds.count()),
                      .tv_nsec = static_cast<long>((time - seconds).count())};
  const int size = static_cast<int>(ready.size());
  const int count = epoll_pwait2(epoll, ready.data(), size, &left, nullptr);
  if (count >= 0 || errno != ENOSYS) return count;
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  return epoll_wait(epoll, ready.data(), size,
                    static_cast<int>(std::min<std::int64_t>(whole, 1 << 30)));
}

}  // namespace

// Sleeps until `until`, or not at all when there is something left to do. True: wake() was called.
bool Zeromq::wait(Teller& teller, Instant until) {
  Duration time{};
  if (!teller.told && !room_ && attended_.empty()) {
    if (!timers_.empty()) until = std::min(until, timers_.begin()->first);
    const Instant now = std::chrono::steady_clock::now();
    if (until > now) time = std::min<Duration>(until - now, std::chrono::hours(1));
    if (any_waiting()) time = std::min(time, waiting_retry);
  }
  std::array<epoll_event, 64> ready;
  const int count = wait_for(epoll_, ready, time);
  bool woken = false;
  for (int i = 0; i < count; ++i) {
    const std::uint64_t tag = ready[static_cast<std::size_t>(i)].data.u64;
    if (tag == 0) {
      woken = take_wake();
      continue;
    }
    const auto found = sources_.find(tag >> 1);
    if (found == sources_.end()) continue;
    if ((tag & 1) != 0) found->second->has_connection_news = true;
    serve(*found->second, teller);
  }
  return woken;
}

void Zeromq::poll(LinkEvents& events, Instant until) {
  Teller teller(events);
  room_ = false;
  if (!open_descriptors()) {
    ::poll(nullptr, 0, 10);
    return;
  }
  for (;;) {
    run_timers();
    serve_attended(teller);
    const bool woken = wait(teller, until);
    buried_.clear();
    if (woken || teller.told || room_ || std::chrono::steady_clock::now() >= until) return;
  }
}

}  // namespace

Loop& loop_of(ZeromqTransport& transport) { return static_cast<Zeromq&>(transport); }

}  // namespace zeromq_detail

std::unique_ptr<ZeromqTransport> zeromq(ZeromqOptions options) {
  return std::make_unique<zeromq_detail::Zeromq>(std::move(options));
}

}  // namespace structwire::messaging
