// Frames cut from the input: one octet of time in 10 ms, two of length, then the frame. The same frames go through
// a pipeline that enforces and one that observes; what they answer must be sound, and nothing may stay behind.
#include <cstdlib>

#include "sekisho/engine/answer.h"
#include "sekisho/engine/pipeline.h"
#include "sekisho/engine/policy.h"

using namespace sekisho;
using namespace sekisho::engine;

namespace {

constexpr const char* kRules =
    "drop http any any -> any any (msg:\"a\"; http.uri; content:\"/evil\"; sid:1;)\n"
    "reject ip any any -> any any (msg:\"b\"; content:\"ab\"; content:\"c\"; distance:0; within:9; sid:2;)\n"
    "alert http any any -> any any (msg:\"c\"; file_data; content:\"token\"; pcre:\"/t.k[a-z]+/\"; sid:3;)\n"
    "alert tcp any any -> any any (msg:\"d\"; content:!\"never\"; isdataat:3; sid:4;)\n"
    "alert dns any any -> any any (msg:\"e\"; dns.query; content:\"example\"; nocase; sid:5;)\n"
    "alert tls any any -> any any (msg:\"f\"; tls.sni; content:\"example\"; sid:6;)\n";

class SoundEvents final : public event::Sink {
  public:
    void write(const event::Event& event) noexcept override {
        if (!event.sound()) std::abort();
    }
};

struct Box {
    explicit Box(Enforcement enforcement) : pipeline(config(enforcement), sink) {}
    static PipelineConfig config(Enforcement enforcement) {
        PipelineConfig config;
        config.enforcement = enforcement;
        config.flows = 64;
        config.stream_memory_bytes = MiB(4);
        config.midstream = true;
        config.verify_checksums = false;  // else hardly a mutated frame would get far
        return config;
    }
    SoundEvents sink;
    Pipeline pipeline;
};

const Policy& policy() {
    static const auto built = [] {
        PolicyInput input;
        input.settings.url.enabled = false;
        input.rules_text = kRules;
        PolicyReport report;
        auto made = build_policy(input, report);
        if (!made || report.rules_loaded != 6) std::abort();
        return std::move(*made);
    }();
    return *built;
}

void run(Box& box, Bytes in, bool enforce) {
    static TimeNs now = 1'700'000'000 * kSecondNs;
    while (in.size() > 3) {
        now += in[0] * 10'000'000ULL;
        const std::size_t length = std::min<std::size_t>(in[1] * 256u + in[2], in.size() - 3);
        const Judgement judgement = box.pipeline.inspect({.bytes = in.subspan(3, length), .time_ns = now}, policy());
        const bool answers = judgement.verdict == Verdict::reset || judgement.verdict == Verdict::answer;
        if (!judgement.answers.empty() && !answers) std::abort();
        for (const Answer& answer : judgement.answers)
            if (answer.frame.empty() || answer.frame.size() > kAnswerFrameMax) std::abort();
        if (!enforce && judgement.verdict != Verdict::pass && judgement.verdict != Verdict::hold) std::abort();
        box.pipeline.tick(now, policy());
        in = in.subspan(3 + length);
    }
    box.pipeline.finish(policy());
    if (box.pipeline.flows() != 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Box enforcing(Enforcement::enforce), observing(Enforcement::observe);
    run(enforcing, Bytes(data, size), true);
    run(observing, Bytes(data, size), false);
    return 0;
}
