// CIP messages inside EtherNet/IP (CIP Networks Library, volume 1, chapter 2 and appendix C).
#pragma once

#include "sekisho/app/parser.h"

namespace sekisho::app::enip {

/// Puts each service of a CIP message into Field::cip_service: packets of several services are opened.
void put_services(TxId tx, Bytes message, FieldSink& out) noexcept;

}  // namespace sekisho::app::enip
