// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <tests/support/sqlite_vfs_unsynced.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace structwire::taskd::test {

constexpr std::size_t sector_size = 512;

/// Something done to a file and not synced yet.
struct Unsynced {
  std::size_t offset = 0;
  std::string bytes;
  std::optional<std::size_t> truncate_to;
};

struct UnsyncedDisk::File {
  std::string content;  ///< as programs see it
  std::string synced;   ///< as the disk holds it for sure
  std::vector<Unsynced> unsynced;
};

namespace {

void apply(std::string& content, std::size_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  std::ranges::copy(bytes, content.begin() + static_cast<std::ptrdiff_t>(offset));
}

// ---- SQLite's side: C functions that find their disk
// ------------------------------------------------

struct Handle {
  sqlite3_file base;
  UnsyncedDisk* disk;
  std::shared_ptr<UnsyncedDisk::File>* file;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
UnsyncedDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<UnsyncedDisk*>(vfs->pAppData); }
std::size_t unsign(sqlite3_int64 value) { return static_cast<std::size_t>(value); }

int close_file(sqlite3_file* file) {
  delete handle_of(file).file;
  return SQLITE_OK;
}
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  const Handle& handle = handle_of(file);
  return handle.disk->read(**handle.file, to, unsign(size), unsign(offset));
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  const Handle& handle = handle_of(file);
  return handle.disk->write(**handle.file, from, unsign(size), unsign(offset));
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return handle_of(file).disk->truncate(**handle_of(file).file, unsign(size));
}
int sync_file(sqlite3_file* file, int) {
  return handle_of(file).disk->sync(**handle_of(file).file);
}
int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(handle_of(file).disk->size(**handle_of(file).file));
  return SQLITE_OK;
}
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int is_reserved(sqlite3_file*, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}
int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size_of(sqlite3_file*) { return static_cast<int>(sector_size); }
// As SQLite assumes of every disk: a torn write harms no sector it does not write.
int characteristics_of(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods* methods() {
  static const sqlite3_io_methods table = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = close_file;
    m.xRead = read_file;
    m.xWrite = write_file;
    m.xTruncate = truncate_file;
    m.xSync = sync_file;
    m.xFileSize = size_of_file;
    m.xLock = lock_file;
    m.xUnlock = lock_file;
    m.xCheckReservedLock = is_reserved;
    m.xFileControl = control_file;
    m.xSectorSize = sector_size_of;
    m.xDeviceCharacteristics = characteristics_of;
    return m;
  }();
  return &table;
}

int open_in_vfs(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* got) {
  Handle& handle = handle_of(file);
  handle.base.pMethods = nullptr;
  auto opened = disk_of(vfs).open(path ? path : "", (flags & SQLITE_OPEN_CREATE) != 0);
  if (!opened) return SQLITE_CANTOPEN;
  handle.disk = &disk_of(vfs);
  handle.file = new std::shared_ptr<UnsyncedDisk::File>(std::move(opened));
  handle.base.pMethods = methods();
  if (got) *got = flags;
  return SQLITE_OK;
}
int delete_in_vfs(sqlite3_vfs* vfs, const char* path, int) {
  disk_of(vfs).remove(path);
  return SQLITE_OK;
}
int access_in_vfs(sqlite3_vfs* vfs, const char* path, int, int* result) {
  *result = disk_of(vfs).exists(path) ? 1 : 0;
  return SQLITE_OK;
}
int full_path_in_vfs(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

}  // namespace

UnsyncedDisk::UnsyncedDisk(std::string name, Random& random)
    : name_(std::move(name)), random_(random), vfs_(std::make_unique<sqlite3_vfs>()) {
  const sqlite3_vfs& system = *sqlite3_vfs_find(nullptr);
  *vfs_ = sqlite3_vfs{};
  vfs_->iVersion = 1;
  vfs_->szOsFile = sizeof(Handle);
  vfs_->mxPathname = system.mxPathname;
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = open_in_vfs;
  vfs_->xDelete = delete_in_vfs;
  vfs_->xAccess = access_in_vfs;
  vfs_->xFullPathname = full_path_in_vfs;
  vfs_->xRandomness = system.xRandomness;
  vfs_->xSleep = system.xSleep;
  vfs_->xCurrentTime = system.xCurrentTime;
  vfs_->xGetLastError = system.xGetLastError;
  sqlite3_vfs_register(vfs_.get(), 0);
}

