// Limits of the parsers: number, unit, reason, and what happens there. Nothing a stranger sends makes a
// parser hold, copy or search more than this.
#pragma once

#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::app {

// HTTP ------------------------------------------------------------------------------------------------
/// Start line and header fields of one message. Servers stop at 8 to 48 KiB. Beyond: an event, the fields
/// so far are inspected, the rest of the head is passed over.
constexpr std::size_t kHttpHeadMax = KiB(64);
/// One line: past it the request/response_field_too_long event (Suricata's hard limit is 18,000).
constexpr std::size_t kHttpLineLong = 18000;
/// Header fields of one message; more are left out with an event.
constexpr std::size_t kHttpHeadersMax = 512;
/// Requests waiting for their response. Beyond: the oldest is ended without one.
constexpr std::size_t kHttpPipelineMax = 64;
/// A chunk-size line with its extensions. Beyond: the coding counts as broken.
constexpr std::size_t kHttpChunkLineMax = KiB(8);
/// Layers of Content-Encoding that are removed. Beyond: an event, inner layers stay on.
constexpr std::size_t kHttpCodingLayersMax = 3;
/// Output of a decoder is handed on in pieces of at most this size (it lies on the stack, per layer).
constexpr std::size_t kHttpDecodedPieceMax = KiB(16);
/// A decoded body is a bomb when it is larger than the floor and than ratio times its source, or larger
/// than the ceiling. Then: an event, the rest of the body is left out.
constexpr std::uint64_t kHttpBombFloor = MiB(1);
constexpr std::uint64_t kHttpBombRatio = 2048;
constexpr std::uint64_t kHttpBombCeiling = MiB(64);
/// Boundary of multipart/form-data (RFC 2046 section 5.1.1 says 70). Beyond: parts are not followed.
constexpr std::size_t kMultipartBoundaryMax = 128;
/// Header fields of one part. Beyond: the part counts as no file.
constexpr std::size_t kMultipartHeadMax = 512;

// WebSocket --------------------------------------------------------------------------------------------
/// Payload of one message that is told (Suricata's bound). Beyond: an event, the rest is passed over.
constexpr std::size_t kWebSocketPayloadMax = 65535;
/// A compressed message, inflated. Beyond: an event; that direction's messages are told as sent from then on.
constexpr std::uint64_t kWebSocketInflatedMax = MiB(1);

/// What a protocol leaves to the one that follows it: the request of an upgrade. A longer one is not left.
constexpr std::size_t kInheritedMax = 1024;

// Mail -------------------------------------------------------------------------------------------------
/// A command or reply line of SMTP (RFC 5321 section 4.5.3.1.4 says 512; Suricata's bound). Beyond: an event, the rest
/// of the line is passed over.
constexpr std::size_t kSmtpLineMax = 4096;
/// Commands that wait for their replies. Beyond: the oldest is forgotten.
constexpr std::size_t kSmtpPipelineMax = 64;
/// Recipients of one mail that are told. The protocol asks for 100.
constexpr std::size_t kSmtpRecipientsMax = 100;
/// A header field of a mail, unfolded. Beyond: an event, the rest of it is left out.
constexpr std::size_t kMimeFieldMax = 2000;
/// Octets of a line's start that are kept until more come: a delimiter must fit. Longer lines are read in pieces.
constexpr std::size_t kMimeLineKept = 1000;
/// RFC 2046 section 5.1.1 says 70. Beyond: an event, so much of its start counts.
constexpr std::size_t kMimeBoundaryMax = 128;
/// Name of an attachment; of longer ones the end, which says what kind it is.
constexpr std::size_t kMimeFileNameMax = 255;
/// Multiparts within multiparts. Deeper ones are an event and not opened.
constexpr std::size_t kMimeDepthMax = 8;
/// URLs of one mail that are told.
constexpr std::size_t kMimeUrlsMax = 64;
/// A line of POP3 or IMAP (RFC 2449: 512; RFC 7162: 8192). Beyond: its start is read, the rest is passed over.
constexpr std::size_t kMailLineMax = KiB(8);

