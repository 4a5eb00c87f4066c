// Text: what language it is in, its characters and its line ends. What has octets that no text has is "data".
#include <algorithm>

#include "file/magic_formats.h"
#include "sekisho/base/text.h"

namespace sekisho::file {
namespace {

struct Beginning {
    std::string_view word;   ///< at the start, after blanks, in any case
    std::string_view text;
    bool script;             ///< "executable" follows
};
constexpr Beginning kBeginnings[] = {
    {"<!doctype html", "HTML document", false}, {"<html", "HTML document", false},
    {"<head", "HTML document", false},          {"<title", "HTML document", false},
    {"<body", "HTML document", false},          {"<script", "HTML document", false},
    {"<!doctype xhtml", "XHTML document", false}, {"<?xml", "XML 1.0 document", false},
    {"<svg", "SVG Scalable Vector Graphics image", false}, {"<?php", "PHP script", false},
    {"#!/bin/sh", "POSIX shell script", true},  {"#!/bin/bash", "Bourne-Again shell script", true},
    {"#!/usr/bin/env python", "Python script", true}, {"#!/usr/bin/python", "Python script", true},
    {"#!/usr/bin/perl", "Perl script text", true}, {"@echo off", "DOS batch file", false},
    {"from:", "RFC 822 mail", false},           {"received:", "SMTP mail", false},
    {"return-path:", "SMTP mail", false},       {"begin:vcard", "vCard visiting card", false},
    {"begin:vcalendar", "vCalendar calendar file", false}, {"mime-version:", "MIME entity", false},
};

enum class Alphabet : std::uint8_t { ascii, utf8, latin, none };

bool is_text_octet(std::uint8_t c) noexcept { return c >= ' ' ? c != 0x7f : (c >= 7 && c <= 13) || c == 0x1b; }

/// Octets of the UTF-8 sequence at `at` (RFC 3629), 0 when there is none; a cut one at the end counts.
std::size_t utf8_at(Bytes head, std::size_t at) noexcept {
    const std::uint8_t first = head[at];
    const std::size_t more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    if (more == 0 || first >= 0xf5) return 0;
    for (std::size_t i = 1; i <= more; ++i) {
        if (at + i == head.size()) return i;
        if ((head[at + i] & 0xc0) != 0x80) return 0;
    }
    return more + 1;
}

Alphabet alphabet_of(Bytes head) noexcept {
    bool utf8 = true, high = false, low_high = false;
    for (std::size_t i = 0; i < head.size();) {
        if (head[i] < 0x80) {
            if (!is_text_octet(head[i])) return Alphabet::none;
            ++i;
            continue;
        }
        high = true;
        low_high = low_high || head[i] < 0xa0;
        const std::size_t size = utf8 ? utf8_at(head, i) : 0;
        if (size == 0) utf8 = false;
        i += size == 0 ? 1 : size;
    }
    if (!high) return Alphabet::ascii;
    if (utf8) return Alphabet::utf8;
    return low_high ? Alphabet::none : Alphabet::latin;
}

void append_line_ends(Bytes head, MagicText& out) noexcept {
    bool crlf = false, lf = false, cr = false;
    for (std::size_t i = 0; i < head.size(); ++i) {
        if (head[i] == '\n') (i > 0 && head[i - 1] == '\r' ? crlf : lf) = true;
        if (head[i] == '\r' && i + 1 < head.size() && head[i + 1] != '\n') cr = true;
    }
    if (!crlf && !lf && !cr) return out.append(", with no line terminators");
    if (lf && !crlf && !cr) return;
    out.append(", with ");
    if (crlf) out.append("CRLF");
    if (cr) out.append(crlf ? ", CR" : "CR");
    if (lf) out.append(", LF");
    out.append(" line terminators");
}

}  // namespace

void tell_text(Bytes head, MagicText& out) noexcept {
    constexpr std::string_view kBom = "\xef\xbb\xbf";
    if (starts(head, "\xff\xfe") || starts(head, "\xfe\xff")) {
        out.append(head[0] == 0xff ? "Unicode text, UTF-16, little-endian text" : "Unicode text, UTF-16, big-endian text");
        return;
    }
    const bool bom = starts(head, kBom);
    const Bytes body = bom ? head.subspan(kBom.size()) : head;
    const Alphabet alphabet = alphabet_of(body);
    std::string_view begin = as_text(body);
    begin.remove_prefix(std::min(begin.find_first_not_of(" \t\r\n"), begin.size()));
    const auto* known = std::find_if(std::begin(kBeginnings), std::end(kBeginnings),
                                     [begin](const Beginning& b) { return starts_with_nocase(begin, b.word); });
    const bool is_known = known != std::end(kBeginnings);
    if (is_known) {
        out.append(known->text);
        if (alphabet != Alphabet::none) out.append(", ");
    }
    switch (alphabet) {
        case Alphabet::none:
            if (!is_known) out.append("data");
            return;
        case Alphabet::ascii: out.append("ASCII text"); break;
        case Alphabet::utf8: out.append(bom ? "Unicode text, UTF-8 (with BOM) text" : "Unicode text, UTF-8 text"); break;
        case Alphabet::latin: out.append("ISO-8859 text"); break;
    }
    if (is_known && known->script) out.append(" executable");
    append_line_ends(body, out);
}

}  // namespace sekisho::file
