// The words of `sekisho replay`.
#pragma once

#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/engine/pipeline.h"

namespace sekisho::replay {

struct Options {
    std::vector<std::string> captures;
    std::string bpf;
    bool json = false;
    bool trace = false;
    bool stats = false;
    bool help = false;
    unsigned profile = 0;   ///< so many of the dearest rules are told; 0: none
    unsigned repeat = 1;
    config::Settings settings;
    engine::PipelineConfig pipeline;
    bool ips = false;
};

/// @error invalid: the word that is wrong and what is allowed
Result<Options> parse_options(int argc, char** argv);
const char* usage() noexcept;

}  // namespace sekisho::replay