/// Parts of mails whose structure an IMAP server told, of one connection. Beyond: the oldest are forgotten.
constexpr std::size_t kImapPartsMax = 32;
/// Name of such a part; of longer ones the end.
constexpr std::size_t kImapNameMax = 128;

// FTP and TFTP -----------------------------------------------------------------------------------------
/// A command or reply line. Beyond: an event, the start of the line is read, the rest passed over (Suricata's bound).
constexpr std::size_t kFtpLineMax = 4096;
/// Commands that wait for their replies. Beyond: the oldest is ended without one.
constexpr std::size_t kFtpPipelineMax = 32;
/// Lines of one reply that are told.
constexpr std::size_t kFtpReplyLinesMax = 64;

// HTTP/2 ----------------------------------------------------------------------------------------------
/// Frames of one header block (HEADERS and its CONTINUATIONs). Beyond: event reassembly_limit_reached, and as the
/// header tables cannot be followed any more, no more is parsed of the connection.
constexpr std::size_t kHttp2BlockMax = KiB(64);
/// Header text of one block, decoded: a few octets can stand for much. Beyond: as above.
constexpr std::size_t kHttp2HeadersMax = KiB(64);
/// Header table of one direction. An end that uses a larger one: names of its oldest entries are not known.
constexpr std::size_t kHttp2TableMax = KiB(16);
/// A frame that is neither DATA nor part of a header block. Beyond: event long_frame_data, it is passed over.
constexpr std::size_t kHttp2ControlMax = KiB(16);
/// A DNS message in a request's path, or in the first DATA frame of a body. Beyond: event dns_request_too_long or
/// dns_response_too_long, it is not read.
constexpr std::size_t kHttp2DnsMax = KiB(16);
constexpr std::size_t kHttp2SettingsMax = 64;   ///< settings of one frame that rules may ask for
constexpr std::size_t kHttp2StreamsMax = 32;    ///< open streams of a connection; beyond: event, the oldest ends
constexpr std::size_t kHttp2DecodersMax = 4;    ///< compressed bodies at a time; of more the bytes are seen as sent

// TLS -------------------------------------------------------------------------------------------------
/// Ciphertext of one record (RFC 5246 section 6.2.3: 2^14 + 2048). Beyond: an event, broken.
constexpr std::size_t kTlsRecordMax = 16384 + 2048;
/// One handshake message that is kept in order to be parsed. Beyond: the start of it is parsed.
constexpr std::size_t kTlsHandshakeMax = KiB(64);
/// Records that wait for the end of a handshake message; the engine's window is 128 KiB. Beyond: as above.
constexpr std::size_t kTlsWindowMax = KiB(96);
/// Certificates of one chain that are reported.
constexpr std::size_t kTlsCertificatesMax = 16;

// QUIC ------------------------------------------------------------------------------------------------
/// Octets of a ClientHello that are put together; with post-quantum key shares it has 2 KiB, and 16 KiB must do.
/// Beyond: event crypto_frag_too_long, no name.
constexpr std::size_t kQuicClientHelloMax = KiB(24);
constexpr std::size_t kQuicServerHelloMax = KiB(4);   ///< the same for a ServerHello
constexpr std::size_t kQuicPiecesMax = 32;            ///< pieces with holes between them; beyond: as above
constexpr std::size_t kQuicDatagramMax = 9000;        ///< an Initial packet that is opened; beyond: event error_on_data
constexpr std::size_t kQuicPacketsMax = 64;           ///< packets before both hellos are read; beyond: no longer parsed
constexpr std::size_t kQuicGoogleTagsMax = 128;       ///< tags of Google's hello; beyond: it is not read

// DNS -------------------------------------------------------------------------------------------------
constexpr std::size_t kDnsNameMax = 255;      ///< octets of a name (RFC 1035 section 3.1); beyond: cut, event
constexpr std::size_t kDnsPointersMax = 16;   ///< compression pointers in one name; beyond: event
constexpr std::size_t kDnsRecordsMax = 256;   ///< questions and answers of one message that are reported

