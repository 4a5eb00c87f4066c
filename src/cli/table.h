// The table of commands, and finding one in it.
#pragma once

#include <span>

#include "cli/command.h"

namespace sekisho::cli {

std::span<const Command> all_commands() noexcept;

struct Found {
    const Command* command = nullptr;  ///< null: none of that name
    Words args;                        ///< what follows the name
};

/// The longest name that the words begin with.
Found find_command(const Words& words);

/// Runs the command that the words name, or says what is wrong with them. Commands that change
/// something leave a line in the audit log.
Exit run_words(Context& context, const Words& words);

/// All commands for people. @param only  first word; empty: all
std::string help_text(std::string_view only = {});

/// docs/cli.md
std::string command_reference();

/// What may stand instead of the last, unfinished word of the line; whole words.
Words completions(const Words& finished, const std::string& unfinished);

/// A line of the shell as words; quotes '...' and "..." keep blanks, a backslash keeps the next
/// character.
/// @error invalid: a quote is not closed
Result<Words> split_line(std::string_view line);

}  // namespace sekisho::cli
