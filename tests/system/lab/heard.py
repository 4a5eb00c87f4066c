"""What a receiver wrote of the tellings that soc_feed causes."""
import re
from collections import Counter

_MESSAGE = re.compile(r'<[0-9]+>1 [^<]*?\[sekisho@32473( resent="1")? seq="([0-9]+)" alert="([0-9]+)" telling="([0-9]+)" '
                      r'severity="([A-Za-z]+)"[^<]*? host="(10\.[0-9.]+)"[^<]*? / [^<\n]+\n')


class Heard:
    """What a receiver wrote, by message number. A line that a killed receiver left unfinished is no message."""

    def __init__(self, text):
        self.times, self.story, self.rank, self.hosts = Counter(), {}, {}, set()
        self.unmarked = self.mistaken = self.marked = 0
        for resent, seq, alert, telling, severity, host in _MESSAGE.findall(text):
            number = int(seq)
            self.marked += bool(resent)
            self.unmarked += number in self.times and not resent
            self.mistaken += self.story.setdefault(number, (alert, telling)) != (alert, telling)
            self.times[number] += 1
            self.rank[number] = severity
            self.hosts.add(host)

    @property
    def doubled(self):
        return sum(times - 1 for times in self.times.values())

    def missing(self, first, last):
        return [number for number in range(first, last + 1) if number not in self.times]
