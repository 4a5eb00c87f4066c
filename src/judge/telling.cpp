#include "judge/telling.h"

#include "judge/behind.h"
#include "judge/limits.h"

namespace sekisho::judge {

using event::Alert;
using event::Event;
using event::Kind;
using event::Outcome;
using event::Text;

namespace {

std::string taken(std::string_view text) { return std::string(text.substr(0, kTextMax)); }

}  // namespace

void show(Alert& alert, const Event& e) {
    alert.gid = e.kind == Kind::alert ? e.gid : 0;
    alert.sid = e.sid;
    alert.rev = e.rev;
    alert.category = taken(e.get(Text::category));
    alert.app = taken(e.get(Text::app));
    alert.target = taken(name_in(e));
    alert.url = taken(e.get(Text::url));
    alert.signature = taken(e.kind == Kind::alert ? e.get(Text::signature) : e.get(Text::reason));
    if (e.kind == Kind::url) alert.signature = "URL category " + alert.category + ": " + alert.target;
    alert.src = e.src;
    alert.dst = e.dst;
    alert.src_port = e.src_port;
    alert.dst_port = e.dst_port;
    alert.ip_protocol = e.ip_protocol;
    alert.flow_id = e.flow_id;
}

void give_reason(Story& story, const event::BothTongues& because, const Messages& messages) {
    Alert& alert = story.alert;
    alert.reason = because;
    if (!messages.has_facts()) return;
    event::BothTongues facts;
    messages.add(facts, static_cast<Fact>(alert.bearing));
    messages.add(facts, Fact::cls, {.text = alert.class_name});
    messages.add(facts, Fact::events, {.n = alert.count});
    if (alert.blocked != 0) messages.add(facts, Fact::blocked, {.n = alert.blocked, .m = alert.count});
    if (alert.answered != 0) messages.add(facts, Fact::answered, {.n = alert.answered});
    if (const auto refused = story.after.outcomes[static_cast<std::size_t>(Outcome::attempted)]; refused != 0)
        messages.add(facts, Fact::refused, {.n = refused});
    if (story.after.status != 0) messages.add(facts, Fact::status, {.n = story.after.status, .m = story.after.octets});
    if (story.after.called_back) messages.add(facts, Fact::called_back);
    if (story.after.ended_by_box) messages.add(facts, Fact::ended);
    if (alert.hosts > 1) messages.add(facts, Fact::hosts, {.n = alert.hosts});
    if (alert.days > 1) messages.add(facts, Fact::days, {.n = alert.days});
    if (alert.total > alert.count) messages.add(facts, Fact::total, {.n = alert.total});
    if (!alert.host_os.empty()) messages.add(facts, Fact::os, {.text = alert.host_os});
    if (alert.via) messages.add(facts, Fact::via, {.text = alert.via->to_string(), .more = alert.via_how});
    if (!alert.reported_by.empty()) messages.add(facts, Fact::reported, {.text = alert.reported_by});
    alert.reason.ja += "（" + facts.ja + "）";
    alert.reason.en += " (" + facts.en + ")";
}

}  // namespace sekisho::judge
