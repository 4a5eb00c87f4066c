#include "groups.h"

#include <ndpi_api.h>

#include "sekisho/appid/app_id.h"

namespace sekisho::appid {
namespace {

enum Index : std::uint8_t { p2p, remote_access, vpn, mining, messaging, calls, social, games, streaming };

constexpr Group kGroups[] = {
    {"p2p", "File exchange between strangers' machines: BitTorrent, eMule (eDonkey), Gnutella, Direct Connect, Thunder."},
    {"remote_access", "Another screen's keyboard: TeamViewer, AnyDesk, VNC, RDP, Citrix."},
    {"vpn", "Tunnels and relays that hide what is inside: OpenVPN, WireGuard, IPsec, PPTP, Tor, SOCKS, HTTP proxies."},
    {"mining", "Calculating crypto coins."},
    {"messaging", "Text between people: WhatsApp, Telegram, Signal, LINE."},
    {"calls", "Speech and pictures between people."},
    {"social", "Social networks."},
    {"games", "Games and their shops."},
    {"streaming", "Films, television and music."},
};

struct Member {
    std::uint16_t application;
    Index group;
};
constexpr Member kMembers[] = {
    {NDPI_PROTOCOL_BITTORRENT, p2p},        {NDPI_PROTOCOL_EDONKEY, p2p},       {NDPI_PROTOCOL_GNUTELLA, p2p},
    {NDPI_PROTOCOL_DIRECTCONNECT, p2p},     {NDPI_PROTOCOL_OPENFT, p2p},        {NDPI_PROTOCOL_APPLEJUICE, p2p},
    {NDPI_PROTOCOL_THUNDER, p2p},           {NDPI_PROTOCOL_SOPCAST, p2p},       {NDPI_PROTOCOL_PPSTREAM, p2p},
    {NDPI_PROTOCOL_TEAMVIEWER, remote_access}, {NDPI_PROTOCOL_ANYDESK, remote_access}, {NDPI_PROTOCOL_VNC, remote_access},
    {NDPI_PROTOCOL_RDP, remote_access},     {NDPI_PROTOCOL_CITRIX, remote_access},
    {NDPI_PROTOCOL_OPENVPN, vpn},           {NDPI_PROTOCOL_WIREGUARD, vpn},     {NDPI_PROTOCOL_IP_IPSEC, vpn},
    {NDPI_PROTOCOL_PPTP, vpn},              {NDPI_PROTOCOL_CISCOVPN, vpn},      {NDPI_PROTOCOL_TOR, vpn},
    {NDPI_PROTOCOL_HOTSPOT_SHIELD, vpn},    {NDPI_PROTOCOL_SOCKS, vpn},         {NDPI_PROTOCOL_HTTP_PROXY, vpn},
    {NDPI_PROTOCOL_MINING, mining},
};

struct CategoryOf {
    int category;
    Index group;
};
constexpr CategoryOf kCategories[] = {
    {NDPI_PROTOCOL_CATEGORY_VPN, vpn},           {NDPI_PROTOCOL_CATEGORY_CHAT, messaging}, {NDPI_PROTOCOL_CATEGORY_VOIP, calls},
    {NDPI_PROTOCOL_CATEGORY_SOCIAL_NETWORK, social}, {NDPI_PROTOCOL_CATEGORY_GAME, games},
    {NDPI_PROTOCOL_CATEGORY_STREAMING, streaming},   {NDPI_PROTOCOL_CATEGORY_MEDIA, streaming},
    {NDPI_PROTOCOL_CATEGORY_MUSIC, streaming},       {NDPI_PROTOCOL_CATEGORY_VIDEO, streaming},
};

}  // namespace

std::span<const Group> groups() noexcept { return kGroups; }

std::size_t find_group(std::uint16_t application, int category) noexcept {
    for (const Member& member : kMembers)
        if (member.application == application) return member.group;
    for (const CategoryOf& entry : kCategories)
        if (entry.category == category) return entry.group;
    return kNoGroup;
}

}  // namespace sekisho::appid