// SIP -------------------------------------------------------------------------------------------------
constexpr std::size_t kSipHeadMax = KiB(16);  ///< start line and headers over TCP; beyond: broken
constexpr std::size_t kSipBodyMax = KiB(32);  ///< a body over TCP that is waited for; longer ones are passed over
constexpr std::size_t kSipHeadersMax = 128;   ///< header lines of one message that are read
constexpr std::size_t kSdpLinesMax = 256;     ///< lines of one session description that are read


// DHCP ------------------------------------------------------------------------------------------------
constexpr std::size_t kDhcpOptionsMax = 128;  ///< options of one message that are read; beyond: event malformed_options

// MQTT ------------------------------------------------------------------------------------------------
/// One message (Suricata's max-msg-length is 1 MiB). A longer one is told by its header, its rest passed over.
constexpr std::size_t kMqttMessageMax = KiB(64);
constexpr std::size_t kMqttTopicsMax = 64;     ///< topics of one SUBSCRIBE or UNSUBSCRIBE; beyond: left out
constexpr std::size_t kMqttOpenMax = 32;       ///< messages that wait for their answer; beyond: event, the oldest ends

// Modbus ----------------------------------------------------------------------------------------------
constexpr std::size_t kModbusFrameMax = 260;   ///< MBAP header and PDU; a longer unit is an event, and passed over
constexpr std::size_t kModbusOpenMax = 64;     ///< requests without response; beyond: event flooded, the oldest ends
constexpr std::size_t kModbusValuesMax = 123;  ///< values of one request that rules may ask for (the protocol's bound)

// DNP3 ------------------------------------------------------------------------------------------------
constexpr std::size_t kDnp3MessageMax = KiB(4);  ///< application octets put together; beyond: event too_long_reassembly
constexpr std::size_t kDnp3ObjectsMax = 128;     ///< object headers of one message; beyond: event too_many_objects
constexpr std::size_t kDnp3PointsMax = 16384;    ///< points of one object header; beyond: event too_many_points

// EtherNet/IP -----------------------------------------------------------------------------------------
constexpr std::size_t kEnipMessageMax = KiB(8);  ///< encapsulated data that are read; a longer unit is passed over
constexpr std::size_t kCipServicesMax = 32;      ///< CIP services of one message; beyond: left out
constexpr std::size_t kCipNestingMax = 4;        ///< multiple-service packets within each other; beyond: left out

// RFB and PostgreSQL ----------------------------------------------------------------------------------
constexpr std::size_t kRfbTextMax = KiB(2);      ///< desktop name or failure reason; longer ones are cut there
constexpr std::size_t kPgsqlMessageMax = KiB(32);  ///< a message that is waited for; longer ones are read as far as that

// SSH -------------------------------------------------------------------------------------------------
constexpr std::size_t kSshBannerMax = 255;        ///< RFC 4253 section 4.2; beyond: event long_banner
constexpr std::size_t kSshPreambleMax = KiB(8);   ///< lines a server may send before its banner
constexpr std::size_t kSshRecordMax = 35000;      ///< a record before encryption (RFC 4253 section 6.1); beyond: event, passed over
constexpr std::size_t kSshKexMax = KiB(16);       ///< a KEXINIT that is read; beyond: event long_kex_record
constexpr std::uint8_t kSshRecordsMax = 16;       ///< records of a side that are looked at; beyond: passed over

// IKE -------------------------------------------------------------------------------------------------
constexpr std::size_t kIkePayloadsMax = 64;       ///< payloads of one message, and transforms of one proposal, that are read

// DCERPC ----------------------------------------------------------------------------------------------
/// Stub data of one call and direction that is kept. Beyond: the rest is not inspected as stub data.
constexpr std::size_t kDcerpcStubMax = KiB(48);
/// Interfaces that a connection (all pipes of an SMB connection) has bound. Beyond: the oldest is forgotten.
constexpr std::size_t kDcerpcInterfacesMax = 24;
/// Calls without an answer. Beyond: the oldest is ended without one.
constexpr std::size_t kDcerpcCallsMax = 12;

