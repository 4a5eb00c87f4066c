// From a story to what people read: the event that is shown, and the reason as facts.
#pragma once

#include "judge/story_table.h"
#include "sekisho/event/event.h"
#include "sekisho/judge/messages.h"

namespace sekisho::judge {

/// Fills what the alert shows from one event: the one that opened the story or made it worse.
void show(event::Alert& alert, const event::Event& event);

/// The row's words, then the facts the rank was decided by.
void give_reason(Story& story, const event::BothTongues& because, const Messages& messages);

}  // namespace sekisho::judge
