#include "literal_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "sekisho/base/text.h"
#include "sekisho/signature/pattern_db.h"

namespace sekisho::signature {
namespace {

// Phrases that nearly every HTTP exchange, page, script or TLS handshake contains. A window found here is
// common however odd its octets look. Written from the formats' own vocabularies.
constexpr std::string_view kEverydayText =
    "get / http/1.1\r\nhost: www.\r\nuser-agent: mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 "
    "(khtml, like gecko) chrome/ safari/537.36 firefox/ gecko/20100101 msie trident/ compatible; "
    "\r\naccept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r\n"
    "accept-language: en-us,en;q=0.5 ja \r\naccept-encoding: gzip, deflate, br\r\nconnection: keep-alive\r\n"
    "connection: close\r\nupgrade-insecure-requests: 1\r\nreferer: http:// https://www.\r\ncookie: \r\n"
    "content-type: application/x-www-form-urlencoded\r\ncontent-length: \r\ncache-control: no-cache\r\n"
    "pragma: no-cache\r\npost / http/1.0\r\nhttp/1.1 200 ok\r\nserver: nginx apache microsoft-iis/\r\ndate: mon, "
    "jan 2020 gmt\r\nlast-modified: \r\netag: \r\naccept-ranges: bytes\r\ntransfer-encoding: chunked\r\n"
    "content-type: text/html\r\ncontent-type: text/plain\r\ncontent-type: text/css\r\ncontent-type: text/javascript\r\n"
    "content-type: image/jpeg\r\ncontent-type: image/png\r\ncontent-type: image/gif\r\ncontent-type: video/ content-type: "
    "application/octet-stream\r\ncontent-type: application/javascript\r\ncontent-type: application/json\r\n"
    "\r\nconnection: keep-alive\r\n\r\nserver: nginx\r\ndate: \r\nserver: apache/2. \r\nkeep-alive: timeout= "
    "content-encoding: gzip\r\nset-cookie: path=/; expires=; domain=\r\nvary: accept-encoding\r\nx-powered-by: php/"
    "\r\ncontent-type: text/html; charset=utf-8\r\ncontent-disposition: attachment; filename=\"\r\n\r\n"
    "<!doctype html public \"-//w3c//dtd xhtml 1.0 transitional//en\" \"http://www.w3.org/tr/xhtml1/dtd/\">"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv="
    "\"content-type\" content=\"text/html\" name=\"viewport\" name=\"description\"><title></title><link rel="
    "\"stylesheet\" type=\"text/css\" href=\"/css/style.css\"><script type=\"text/javascript\" src=\"/js/\" "
    "language=\"javascript\"></script><style></style></head><body onload=\"\"><div class=\"\" id=\"\" style=\""
    "width: 100%; height: 0px; display:none; visibility:hidden; position:absolute\"><a href=\"http://\" target="
    "\"_blank\"><img src=\"/images/\" alt=\"\" border=\"0\" /></a><p><br /><span></span><ul><li></li></ul><table>"
    "<tr><td></td></tr></table><form method=\"post\" action=\"\"><input type=\"hidden\" name=\"\" value=\"\">"
    "<html><head><title></title></head><body><html>\r\n<head>\r\n<script></script><script>var <html lang=\"ja\">"
    "<iframe src=\"\" width=\"1\" height=\"1\" frameborder=\"0\"></iframe><object classid=\"clsid:\"><embed>"
    "<param name=\"movie\" value=\"\"></object></div></body></html><h1></h1><button type=\"submit\"><label for="
    "\"password\" type=\"text\"></label></form>"
    "(function(){var a=function(b,c){return this.length;};window.document.getelementbyid(\"\").innerhtml="
    "document.write(unescape(string.fromcharcode(parseint(math.random(new array(new date().gettime();"
    "if(typeof navigator.useragent.indexof(\"\")!==-1&&!undefined){try{}catch(e){}else{for(var i=0;i<10;i++)"
    "{eval(function(p,a,c,k,e,d){while(c--){replace(new regexp(split('|').join('').charat(charcodeat("
    "prototype.push(concat(substring(substr(slice(tostring(16).tolowercase();settimeout(function() {location."
    "href=window.location=createelement(\"script\").appendchild(setattribute(getelementsbytagname('head')[0]"
    "addeventlistener(jquery.ajax({url:,type:\"post\",data:,success:function(data){console.log(json.stringify("
    "self.parent.top.frames null true false switch case default break continue throw instanceof "
    "@media screen and (max-width: {margin:0 auto;padding:0;background-color:#ffffff;color:#000000;font-family:"
    "arial,helvetica,sans-serif;font-size:12px;text-align:center;border:1px solid #cccccc;float:left;} "
    ".com/ .net/ .org/ .jp/ .php?id= .html .aspx .asp .jsp .cgi .exe .dll .zip .jpg .png .gif .css .js "
    "index. login. admin/ user password username= action= type= name= page= the and that with this from "
    "copyright all rights reserved privacy policy terms of use contact about home search "
    "application/octet-stream application/json application/javascript image/jpeg image/png image/gif "
    "this program cannot be run in dos mode.\r\r\n$ .text .data .rsrc .reloc kernel32.dll getprocaddress "
    "loadlibrarya user32.dll rich pe mz %pdf-1.4 %pdf-1.7 endobj endstream stream obj <</type/page /length "
    "/filter/flatedecode /font /xobject /procset";

/// Bits of surprise of one octet, by class: measured classes of mixed web traffic, rounded.
double octet_bits(unsigned char c) {
    if (c == ' ' || c == 'e' || c == 't' || c == 'a') return 3.9;
    if (c == 0x00) return 3.0;  // runs of zeros fill binaries and padding
    if (c == 0xff) return 6.0;
    if (std::string_view("oinsrlcd").find(static_cast<char>(c)) != std::string_view::npos) return 4.5;
    if (c >= 'a' && c <= 'z') return 5.6;
    if (c >= '0' && c <= '9') return 5.6;
    if (std::string_view("\"'=/<>.-:;,()\r\n\t_").find(static_cast<char>(c)) != std::string_view::npos) return 5.4;
    if (std::string_view("\\%&?+*!#@{}[]|").find(static_cast<char>(c)) != std::string_view::npos) return 6.2;
    if (c >= 'A' && c <= 'Z') return 7.0;
    return 8.0;
}

constexpr double kRepeatDiscount = 4, kRepeatBitsMin = 0.7;

double window_bits(std::string_view window, bool nocase) {
    double bits = 0;
    for (std::size_t i = 0; i < window.size(); ++i) {
        const char c = nocase ? ascii_lower(window[i]) : window[i];
        const double surprise = octet_bits(static_cast<unsigned char>(c));
        // A repeated octet surprises less: blanks, zeros and dashes come in runs.
        const bool repeated = i > 0 && window[i] == window[i - 1];
        bits += repeated ? std::max(kRepeatBitsMin, surprise - kRepeatDiscount) : surprise;
    }
    return bits;
}

/// Whether the window (any letter case) stands in everyday traffic.
bool is_everyday(std::string_view window) {
    return kEverydayText.find(to_lower(window)) != std::string_view::npos;
}

constexpr double kEverydayBits = 11;  // as common as a two-letter word, whatever its length

}  // namespace

LiteralChoice choose_literal(std::string_view content, bool nocase, std::size_t skip_first) {
    LiteralChoice best;
    if (content.size() <= skip_first) return best;
    const std::size_t width = std::min(kLiteralMax, content.size() - skip_first);
    for (std::size_t at = skip_first; at + width <= content.size(); ++at) {
        const auto window = content.substr(at, width);
        double bits = window_bits(window, nocase);
        const bool everyday = is_everyday(window);
        if (everyday) bits = std::min(bits, kEverydayBits);
        if (bits > best.bits) best = {at, width, bits, bits, everyday};
    }
    if (best.size == 0) best = {skip_first, width, 0.1, 0.1, true};
    const auto whole = content.substr(skip_first);
    best.everyday = is_everyday(whole);
    best.content_bits = best.everyday ? std::min(window_bits(whole, nocase), kEverydayBits) : window_bits(whole, nocase);
    best.content_bits = std::max(best.content_bits, best.bits);
    return best;
}

}  // namespace sekisho::signature
