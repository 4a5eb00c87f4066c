"""Captures for the golden cases, built byte by byte with the standard library: frames, conversations, a pcap file."""
from . import frames
from .capture import Capture
from .corpus import segments
from .messages import chunked, client_hello, dns_answer, dns_query, http_request, http_response
from .tcp import Tcp
from .wire import Wire

__all__ = ["Capture", "Tcp", "Wire", "chunked", "client_hello", "dns_answer", "dns_query", "frames", "http_request",
           "http_response", "segments"]
