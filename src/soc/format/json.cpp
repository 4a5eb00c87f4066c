// The alert as one JSON object (event::append_json), the MSG of an RFC 5424 message without structured data.
// A JSON text cannot be cut, so when it is too long the alert gives up its longest parts in order of worth.
#include "sekisho/event/json_writer.h"
#include "soc/format/rfc5424.h"

namespace sekisho::soc {
namespace {

using event::Alert;

std::string text(const Alert& alert, const Envelope& envelope) {
    std::string out = syslog_header(alert, envelope) + "- ";
    std::string object;
    append_json(object, alert);
    event::JsonWriter json(out);
    out += '{';
    json.field("seq", envelope.number);
    json.field("box", envelope.box);
    out += ',';
    out.append(object, 1);
    return out;
}

void shorten(std::string& field, std::size_t max) { field = cut_utf8(printable(field), max); }

// Each step makes the message shorter; the last leaves a few hundred octets.
using Step = void (*)(Alert&);
constexpr Step kSteps[] = {
    [](Alert& a) { a.guide = {}; },
    [](Alert& a) { a.advice = {}; },
    [](Alert& a) { shorten(a.url, 128); },
    [](Alert& a) { a.title = {}; },
    [](Alert& a) { a.reason.ja.clear(), shorten(a.reason.en, 160); },
    [](Alert& a) { a.peers.resize(std::min<std::size_t>(a.peers.size(), 4)); },
    [](Alert& a) {
        for (std::string* field : {&a.signature, &a.category, &a.app, &a.target, &a.url, &a.class_name, &a.cause}) shorten(*field, 64);
    },
    [](Alert& a) { a.reason = {}; },
};

}  // namespace

std::string format_json(const Alert& alert, const Envelope& envelope) {
    std::string out = text(alert, envelope);
    if (out.size() <= kFormatMaxOctets) return out;
    Alert shorter = alert;
    for (const Step step : kSteps) {
        step(shorter);
        out = text(shorter, envelope);
        if (out.size() <= kFormatMaxOctets) break;
    }
    return out;
}

}  // namespace sekisho::soc
