#include "sekisho/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sekisho::config {
namespace {

using testing::HasSubstr;

constexpr char kGood[] = R"(version: 1
box_name: factory-3
home_net: [192.168.0.0/16, "fc00::/7"]
fastpath:
  ports:
    - name: lan
      device: "net_af_packet0,iface=eth1"
    - {name: wan, device: 0000:03:00.0}
    - name: tap
      device: net_tap0
  pairs:
    - inside: lan
      outside: wan
  mirrors: [tap]
  workers: 2
  cores: [2, 3]
  on_overload: closed
rules:
  files:
    - /usr/share/sekisho/rules/*.rules
  variables:
    HOME_NET: "[192.168.0.0/16]"
    HTTP_PORTS: 80
url:
  categories:
    malware: block
    adware: alert
  block_address: 192.0.2.1
slowpath:
  soc:
    - name: soc
      host: soc.example.jp
      ca_file: /etc/sekisho/ca.pem
    - name: local
      host: 127.0.0.1
      port: 514
      transport: udp
      format: cef
)";

TEST(LoadSettings, ReadsEveryKind) {
    const auto settings = parse_settings(kGood, "good.yaml");
    ASSERT_TRUE(settings) << settings.error().message();
    EXPECT_EQ(settings->box_name, "factory-3");
    EXPECT_EQ(settings->home_net, (std::vector<std::string>{"192.168.0.0/16", "fc00::/7"}));
    ASSERT_EQ(settings->fastpath.ports.size(), 3u);
    EXPECT_EQ(settings->fastpath.ports[0].device, "net_af_packet0,iface=eth1");
    EXPECT_EQ(settings->fastpath.ports[1].device, "0000:03:00.0");
    EXPECT_EQ(settings->fastpath.pairs[0].outside, "wan");
    EXPECT_EQ(settings->fastpath.cores, (std::vector<unsigned>{2, 3}));
    EXPECT_EQ(settings->fastpath.on_overload, OnOverload::closed);
    EXPECT_EQ(settings->rules.variables.at("HTTP_PORTS"), "80");
    EXPECT_EQ(settings->url.categories.at("malware"), UrlAction::block);
    ASSERT_EQ(settings->slowpath.soc.size(), 2u);
    EXPECT_EQ(settings->slowpath.soc[0].port, 6514);
    EXPECT_EQ(settings->slowpath.soc[1].transport, SyslogTransport::udp);
    EXPECT_EQ(settings->slowpath.soc[1].format, SyslogFormat::cef);
    EXPECT_EQ(settings->fastpath.flows, 1'000'000u) << "not written: the default";
}

TEST(LoadSettings, AnEmptyFileIsAllDefaults) {
    for (const char* text : {"", "\n# nothing\n", "fastpath:\n", "---\n"}) {
        const auto settings = parse_settings(text, "x");
        ASSERT_TRUE(settings) << text << settings.error().message();
        EXPECT_EQ(to_yaml(*settings), to_yaml(Settings{}));
    }
}

TEST(LoadSettings, WrittenSettingsReadBackTheSame) {
    const auto settings = parse_settings(kGood, "good.yaml");
    ASSERT_TRUE(settings);
    const std::string text = to_yaml(*settings);
    const auto again = parse_settings(text, "again");
    ASSERT_TRUE(again) << again.error().message() << text;
    EXPECT_EQ(to_yaml(*again), text);
    EXPECT_EQ(again->fastpath.ports[1].device, "0000:03:00.0");
}

TEST(LoadSettings, OddTextsSurviveTheRoundTrip) {
    for (const std::string odd : {"null", "true", "~", "- a", "# no comment", "a: b",
                                  "\"quoted\" \\ back", "情報システム課 (内線 12)", " blanks ",
                                  "*star", "!bang", "{x}", "[y]", "", "0x10", "''"}) {
        Settings settings;
        settings.url.contact = odd;
        settings.rules.variables["V"] = odd.empty() ? "x" : odd;
        const auto again = parse_settings(to_yaml(settings), "again");
        ASSERT_TRUE(again) << odd << again.error().message();
        EXPECT_EQ(again->url.contact, odd);
    }
}

struct Mistake {
    const char* name;
    const char* text;
    std::size_t line;
    const char* path;
    const char* says;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, IsToldWithLineKeyAndRemedy) {
    const auto& mistake = GetParam();
    const auto errors = check_settings(std::string(mistake.text), "box.yaml");
    ASSERT_EQ(errors.size(), 1u);
    const std::string where = "box.yaml:" + std::to_string(mistake.line);
    EXPECT_EQ(errors[0].where, *mistake.path ? where + ": " + mistake.path : where)
        << errors[0].message();
    EXPECT_THAT(errors[0].what, HasSubstr(mistake.says));
}

constexpr Mistake kMistakes[] = {
    {"UnknownKey", "version: 1\n\nfastpth:\n  workers: 1\n", 3, "fastpth",
     "did you mean 'fastpath'"},
    {"UnknownInnerKey", "fastpath:\n  wrkers: 2\n", 2, "fastpath.wrkers", "did you mean 'workers'"},
    {"UnknownFarFromAll", "nonsense: 2\n", 1, "nonsense", "allowed here: version, box_name"},
    {"UnknownInItem", "fastpath:\n  ports:\n    - name: a\n      device: x\n      speed: 10\n", 5,
     "fastpath.ports[0].speed", "not a setting; allowed here: name, device"},
    {"NumberIsText", "fastpath:\n  workers: many\n", 2, "fastpath.workers",
     "is 'many'; allowed: a number from 1 to 64"},
    {"NumberTooSmall", "fastpath:\n  workers: 0\n", 2, "fastpath.workers", "a number from 1 to 64"},
    {"NumberTooLarge", "slowpath:\n  keep_days: 999999999999999999999\n", 2, "slowpath.keep_days",
     "1 to 3650"},
    {"NumberNegative", "fastpath:\n  flows: -5\n", 2, "fastpath.flows", "is '-5'"},
    {"NumberMissing", "fastpath:\n  workers:\n  burst: 8\n", 2, "fastpath.workers", "has no value"},
    {"NumberIsList", "fastpath:\n  burst: [1]\n", 2, "fastpath.burst", "is a list"},
    {"NumberIsGroup", "fastpath:\n  workers:\n    a: 1\n", 2, "fastpath.workers",
     "is a group of settings"},
    {"BoolIsNumber", "url:\n  enabled: 3\n", 2, "url.enabled", "allowed: true or false"},
    {"WordOutOfSet", "fastpath:\n  failure_mode: ajar\n", 2, "fastpath.failure_mode",
     "allowed: one of open, closed"},
    {"LogLevel", "log_level: loud\n", 1, "log_level", "one of debug, info, warning, error"},
    {"NameWithBlank", "box_name: my box\n", 1, "box_name", "letters, digits"},
    {"NetworkWrong", "home_net:\n  - 10.0.0.0/8\n  - 10.0.0.0/99\n", 1, "home_net",
     "an IP network"},
    {"AddressWrong", "url:\n  block_address: here\n", 2, "url.block_address",
     "an IP address, or nothing"},
    {"ListIsGroup", "rules:\n  files:\n    a: b\n", 2, "rules.files", "allowed: a list"},
    {"CategoryAction", "url:\n  categories:\n    malware: block\n    games: forbid\n", 4,
     "url.categories.games", "allow, alert, warn, block"},
    {"VariableName", "rules:\n  variables:\n    \"HOME NET\": any\n", 3, "rules.variables.HOME NET",
     "is no name"},
    {"VariableIsList", "rules:\n  variables:\n    HOME_NET: [a]\n", 3, "rules.variables.HOME_NET",
     "is a list"},
    {"SectionIsText", "fastpath: fast\n", 1, "fastpath", "allowed: a group of settings"},
    {"WholeFileIsText", "hello\n", 1, "", "name: value"},
    {"ItemIsText", "fastpath:\n  ports:\n    - lan\n", 3, "fastpath.ports[0]",
     "a group of settings"},
    {"ItemLacksKey", "fastpath:\n  ports:\n    - name: lan\n", 3, "fastpath.ports[0].device",
     "is missing"},
    {"TwoPortsOneName",
     "fastpath:\n  ports:\n    - {name: a, device: x}\n    - {name: a, device: y}\n", 4,
     "fastpath.ports[1].name", "another item has"},
    {"TwoPortsOneDevice",
     "fastpath:\n  ports:\n    - {name: a, device: x}\n    - {name: b, device: x}\n", 4,
     "fastpath.ports[1].device", "another item has"},
    {"DanglingPair",
     "fastpath:\n  ports:\n    - {name: a, device: x}\n  pairs:\n    - inside: a\n      outside: "
     "b\n",
     6, "fastpath.pairs[0].outside", "fastpath.ports does not name; allowed: a"},
    {"DanglingMirror", "fastpath:\n  mirrors: [m]\n", 2, "fastpath.mirrors[0]", "no ports"},
    {"PortUsedTwice",
     "fastpath:\n  ports: [{name: a, device: x}]\n  pairs:\n    - {inside: a, outside: a}\n", 4,
     "fastpath.pairs[0].outside", "in use already"},
    {"CoresAndWorkers", "fastpath:\n  workers: 2\n  cores: [1]\n", 3, "fastpath.cores",
     "1 cores for 2 workers"},
    {"CoreTwice", "fastpath:\n  workers: 2\n  cores: [1, 1]\n", 3, "fastpath.cores",
     "names a core twice"},
    {"CoreIsText", "fastpath:\n  cores: [one]\n", 2, "fastpath.cores", "a list of numbers"},
    {"RingNoPowerOfTwo", "fastpath:\n  ring_events: 1000\n", 2, "fastpath.ring_events",
     "such as 1024"},
    {"TlsWithoutCa", "slowpath:\n  soc:\n    - name: a\n      host: b\n", 3,
     "slowpath.soc[0].ca_file", "tls needs"},
    {"CertificateWithoutKey",
     "slowpath:\n  soc:\n    - name: a\n      host: b\n      transport: tcp\n      "
     "certificate_file: /c\n",
     3, "slowpath.soc[0].key_file", "together, or neither"},
    {"GroupOfOne", "slowpath:\n  soc:\n    - {name: a, host: b, transport: tcp, group: g}\n    - {name: c, host: d, transport: tcp}\n", 3,
     "slowpath.soc[0].group", "two servers or more"},
    {"PortOutOfRange", "slowpath:\n  soc:\n    - {name: a, host: b, transport: udp, port: 70000}\n",
     3, "slowpath.soc[0].port", "1 to 65535"},
    {"OneFileForTwo", "rules:\n  local_file: /x\nurl:\n  admin_file: /x\n", 4, "url.admin_file",
     "a file of its own"},
    {"MailAddressWithALineEnd", "mail:\n  from: \"a@b.example\\r\\nBcc: c\"\n", 2, "mail.from", "a mail address"},
    {"MailAddressWithTwoDots", "mail:\n  from: a..b@example.jp\n", 2, "mail.from", "a mail address"},
    {"MailAddressWithName", "mail:\n  from: \"A <a@example.jp>\"\n", 2, "mail.from", "a mail address"},
    {"MailToNobody", "mail:\n  host: a\n  from: a@example.jp\n", 2, "mail.host", "needs mail.recipients"},
    {"MailFromNobody", "mail:\n  host: a\n  recipients: [{address: a@example.jp}]\n", 2, "mail.host", "a sender's address"},
    {"MailToOneTwice", "mail:\n  recipients: [{address: a@example.jp}, {address: a@example.jp}]\n", 2,
     "mail.recipients[1].address", "another item has"},
    {"MailPasswordInTheClear",
     "mail: {host: a, from: a@example.jp, recipients: [{address: b@example.jp}], tls: none, user: u, password_file: /p}\n", 1,
     "mail.tls", "in the clear"},
    {"MailUserWithoutPassword", "mail:\n  user: u\n", 2, "mail.user", "together, or neither"},
    {"QuietWithoutEnd", "mail:\n  quiet_from: \"22:00\"\n", 2, "mail.quiet_from", "together, or neither"},
    {"QuietAtNoTime", "mail:\n  quiet_from: \"24:00\"\n", 2, "mail.quiet_from", "a time of day"},
    {"VersionFromTheFuture", "version: 2\n", 1, "version", "allowed: 1"},
};

INSTANTIATE_TEST_SUITE_P(LoadSettings, Mistakes, testing::ValuesIn(kMistakes),
                         [](const auto& mistake) { return mistake.param.name; });

TEST(LoadSettings, KeysThatStandTwiceAndBrokenYamlAreToldWithTheirLine) {
    auto errors =
        check_settings(std::string("url:\n  enabled: true\n  enabled: false\n"), "box.yaml");
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(errors[0].where, "box.yaml:3");
    EXPECT_THAT(errors[0].what, HasSubstr("twice"));
    errors = check_settings(std::string("url:\n  enabled: [true\n"), "box.yaml");
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_THAT(errors[0].where, HasSubstr("box.yaml:"));
}

TEST(LoadSettings, AllMistakesAreToldInOrder) {
    const std::string text =
        "slowpath:\n  keep_days: x\nfastpath:\n  workers: y\n  mirrors: [z]\nmore: 1\n";
    const auto errors = check_settings(text, "b");
    ASSERT_EQ(errors.size(), 4u);
    EXPECT_EQ(errors[0].where, "b:2: slowpath.keep_days");
    EXPECT_EQ(errors[1].where, "b:4: fastpath.workers");
    EXPECT_EQ(errors[2].where, "b:5: fastpath.mirrors[0]");
    EXPECT_EQ(errors[3].where, "b:6: more");
    const auto settings = parse_settings(text, "b");
    ASSERT_FALSE(settings);
    EXPECT_THAT(settings.error().what, HasSubstr("and 3 more"));
}

TEST(SetValue, ChangesOneSettingByItsPath) {
    auto settings = *parse_settings(kGood, "good");
    EXPECT_TRUE(set_value(settings, "fastpath.workers", "4"));
    EXPECT_TRUE(set_value(settings, "fastpath.ports[1].device", "net_tap1"));
    EXPECT_TRUE(set_value(settings, "rules.files", "[/a/*.rules, /b]"));
    EXPECT_TRUE(set_value(settings, "rules.variables.EXTERNAL_NET", "\"!$HOME_NET\""));
    EXPECT_TRUE(set_value(settings, "url.categories.malware", "alert"));
    EXPECT_TRUE(set_value(settings, "fastpath.pairs", "[]"));
    EXPECT_TRUE(set_value(settings, "url.contact", ""));
    EXPECT_EQ(settings.fastpath.workers, 4u);
    EXPECT_EQ(settings.fastpath.ports[1].device, "net_tap1");
    EXPECT_EQ(settings.rules.files.size(), 2u);
    EXPECT_EQ(settings.rules.variables.at("EXTERNAL_NET"), "!$HOME_NET");
    EXPECT_EQ(settings.url.categories.at("malware"), UrlAction::alert);
    EXPECT_EQ(settings.url.categories.size(), 2u);
    EXPECT_TRUE(settings.fastpath.pairs.empty());
}

TEST(SetValue, RefusesAndLeavesTheSettingsAlone) {
    Settings settings;
    const std::string before = to_yaml(settings);
    const std::pair<const char*, const char*> wrong[] = {{"fastpath.workers", "many"},
                                                         {"fastpath.workers", ""},
                                                         {"fastpath", "1"},
                                                         {"no.such", "1"},
                                                         {"fastpath.ports[0].name", "x"},
                                                         {"fastpath.ports[].name", "x"},
                                                         {"fastpath.ports[", "x"},
                                                         {"", "x"},
                                                         {"url.categories.x", "forbid"},
                                                         {"rules.variables.A B", "x"},
                                                         {"url.contact", "a\nb: c"},
                                                         {"home_net", "[x]"},
                                                         {"url.categories.x", "block}\nurl: 1"},
                                                         {"rules.files", "[a"}};
    for (const auto& [path, value] : wrong) {
        EXPECT_FALSE(set_value(settings, path, value)) << path << " = " << value;
        EXPECT_EQ(to_yaml(settings), before);
    }
}

TEST(GetValue, GivesTheValueAsYaml) {
    const auto settings = *parse_settings(kGood, "good");
    EXPECT_EQ(*get_value(settings, "fastpath.workers"), "2");
    EXPECT_EQ(*get_value(settings, "fastpath.ports[2].name"), "tap");
    EXPECT_EQ(*get_value(settings, "fastpath.pairs"), "[{inside: lan, outside: wan}]");
    EXPECT_EQ(*get_value(settings, "url.categories"), "{adware: alert, malware: block}");
    EXPECT_EQ(*get_value(settings, "url.categories.adware"), "alert");
    EXPECT_FALSE(get_value(settings, "url.categories.none"));
}

}  // namespace
}  // namespace sekisho::config
