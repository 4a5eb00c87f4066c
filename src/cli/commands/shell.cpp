// `shell`: commands one after another, with history and completion. The only door to libedit.
// Without a terminal it reads lines as they come, so that a script can be piped in.
#include <histedit.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "cli/commands/commands.h"
#include "cli/options.h"
#include "cli/table.h"

namespace sekisho::cli {
namespace {

constexpr int kHistoryLines = 500;

char* prompt(EditLine*) {
    static char text[] = "sekisho> ";
    return text;
}

/// The part that all candidates share beyond what is typed.
std::string common_start(const Words& candidates) {
    std::string start = candidates.front();
    for (const auto& word : candidates)
        while (!word.starts_with(start)) start.pop_back();
    return start;
}

unsigned char complete_word(EditLine* editor, int) {
    const LineInfo* line = el_line(editor);
    const std::string typed(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
    auto words = split_line(typed);
    if (!words) return CC_ERROR;
    std::string unfinished;
    if (!words->empty() && !typed.ends_with(' ')) {
        unfinished = words->back();
        words->pop_back();
    }
    const Words candidates = completions(*words, unfinished);
    if (candidates.empty()) return CC_ERROR;
    std::string more = common_start(candidates).substr(unfinished.size());
    if (candidates.size() == 1) more += ' ';
    if (!more.empty()) return el_insertstr(editor, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    std::cout << "\n";
    for (const auto& word : candidates) std::cout << word << "  ";
    std::cout << "\n" << std::flush;
    return CC_REDISPLAY;
}

/// libedit's editor and history, both given back at the end.
class Editor {
  public:
    Editor() : history_(history_init()), editor_(el_init("sekisho", stdin, stdout, stderr)) {
        if (!history_ || !editor_) return;
        HistEvent event;
        history(history_, &event, H_SETSIZE, kHistoryLines);
        history(history_, &event, H_SETUNIQUE, 1);
        el_set(editor_, EL_PROMPT, &prompt);
        el_set(editor_, EL_EDITOR, "emacs");
        el_set(editor_, EL_SIGNAL, 1);
        el_set(editor_, EL_HIST, history, history_);
        el_set(editor_, EL_ADDFN, "complete-word", "Complete the word", &complete_word);
        el_set(editor_, EL_BIND, "^I", "complete-word", nullptr);
        if (const char* home = std::getenv("HOME")) file_ = std::string(home) + "/.sekisho_history";
        if (!file_.empty()) history(history_, &event, H_LOAD, file_.c_str());
    }
    Editor(const Editor&) = delete;
    Editor& operator=(const Editor&) = delete;
    ~Editor() {
        HistEvent event;
        if (history_ && !file_.empty()) history(history_, &event, H_SAVE, file_.c_str());
        if (editor_) el_end(editor_);
        if (history_) history_end(history_);
    }
    bool ready() const noexcept { return history_ && editor_; }
    std::optional<std::string> line() {
        int size = 0;
        const char* text = el_gets(editor_, &size);
        if (!text || size <= 0) return {};
        std::string whole(text, static_cast<std::size_t>(size));
        HistEvent event;
        if (whole.find_first_not_of(" \t\n") != std::string::npos)
            history(history_, &event, H_ENTER, whole.c_str());
        if (whole.ends_with('\n')) whole.pop_back();
        return whole;
    }

  private:
    History* history_;
    EditLine* editor_;
    std::string file_;
};

/// @return false when the admin wants to leave
bool run_line(Context& context, const std::string& line, Exit& last) {
    const auto words = split_line(line);
    if (!words) {
        last = context.refuse(words.error());
        return true;
    }
    if (words->empty() || words->front().starts_with('#')) return true;
    if (words->front() == "exit" || words->front() == "quit") return false;
    if (words->front() == "shell") {
        last = context.refuse("this is the shell already");
        return true;
    }
    // Options count for their line only; the settings file stays the shell's.
    Context one(context.out, context.err);
    one.config_file = context.config_file;
    const auto parsed = parse_options(*words, one);
    last = parsed ? run_words(one, *parsed) : context.refuse(parsed.error());
    context.out << std::flush;
    return true;
}

}  // namespace

Exit run_shell(Context& context, const Words&) {
    Exit last = Exit::done;
    if (::isatty(STDIN_FILENO) == 0) {
        for (std::string line; std::getline(std::cin, line);)
            if (!run_line(context, line, last)) break;
        return last;
    }
    Editor editor;
    if (!editor.ready()) return context.refuse("the terminal cannot be used for the shell");
    context.out << "Type a command, help, or exit. Tab completes.\n" << std::flush;
    while (const auto line = editor.line())
        if (!run_line(context, *line, last)) break;
    return Exit::done;
}

}  // namespace sekisho::cli
