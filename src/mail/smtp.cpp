#include "sekisho/mail/smtp.h"

#include <curl/curl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>

#include "sekisho/base/file_text.h"
#include "sekisho/base/result.h"
#include "sekisho/base/shown_text.h"
#include "sekisho/base/text.h"

namespace sekisho::mail {
namespace {

constexpr long kConnectSeconds = 20;
constexpr long kDeliverySeconds = 120;
constexpr std::size_t kPasswordFileMax = 1024;
constexpr std::size_t kAnswerShown = 300;

/// What is sent, and what the server said last and to which command.
struct Talk {
    std::string_view rest;
    std::string command;  ///< its word alone: what follows AUTH is secret
    std::string answer;
};

std::size_t give_body(char* to, std::size_t, std::size_t room, void* context) noexcept {
    auto& talk = *static_cast<Talk*>(context);
    const std::size_t size = std::min(room, talk.rest.size());
    std::memcpy(to, talk.rest.data(), size);
    talk.rest.remove_prefix(size);
    return size;
}

int hear(CURL*, curl_infotype type, char* data, std::size_t size, void* context) {
    auto& talk = *static_cast<Talk*>(context);
    const std::string_view line(data, size);
    if (type == CURLINFO_HEADER_IN) talk.answer = shown_line(trim(line), kAnswerShown);
    if (type == CURLINFO_HEADER_OUT) talk.command = line.substr(0, line.find_first_of(" \r\n"));
    return 0;
}

int ask_stop(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return static_cast<const std::atomic<bool>*>(context)->load(std::memory_order_relaxed) ? 1 : 0;
}

struct Closer {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// The first line of a file that nobody else may read.
Result<std::string> password(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0)
        return fail(ErrorCode::denied, "others may read the password: chmod 600", path);
    const auto text = read_file(path, kPasswordFileMax);
    if (!text) return fail(text.error());
    std::string line = text->substr(0, text->find_first_of("\r\n"));
    if (line.empty()) return fail(ErrorCode::invalid, "holds no password in its first line", path);
    return line;
}

/// The path is the name of the EHLO command.
std::string url_of(const config::MailSettings& server, const std::string& box) {
    std::string name;
    for (const char c : box)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.') name += c;
    const bool v6 = server.host.find(':') != std::string::npos;
    return std::string(server.tls == config::MailTls::implicit ? "smtps://" : "smtp://") + (v6 ? "[" + server.host + "]" : server.host) + ":" +
           std::to_string(server.port) + "/" + (name.empty() ? "sekisho" : name);
}

Delivery judge(CURLcode code, const char* words, const Talk& talk) {
    if (code == CURLE_OK) return {Delivery::Result::done, talk.answer};
    const std::string what = *words != '\0' ? words : curl_easy_strerror(code);
    // Once the envelope is under way the server has accepted us: its no is about this letter.
    const bool said_no = talk.answer.starts_with('4') || talk.answer.starts_with('5');
    const bool about_letter = said_no && (talk.command == "RCPT" || talk.command == "DATA");
    const bool told = said_no && what.find(talk.answer) == std::string::npos;
    return {about_letter ? Delivery::Result::refused : Delivery::Result::trouble,
            shown_line(told ? what + " (" + talk.command + ": " + talk.answer + ")" : what)};
}

}  // namespace

Delivery deliver(const config::MailSettings& server, const std::string& box, const std::string& to, const std::string& message,
                 const std::atomic<bool>& stop) {
    static std::once_flag started;
    std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    const std::unique_ptr<CURL, Closer> curl(curl_easy_init());
    if (!curl) return {Delivery::Result::trouble, "libcurl does not start"};
    Talk talk{message, {}, {}};
    char words[CURL_ERROR_SIZE] = {};
    const std::unique_ptr<curl_slist, Closer> recipients(curl_slist_append(nullptr, ("<" + to + ">").c_str()));

    CURL* const c = curl.get();
    curl_easy_setopt(c, CURLOPT_URL, url_of(server, box).c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, server.tls == config::MailTls::implicit ? "smtps" : "smtp");
    curl_easy_setopt(c, CURLOPT_PROXY, "");  // whatever the environment says
    curl_easy_setopt(c, CURLOPT_USE_SSL, server.tls == config::MailTls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.ca_file.empty()) {
        curl_easy_setopt(c, CURLOPT_CAINFO, server.ca_file.c_str());
        curl_easy_setopt(c, CURLOPT_CAPATH, nullptr);  // those and nobody else
    }
    if (!server.user.empty()) {
        const auto secret = password(server.password_file);
        if (!secret) return {Delivery::Result::trouble, secret.error().message()};
        curl_easy_setopt(c, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(c, CURLOPT_PASSWORD, secret->c_str());
    }
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, ("<" + server.from + ">").c_str());
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    curl_easy_setopt(c, CURLOPT_READFUNCTION, &give_body);
    curl_easy_setopt(c, CURLOPT_READDATA, &talk);
    curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);  // to hear(), which keeps answers
    curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, &hear);
    curl_easy_setopt(c, CURLOPT_DEBUGDATA, &talk);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, &ask_stop);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, kDeliverySeconds);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, words);
    const CURLcode code = curl_easy_perform(c);
    return judge(code, words, talk);
}

}  // namespace sekisho::mail
