// `version`, `help`, and the documents that are made from tables.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/table.h"
#include "cli/text_table.h"
#include "sekisho/config/document.h"

namespace sekisho::cli {

Exit show_version(Context& context, const Words&) {
    if (context.json)
        context.out << "{\"program\":\"sekisho\",\"version\":\"" << SEKISHO_VERSION << "\"}\n";
    else
        context.out << "sekisho " << SEKISHO_VERSION << "\n";
    return Exit::done;
}

Exit show_help(Context& context, const Words& args) {
    context.out << help_text(args.empty() ? std::string_view{} : std::string_view(args[0]));
    return Exit::done;
}

Exit print_settings_reference(Context& context, const Words&) {
    context.out << config::settings_reference();
    return Exit::done;
}

Exit print_config_example(Context& context, const Words&) {
    context.out << config::example_file();
    return Exit::done;
}

Exit print_command_reference(Context& context, const Words&) {
    context.out << command_reference();
    return Exit::done;
}

}  // namespace sekisho::cli
