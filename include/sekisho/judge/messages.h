// What to tell people, by class (rules/messages.yaml), in Japanese and English.
#pragma once

#include <map>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/event/alert.h"

namespace sekisho::judge {

class Messages {
  public:
    /// @error invalid with file:line; not_found, io
    static Result<Messages> load(const std::string& path);
    static Result<Messages> parse(const std::string& text, const std::string& name);

    /// Sets the alert's title and advice from its class ("default" when the class has none), {host}, {target}
    /// and {peer} filled in.
    void tell(event::Alert& alert) const;

  private:
    struct Entry {
        event::BothTongues title, advice;
    };
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace sekisho::judge