UnsyncedDisk::~UnsyncedDisk() { sqlite3_vfs_unregister(vfs_.get()); }

void UnsyncedDisk::cut_power_after(std::uint64_t operations) {
  const std::lock_guard lock(mutex_);
  operations_left_ = operations;
}

bool UnsyncedDisk::is_dark() const {
  const std::lock_guard lock(mutex_);
  return dark_;
}

void UnsyncedDisk::restore_power() {
  const std::lock_guard lock(mutex_);
  for (auto& [path, file] : files_) {
    auto after = std::make_shared<File>();
    after->synced = survivor(*file);
    after->content = after->synced;
    file = std::move(after);
  }
  operations_left_.reset();
  dark_ = false;
}

// Each unsynced operation happened, did not happen, or happened to some of its sectors.
std::string UnsyncedDisk::survivor(const File& file) {
  std::string content = file.synced;
  for (const Unsynced& each : file.unsynced) {
    const auto luck = random_.below(3);
    if (luck == 0) continue;
    if (each.truncate_to) {
      content.resize(*each.truncate_to, '\0');
      continue;
    }
    std::size_t done = 0;
    while (done < each.bytes.size()) {
      const std::size_t offset = each.offset + done;
      const std::size_t size =
          std::min(each.bytes.size() - done, sector_size - offset % sector_size);
      if (luck == 1 || random_.once_in(2)) {
        apply(content, offset, std::string_view(each.bytes).substr(done, size));
      }
      done += size;
    }
  }
  return content;
}

void UnsyncedDisk::fail_writes(int result) {
  const std::lock_guard lock(mutex_);
  write_failure_ = result;
}

void UnsyncedDisk::fail_syncs(int result) {
  const std::lock_guard lock(mutex_);
  sync_failure_ = result;
}

std::uint64_t UnsyncedDisk::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

bool UnsyncedDisk::goes_dark() {
  if (operations_left_ && !dark_) {
    dark_ = *operations_left_ == 0;
    if (!dark_) *operations_left_ -= 1;
  }
  return dark_;
}

std::shared_ptr<UnsyncedDisk::File> UnsyncedDisk::open(const std::string& path, bool create) {
  const std::lock_guard lock(mutex_);
  if (dark_) return nullptr;
  if (path.empty()) return std::make_shared<File>();
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  if (!create) return nullptr;
  return files_[path] = std::make_shared<File>();
}

void UnsyncedDisk::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!dark_) files_.erase(path);
}

bool UnsyncedDisk::exists(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return files_.contains(path);
}

int UnsyncedDisk::read(const File& file, void* to, std::size_t size, std::size_t offset) const {
  const std::lock_guard lock(mutex_);
  if (dark_) return SQLITE_IOERR_READ;
  const std::size_t from = std::min(offset, file.content.size());
  const std::size_t there = std::min(size, file.content.size() - from);
  std::memcpy(to, file.content.data() + from, there);
  std::memset(static_cast<char*>(to) + there, 0, size - there);
  return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int UnsyncedDisk::write(File& file, const void* from, std::size_t size, std::size_t offset) {
  const std::lock_guard lock(mutex_);
  Unsynced step{.offset = offset, .bytes = std::string(static_cast<const char*>(from), size)};
  if (dark_) return SQLITE_IOERR_WRITE;
  if (write_failure_ != 0) return write_failure_;
  const bool dark = goes_dark();
  apply(file.content, offset, step.bytes);
  file.unsynced.push_back(std::move(step));
  return dark ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int UnsyncedDisk::truncate(File& file, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (goes_dark()) return SQLITE_IOERR_TRUNCATE;
  file.content.resize(size, '\0');
  file.unsynced.push_back({.truncate_to = size});
  return SQLITE_OK;
}

int UnsyncedDisk::sync(File& file) {
  const std::lock_guard lock(mutex_);
  if (goes_dark()) return SQLITE_IOERR_FSYNC;
  if (sync_failure_ != 0) return sync_failure_;
  syncs_ += 1;
  file.synced = file.content;
  file.unsynced.clear();
  return SQLITE_OK;
}

std::size_t UnsyncedDisk::size(const File& file) const {
  const std::lock_guard lock(mutex_);
  return file.content.size();
}

}  // namespace structwire::taskd::test
