// Every event as an EVE-like line in a file, rotated by size; two files are kept: PATH and PATH.1.
#pragma once

#include <cstdint>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/event/event.h"

namespace sekisho::slowpath {

class JsonLog {
  public:
    /// @error io
    static Result<JsonLog> open(std::string path, std::uint64_t max_octets);
    JsonLog(JsonLog&& other) noexcept;
    JsonLog& operator=(JsonLog&&) = delete;
    ~JsonLog();

    /// Into the buffer; to the file when that is full.
    void write(const event::Event& event);
    /// What is buffered goes to the file. A line that the disk refuses is counted, not tried again: the log is
    /// a convenience, the journal is the record.
    void flush();

    std::uint64_t lines() const noexcept { return lines_; }
    std::uint64_t refused() const noexcept { return refused_; }  ///< octets

  private:
    JsonLog(std::string path, std::uint64_t max_octets) : path_(std::move(path)), max_octets_(max_octets) {}
    Status reopen();

    std::string path_;
    std::uint64_t max_octets_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
    std::uint64_t lines_ = 0, refused_ = 0;
    std::string buffer_;
};

}  // namespace sekisho::slowpath
