// Each keyword with arguments that are right and wrong. A right one parses; a wrong one names the keyword or what
// contradicts it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signature/keywords/keyword.h"
#include "signature/language_support.h"

namespace sekisho::signature::testing {
namespace {

struct Case {
    const char* options;
    const char* error;  ///< part of the message; empty: the rule is right
    const char* header = "tcp any any -> any any";
};

class Keywords : public ::testing::TestWithParam<Case> {};

TEST_P(Keywords, AreParsedOrRefused) {
    const auto message = error_of(GetParam().options, GetParam().header);
    if (*GetParam().error == '\0')
        EXPECT_EQ(message, "") << GetParam().options;
    else
        EXPECT_THAT(message, ::testing::HasSubstr(GetParam().error)) << GetParam().options;
}

constexpr const char* kHttp = "http any any -> any any";
constexpr const char* kTls = "tls any any -> any any";
constexpr const char* kDns = "dns any any -> any any";

constexpr Case kContentCases[] = {
    {"content:\"a|41 42|b\\;\\\"\\:\\\\\";", ""},
    {"content:!\"a\";", ""},
    {"content:\"a", "closing quote"},
    {"content:a;", "double quotes"},
    {"content:\"\";", "empty"},
    {"content:\"|4|\";", "two digits"},
    {"content:\"|4g|\";", "hexadecimal"},
    {"content:\"|41\";", "not closed"},
    {"content:\"a\\b\";", "backslash"},
    {"content:\"a\"b\";", "double quote"},
    {"nocase;", "no content"},
    {"content:\"a\"; nocase; nocase;", "twice"},
    {"content:\"a\"; nocase:1;", "no value"},
    {"content:\"abc\"; depth:2;", "smaller"},
    {"content:\"abc\"; depth:3; offset:65535;", ""},
    {"content:\"abc\"; offset:65536;", "number"},
    {"content:\"abc\"; offset:x;", "neither a number nor set"},
    {"content:\"abc\"; offset:1; distance:1;", "either"},
    {"content:\"a\"; content:\"abc\"; distance:-5; within:10;", ""},
    {"content:\"a\"; content:\"abc\"; within:2;", "smaller"},
    {"content:\"abc\"; startswith;", ""},
    {"content:\"abc\"; offset:1; startswith;", "startswith"},
    {"content:\"abc\"; startswith; distance:1;", "startswith"},
    {"content:\"abc\"; endswith; nocase;", ""},
    {"content:\"abc\"; endswith; endswith;", "twice"},
    {"content:\"abc\"; rawbytes;", ""},
    {"content:\"abc\"; fast_pattern;", ""},
    {"content:\"abc\"; fast_pattern:only;", ""},
    {"content:\"abc\"; fast_pattern:1,2;", ""},
    {"content:\"abc\"; fast_pattern:2,2;", "number"},
    {"content:\"abc\"; fast_pattern:5;", "offset,length"},
    {"content:\"abc\"; depth:5; fast_pattern:only;", "only"},
    {"content:!\"abc\"; offset:1; fast_pattern;", "negated"},
    {"content:\"abc\"; fast_pattern; content:\"d\"; fast_pattern;", "one is allowed"},
    {"pcre:\"/a.b/smi\";", ""},
    {"pcre:!\"/a;b/R\";", "closing quote"},
    {"pcre:!\"/a\\;b/R\";", ""},
    {"pcre:\"/a(/\";", "parenthes"},
    {"pcre:\"a\";", "/expression/"},
    {"pcre:\"/a/k\";", "unknown letter"},
    {"pcre:\"/a/UH\";", "two buffers"},
    {"pcre:\"/a/UB\";", "letter B"},
    {"pcre:\"/Abc/W\";", "lower case", kHttp},
    {"isdataat:10;", ""},
    {"isdataat:!10,relative,rawbytes;", ""},
    {"isdataat:65536;", "number"},
    {"isdataat:1,sideways;", "sideways"},
    {"byte_test:2,>,100,0,relative,little;", ""},
    {"byte_test:2,!&,0x80,0;", ""},
    {"byte_test:4,!=,5,-2,relative,bitmask 0xff;", ""},
    {"byte_test:9,>,1,0;", "at most 8"},
    {"byte_test:10,>,1,0,string,dec;", ""},
    {"byte_test:2,>,1,0,hex;", "string"},
    {"byte_test:2,~,1,0;", "operator"},
    {"byte_test:2,>,1;", "form"},
    {"byte_test:2,>,len,0;", "neither a number nor set"},
    {"byte_extract:2,0,len; byte_test:2,>,len,0;", ""},
    {"byte_extract:2,0,len,align 3;", "2 or 4"},
    {"byte_extract:2,0,9len;", "variable name"},
    {"byte_extract:2,0,len; content:\"a\"; depth:len;", ""},
    {"byte_jump:4,0,relative,align,post_offset -1,multiplier 2;", ""},
    {"byte_jump:4,0,from_end,from_beginning;", "exclude"},
    {"byte_jump:4;", "form"},
    {"byte_math:bytes 2,offset 0,oper +,rvalue 3,result r;", ""},
    {"byte_math:bytes 2,offset 0,oper /,rvalue 0,result r;", "zero"},
    {"byte_math:bytes 2,offset 0,oper %,rvalue 1,result r;", "operator"},
    {"byte_math:bytes 2,offset 0,oper +,rvalue 3;", "must all be given"},
    {"base64_decode:bytes 8,offset 2,relative; base64_data; content:\"x\";", ""},
    {"base64_data; content:\"x\";", "no base64_decode"},
    {"base64_decode:blue;", "blue"},
};

constexpr Case kBufferCases[] = {
    {"frame:http1.request; content:\"a\";", "", kHttp},
    {"frame:request; content:\"a\";", "", kHttp},
    {"frame:http1.request; content:\"a\";", ""},
    {"frame:request; content:\"a\";", "no frame 'request'"},
    {"frame:smtp.nothing; content:\"a\";", "no frame"},
    {"frame:tls.pdu; content:\"a\";", "about http", kHttp},
    {"frame:http1.request; content:\"a\"; http.uri; content:\"b\";", "does not go together", kHttp},
    {"frame:http1.request;", "not tested", kHttp},
    {"http.uri; content:\"/a\"; bsize:2;", "", kHttp},
    {"http.uri; content:\"/a\"; bsize:1;", "does not fit", kHttp},
    {"bsize:1;", "sticky buffer"},
    {"http.uri; http.method; content:\"GET\";", "not tested", kHttp},
    {"http.uri;", "not tested", kHttp},
    {"http.uri; content:\"a\"; pkt_data; content:\"b\";", "", kHttp},
    {"http.uri; content:\"a\"; http_uri;", "pkt_data", kHttp},
    {"http_uri;", "no content", kHttp},
    {"content:\"a\"; rawbytes; http_uri;", "rawbytes", kHttp},
    {"content:\"a\"; http_header;", "", kHttp},
    {"content:\"a\"; http_header;", "about tls", kTls},
    {"http.uri; content:\"a\"; tls.sni; content:\"b\";", "rule is about http"},
    {"http.uri; content:\"a\"; flow:to_client;", "contradicts", kHttp},
    {"flow:to_server; http.stat_code; content:\"200\";", "contradicts", kHttp},
    {"http.uri; content:\"a\"; http.stat_code; content:\"200\";", "contradicts", kHttp},
    {"http.host; content:\"Example\";", "upper-case", kHttp},
    {"http.host; content:\"example\"; nocase;", "nocase", kHttp},
    {"http.host; dotprefix; content:\".example\"; endswith;", "", kHttp},
    {"dotprefix; content:\"a\";", "directly follow"},
    {"http.host; xor:0d0a; content:\"a\";", "", kHttp},
    {"http.host; xor:0d0; content:\"a\";", "two digits each", kHttp},
    {"http.host; pcrexform:\"(a\"; content:\"a\";", "parenthes", kHttp},
    {"http.host; xor:offset 1,extract 1 0; content:\"a\";", "", kHttp},
    {"http.host; xor:offset 1,0d0a; content:\"a\";", "", kHttp},
    {"http.host; xor:extract 0 1; content:\"a\";", "1 to 255", kHttp},
    {"http.host; xor:offset 1; content:\"a\";", "offset N", kHttp},
    {"http.host; from_base64; content:\"a\";", "", kHttp},
    {"http.host; from_base64:bytes 4, offset 2, mode strict; content:\"a\";", "", kHttp},
    {"http.host; from_base64:mode loose; content:\"a\";", "loose", kHttp},
    {"http.host; from_base64:size 4; content:\"a\";", "bytes N", kHttp},
    {"http.host; gunzip; content:\"a\";", "", kHttp},
    {"http.host; gunzip:max-size=1MiB; content:\"a\";", "", kHttp},
    {"http.host; zlib_deflate:max-size 8; content:\"a\";", "", kHttp},
    {"http.host; zlib_deflate:max-size 0; content:\"a\";", "not a number", kHttp},
    {"http.host; zlib_deflate:size 8; content:\"a\";", "max-size N", kHttp},
    {"http.host; domain; content:\"a\";", "", kHttp},
    {"http.host; tld:1; content:\"a\";", "no value", kHttp},
    {"http.host; subslice:-4,2,truncate; content:\"a\";", "", kHttp},
    {"http.host; subslice:1,0; content:\"a\";", "0 octets", kHttp},
    {"http.host; subslice:1,2,3; content:\"a\";", "OFFSET", kHttp},
    {"http.host; json_decode; content:\"a\";", "", kHttp},
    {"http.request_body; absent;", "", kHttp},
    {"http.request_body; absent:or_else; content:!\"a\";", "", kHttp},
    {"http.request_body; absent:or_else;", "not tested by anything", kHttp},
    {"http.request_body; absent:maybe;", "or_else", kHttp},
    {"http.request_body; absent; content:\"a\";", "must be absent", kHttp},
    {"http.request_body; content:\"a\"; absent;", "directly follow", kHttp},
    {"absent;", "sticky buffer", kHttp},
    {"file.name; absent;", "no part of a message", kHttp},
    {"tcp.hdr; absent;", "no part of a message"},
    {"threshold:type backoff, track by_flow, count 1, multiplier 10;", ""},
    {"threshold:type backoff, track by_src, count 1, multiplier 10;", "by_flow"},
    {"threshold:type backoff, track by_flow, count 1, seconds 10;", "multiplier"},
    {"threshold:type limit, track by_flow, count 1, seconds 10, multiplier 2;", "multiplier"},
    {"detection_filter:track by_src, count 1, seconds 60, unique_on dst_port;", ""},
    {"detection_filter:track by_src, count 1, seconds 60, unique_on port;", "src_port, dst_port"},
    {"detection_filter:track by_src, count 1, seconds 60, unique_on src_port;", "TCP, UDP or SCTP", "ip any any -> any any"},
    {"http.uri; dataset:isset,d,type string,match subdomain,state a.lst;", "", kHttp},
    {"http.uri; dataset:isset,d,type string,match suffix,state a.lst;", "exact or subdomain", kHttp},
    {"http.uri; dataset:isset,d,type string,state a.json,format json;", "value_key", kHttp},
    {"http.uri; dataset:isset,d,type string,state a.json,format xml,value_key a;", "csv, json or ndjson", kHttp},
    {"http.uri; dataset:isset,d,type string,state a.json,format ndjson,value_key a,remove_key,context_key c;", "", kHttp},
    {"filesize:>100kb;", "", kHttp},
    {"filesize:10KiB<>1MB;", "", kHttp},
    {"filesize:>10tb;", "not a number", kHttp},
    {"uricontent:\"/a\";", "", kHttp},
    {"urilen:5<>10,norm;", "", kHttp},
    {"urilen:5<>6;", "nothing lies between", kHttp},
    {"urilen:5,wide;", "norm or raw", kHttp},
    {"dataset:isset,d,type string,load a.lst;", "sticky buffer"},
    {"http.uri; dataset:set,d,type string,state a.lst;", "", kHttp},
    {"http.uri; dataset:set,d,type string,load a.lst;", "a.lst", kHttp},
    {"http.uri; dataset:put,d,type string;", "isset, isnotset, set or unset", kHttp},
    {"http.uri; dataset:isset,d;", "'type T' is missing", kHttp},
    {"http.uri; datarep:d,>,200,load none.lst,type string;", "none.lst", kHttp},
    {"http.uri; datarep:d,~,200,type string;", "<, >, = or !=", kHttp},
    {"iprep:any,bad,>,1;", "no reputation lists"},
    {"iprep:here,bad,>,1;", "any, src, dst or both"},
    {"flow.age:>20;", ""},
    {"flow.pkts:either,>3;", ""},
    {"flow.bytes:toboth,>3;", "toserver, toclient or either"},
    {"asn1:oversize_length 500, absolute_offset 0;", ""},
    {"content:\"a\"; asn1:double_overflow,bitstring_overflow,relative_offset -1;", ""},
    {"asn1:absolute_offset 1;", "asks for nothing"},
    {"asn1:oversize;", "oversize_length N"},
    {"filestore;", "", kHttp},
    {"pcre:\"/a(b)/,flow:name\";", ""},
    {"app-layer-event:applayer_wrong_direction_first_data;", ""},
    {"http.uri; dataset:isset,d,type string,load ../a.lst;", "rules' folder", kHttp},
    {"http.uri; dataset:isset,d,type blob,load a.lst;", "blob", kHttp},
    {"http.uri; dataset:isset,d,type md5,load none.lst;", "none.lst", kHttp},
    {"lua:script.lua;", "not supported yet"},
    {"blue.sky; content:\"a\";", "unknown keyword 'blue.sky'"},
    {"tls.version:1.2;", "", kTls},
    {"tls.version:7;", "1.3", kTls},
    {"ssl_version:tls1.0,tls1.1;", "", kTls},
    {"ssl_version:tls1.0,tls1.3;", "", kTls},
    {"tls_cert_notafter:<2020-01-01;", "", kTls},
    {"tls_cert_notbefore:yesterday;", "number", kTls},
    {"tls_cert_expired;", "", kTls},
    {"tls_cert_valid;", "", kTls},
    {"tls.subject:\"CN=a\";", "", kTls},
    {"tls.fingerprint:\"aa:bb\";", "SHA-1", kTls},
    {"tls.store;", "", kTls},
    {"dns.opcode:!4;", "", kDns},
    {"dns.rcode:70000;", "number", kDns},
    {"dns.query; content:\"a\"; dns.query; content:\"b\";", "", kDns},
    {"filename:\"a.exe\"; ", "", kHttp},
    {"fileext:\"exe\";", "", kHttp},
    {"ssh.protoversion:2_compat;", "", "ssh any any -> any any"},
    {"ssh.protoversion:two;", "version", "ssh any any -> any any"},
};

constexpr Case kStateCases[] = {
    {"flow:established,to_server;", ""},
    {"flow:to_server,to_client;", "contradict"},
    {"flow:established,stateless;", "exclude"},
    {"flow:sideways;", "sideways"},
    {"flow:only_stream,no_stream;", "contradicts"},
    {"flowbits:set,a;", ""},
    {"flowbits:isset,a|b;", ""},
    {"flowbits:set,a|b;", "several names"},
    {"flowbits:raise,a;", "raise"},
    {"flowbits:set;", "name of the bit"},
    {"flowbits:noalert;", ""},
    {"xbits:set,a,track ip_src,expire 10;", ""},
    {"xbits:set,a,expire 10;", "track ip_src"},
    {"xbits:set,a,track ip_mac;", "ip_mac"},
    {"hostbits:set,a,both;", ""},
    {"hostbits:set,a,left;", "left"},
    {"flowint:a,+,1;", ""},
    {"flowint:a,isset;", ""},
    {"flowint:a,isset,1;", "no value"},
    {"flowint:a,+;", "value is missing"},
    {"threshold:type limit,track by_src,count 1,seconds 60;", ""},
    {"threshold:type often,track by_src,count 1,seconds 60;", "limit, threshold, both"},
    {"threshold:type limit,track by_src,count 1;", "must all be given"},
    {"threshold:type limit,type limit,track by_src,count 1,seconds 60;", "twice"},
    {"detection_filter:track by_dst,count 5,seconds 60;", ""},
    {"detection_filter:track by_dst,count 0,seconds 60;", "number"},
    {"detection_filter:track by_dst,count 5,seconds 6; threshold:type limit,track by_src,count 1,seconds 6;", "go together"},
    {"stream_size:server,>,5;", ""},
    {"stream_size:left,>,5;", "left"},
    {"stream_size:server,~,5;", "operator"},
    {"stream-event:no_such_event;", "unknown event"},
    {"app-layer-event:http.no_such_event;", "unknown event"},
    {"app-layer-protocol:!http;", ""},
    {"app-layer-protocol:http;", "already names", kHttp},
    {"app-layer-protocol:blue;", "blue"},
    {"decode-event:ipv4.pkt_too_small;", ""},
    {"decode-event:ipv4.blue;", "unknown event"},
};

constexpr Case kPacketCases[] = {
    {"dsize:5<>10;", ""},  {"dsize:>70000;", "number"}, {"dsize:10<>5;", "smaller"},  {"ttl:5-10;", ""},
    {"ttl:256;", "number"}, {"tos:!8;", ""},            {"id:5;", ""},                {"ip_proto:!tcp;", ""},
    {"ip_proto:blue;", "number"}, {"sameip;", ""},      {"ipopts:lsrr;", ""},         {"ipopts:blue;", "unknown option"},
    {"fragbits:+MD;", ""}, {"fragbits:X;", "unknown letter"}, {"fragbits:+;", "none of"}, {"fragoffset:>0;", ""},
    {"flags:S,12;", ""},   {"flags:+SA;", ""},          {"flags:0;", ""},             {"flags:Q;", "unknown flag"},
    {"flags:+*S;", "one of"}, {"flags:,12;", "no flag"}, {"tcp.flags:S;", ""},        {"seq:1;", ""},
    {"ack:4294967296;", "number"}, {"window:!55;", ""}, {"tcp.mss:<536;", ""},        {"itype:8;", ""},
    {"icode:>0;", ""},     {"icmp_id:0;", ""},          {"icmp_seq:70000;", "number"}, {"icmpv6.mtu:<1280;", ""},
    {"tcpv4-csum:valid;", ""}, {"ipv4-csum:wrong;", "valid or invalid"}, {"vlan.id:200,1;", ""}, {"vlan.id:1,5;", "layer"}, {"vlan.id:!5,all;", ""}, {"vlan.id:5,-1;", ""},
    {"ftpbounce;", ""},    {"geoip:any,JP;", "not supported yet"}, {"lua:a.lua;", "not supported yet"},
};

constexpr Case kMetaCases[] = {
    {"rev:x;", "number"},
    {"sid:2;", "twice"},
    {"msg:\"again\";", "twice"},
    {"priority:0;", "number"},
    {"priority:1; classtype:misc-activity;", ""},
    {"reference:url;", "type,place"},
    {"reference:url,example.com;", ""},
    {"metadata:a b, c d;", ""},
    {"target:left;", "src_ip"},
    {"tag:session,5,packets;", ""},
    {"tag:host,5,packets;", "src or dst"},
    {"noalert; prefilter; bypass;", ""},
    {"gid:3;", ""},
};

INSTANTIATE_TEST_SUITE_P(Content, Keywords, ::testing::ValuesIn(kContentCases));
INSTANTIATE_TEST_SUITE_P(Buffers, Keywords, ::testing::ValuesIn(kBufferCases));
INSTANTIATE_TEST_SUITE_P(State, Keywords, ::testing::ValuesIn(kStateCases));
INSTANTIATE_TEST_SUITE_P(PacketHeaders, Keywords, ::testing::ValuesIn(kPacketCases));
INSTANTIATE_TEST_SUITE_P(Meta, Keywords, ::testing::ValuesIn(kMetaCases));

TEST(KeywordTable, EveryNameIsFoundOnceAndExplained) {
    for (const Keyword& keyword : keyword_table()) {
        EXPECT_EQ(find_keyword(keyword.name), &keyword) << keyword.name;
        EXPECT_TRUE(missing_for(keyword.name).empty() || keyword.name.find('.') != std::string_view::npos) << keyword.name;
        EXPECT_TRUE(keyword.help.ends_with('.')) << keyword.name;
    }
}

}  // namespace
}  // namespace sekisho::signature::testing
