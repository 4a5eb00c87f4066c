"""How a transport payload gets onto the wire: addresses, tags and tunnels, the same for a whole conversation."""
from . import frames


class Wire:
    """@param vlans   (tag type, id) from the outermost inwards
    @param tunnel     None, "gre" or "ipip": the packet inside an IPv4 packet between two gateways
    @param extensions IPv6 extension headers, see frames.ipv6
    """

    def __init__(self, client="192.168.10.2", server="203.0.113.10", vlans=(), tunnel=None, extensions=()):
        self.client, self.server = client, server
        self.vlans, self.tunnel, self.extensions = vlans, tunnel, extensions

    @property
    def six(self):
        return ":" in self.client

    def ends(self, to_server):
        return (self.client, self.server) if to_server else (self.server, self.client)

    def packet(self, to_server, protocol, payload, **more):
        src, dst = self.ends(to_server)
        if self.six:
            return frames.ipv6(src, dst, protocol, payload, extensions=self.extensions, **more)
        return frames.ipv4(src, dst, protocol, payload, **more)

    def frame(self, to_server, packet):
        """A frame around an IP packet of this wire."""
        ethertype = frames.IPV6 if self.six else frames.IPV4
        if self.tunnel:
            gateways = ("198.51.100.1", "198.51.100.2") if to_server else ("198.51.100.2", "198.51.100.1")
            inner, protocol = packet, frames.IPV6_IN_IP if self.six else frames.IPIP
            if self.tunnel == "gre":
                inner, protocol = frames.gre(packet, ethertype), frames.GRE
            packet, ethertype = frames.ipv4(*gateways, protocol, inner), frames.IPV4
        return frames.ethernet(packet, to_server, ethertype, self.vlans)

    def udp(self, to_server, sport, dport, payload):
        """@param sport, dport  of this datagram"""
        datagram = frames.udp_datagram(*self.ends(to_server), sport, dport, payload)
        return self.frame(to_server, self.packet(to_server, frames.UDP, datagram))