// SMB -------------------------------------------------------------------------------------------------
/// Octets of a message that are waited for before it is read; contents of files and pipes behind them are
/// taken as they come. A structure that lies beyond is not read.
constexpr std::size_t kSmbHeadMax = KiB(16);
/// An SMB 1 message is waited for whole up to here: its chained commands may stand behind its data.
constexpr std::size_t kSmb1WholeMax = KiB(80);
/// Requests without an answer. Beyond: the oldest is ended without one.
constexpr std::size_t kSmbRequestsMax = 24;
/// Open files and pipes. Beyond: the one that was used least lately is forgotten; what is read or written there
/// later counts as a file without a name.
constexpr std::size_t kSmbFilesMax = 24;
/// Pipes that carry remote procedure calls. Beyond: the one that was used least lately is not followed.
constexpr std::size_t kSmbPipesMax = 6;
/// Shares that are known to be pipes. Beyond: the oldest is forgotten, and its files count as files.
constexpr std::size_t kSmbTreesMax = 16;
/// Octets of a file name, as UTF-8, that are kept until the file's content comes. Beyond: its end is kept.
constexpr std::size_t kSmbNameMax = 128;
/// Commands chained in one message. Beyond: the rest of the message is passed over, with an event.
constexpr std::size_t kSmbChainMax = 32;

// Kerberos, ONC RPC, RDP, Telnet -------------------------------------------------------------------------
/// One Kerberos message over TCP. Beyond: broken.
constexpr std::size_t kKrb5MessageMax = KiB(64);
/// Head of an ONC RPC message (call header, credentials, names) that is waited for, and as much behind each content of a
/// file; contents are taken as they come, the rest is passed over.
constexpr std::size_t kRpcHeadMax = KiB(4);
/// Calls without an answer. Beyond: the oldest is ended without one.
constexpr std::size_t kRpcCallsMax = 24;
/// Operations of one compound. Servers take 16 to 50. Beyond: left out.
constexpr std::size_t kNfsOperationsMax = 64;
/// Reads and questions for handles without an answer. Beyond: the oldest is forgotten, and the content that it brings is
/// not told as a file.
constexpr std::size_t kNfsExpectedMax = 48;
/// Files whose names are known. Beyond: the one that was used least lately is forgotten; it is told without a name.
constexpr std::size_t kNfsNamesMax = 32;
/// Octets of a file name that are kept until the file's content comes. Beyond: its end is kept.
constexpr std::size_t kNfsNameMax = 128;
/// Contents that are followed, read and written. Beyond: the one that was used least lately ends there.
constexpr std::size_t kNfsContentsMax = 16;
/// One RDP packet before encryption begins (its length has 16 bits).
constexpr std::size_t kRdpPacketMax = KiB(64);
/// A line of a Telnet side. Beyond: event line_too_long, what follows counts as another line.
constexpr std::size_t kTelnetLineMax = KiB(1);
/// A subnegotiation (BSD's telnetd keeps as many). Beyond: event subnegotiation_too_long, the rest is passed over.
constexpr std::size_t kTelnetSubnegotiationMax = 512;

// LDAP ------------------------------------------------------------------------------------------------
/// One message. Of a longer one so much is read, the rest is passed over.
constexpr std::size_t kLdapMessageMax = KiB(64);
/// Messages of one datagram that are read.
constexpr std::size_t kLdapDatagramMessagesMax = 64;
/// Operations without a final answer. Beyond: one that was abandoned ends, else the oldest with event too_many_transactions.
constexpr std::size_t kLdapOpenMax = 40;
/// Responses of one operation that rules may ask for by place, from the front and from the end, and whose names are told.
/// Of those between, an operation that was not there before is told, and a result.
constexpr std::uint32_t kLdapPlacesMax = 16;
constexpr std::size_t kLdapPlacesFromEndMax = 8;
/// Attribute types of a request, and of all responses to it, that are told.
constexpr std::uint32_t kLdapAttributesMax = 32;

}  // namespace sekisho::app
