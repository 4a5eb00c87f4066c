"""What a case is: a conversation that carries an attack past a box that reads less well than the host."""
from dataclasses import dataclass, field

ATTACK, HARMLESS = "/attack.cgi", "/orders.cgi"


@dataclass
class Case:
    """@param make     gives the conversation for a target: a Talk, or a list of (silence, frame). Called with ATTACK and
                       with HARMLESS, which are equally long
    @param host        what a host makes of it, in a sentence
    @param told        watching, the attack itself need not be recognised: one of these names an event that tells
                       (rule ids of attack.rules, or reasons of anomalies); empty: the attack's own rule has to hit
    @param control     with HARMLESS it is ordinary traffic: no alert, no drop
    @param live        may be sent to a real server
    @param sid         of the attack's rule
    @param needle      of target and name: the octets a host has to get for the attack to work. None: a frame of the
                       conversation has to be missing
    @param only_told   inline it is told and passes: dropping it would hit ordinary traffic; docs/limits.md says so
    """
    family: str
    name: str
    make: object
    host: str
    told: tuple = ()
    control: bool = True
    live: bool = True
    sid: int = 1
    needle: object = None
    only_told: bool = False
    settings: tuple = field(default_factory=tuple)

    @property
    def full_name(self):
        return f"{self.family}/{self.name}"


def request(target, agent, method="GET", version="HTTP/1.1", headers=(), eol="\r\n"):
    lines = [f"{method} {target} {version}", "Host: shop.example", f"User-Agent: {agent}", *headers]
    return (eol.join(lines) + eol + eol).encode("latin-1")
