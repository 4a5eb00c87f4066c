#include "sekisho/fetch/download.h"

#include <curl/curl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "fetch/answer_head.h"
#include "sekisho/base/text.h"

namespace sekisho::fetch {
namespace {

constexpr long kRedirectsMax = 5;
constexpr long kConnectSeconds = 20;
// Slower than this for so long is a server that does not mean it.
constexpr long kSlowOctetsPerSecond = 1000;
constexpr long kSlowSeconds = 30;

struct Transfer {
    std::FILE* file = nullptr;
    std::uint64_t octets = 0;
    std::uint64_t max_octets = 0;
    bool too_large = false;
    bool disk_full = false;
    AnswerHead head;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* context) noexcept {
    auto& transfer = *static_cast<Transfer*>(context);
    transfer.octets += size;
    transfer.too_large = transfer.octets > transfer.max_octets;
    if (transfer.too_large) return 0;
    transfer.disk_full = std::fwrite(data, 1, size, transfer.file) != size;
    return transfer.disk_full ? 0 : size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* context) noexcept {
    static_cast<Transfer*>(context)->head.line({data, size});
    return size;
}

struct Closer {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

tl::unexpected<Error> failure(CURLcode code, const char* words, const Transfer& transfer, const DownloadRequest& request) {
    if (transfer.too_large || code == CURLE_FILESIZE_EXCEEDED)
        return fail(ErrorCode::limit, "larger than " + std::to_string(request.max_octets) + " octets", request.url);
    if (transfer.disk_full) return fail(ErrorCode::io, "cannot be written (disk full?)", request.url);
    return fail(ErrorCode::unavailable, *words != '\0' ? words : curl_easy_strerror(code), request.url);
}

}  // namespace

Result<Download> download(const DownloadRequest& request, const std::string& path) {
    if (!starts_with_nocase(request.url, "https://")) return fail(ErrorCode::invalid, "only https is fetched", request.url);
    const std::string partial = path + ".part";
    std::unique_ptr<std::FILE, Closer> file(std::fopen(partial.c_str(), "wbe"));
    if (!file) return fail(ErrorCode::io, std::strerror(errno), partial);
    const std::unique_ptr<CURL, Closer> curl(curl_easy_init());
    if (!curl) return fail(ErrorCode::internal, "libcurl does not start");
    Transfer transfer;
    transfer.file = file.get();
    transfer.max_octets = request.max_octets;
    char words[CURL_ERROR_SIZE] = {};
    std::unique_ptr<curl_slist, Closer> headers;
    if (!request.etag.empty()) headers.reset(curl_slist_append(nullptr, ("If-None-Match: " + request.etag).c_str()));

    CURL* const c = curl.get();
    curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, kRedirectsMax);
    curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(request.max_seconds));
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, kSlowOctetsPerSecond);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, kSlowSeconds);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.max_octets));
    curl_easy_setopt(c, CURLOPT_FILETIME, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "sekisho");
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, words);
    if (!request.ca_file.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, request.ca_file.c_str());
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, &take_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, &transfer);
    const CURLcode code = curl_easy_perform(c);
    long status = 0;
    curl_off_t modified = -1;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c, CURLINFO_FILETIME_T, &modified);

    const bool written = std::fclose(file.release()) == 0;
    if (code != CURLE_OK || status == 304 || !written) {
        ::unlink(partial.c_str());
        if (code != CURLE_OK) return failure(code, words, transfer, request);
        if (!written) return fail(ErrorCode::io, "cannot be written (disk full?)", partial);
        return Download{true, transfer.head.etag().empty() ? request.etag : transfer.head.etag(), 0, 0};
    }
    if (std::rename(partial.c_str(), path.c_str()) != 0) return fail(ErrorCode::io, std::strerror(errno), path);
    return Download{false, transfer.head.etag(), transfer.octets, modified > 0 ? static_cast<std::uint64_t>(modified) : 0};
}

}  // namespace sekisho::fetch
