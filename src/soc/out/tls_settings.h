// What a target's settings say of TLS.
#pragma once

#include "sekisho/config/settings.h"
#include "sekisho/crypto/tls_client.h"

namespace sekisho::soc {

inline crypto::TlsClientSettings tls_settings_of(const config::SyslogTarget& target) {
    return {target.ca_file, target.certificate_file, target.key_file,
            target.server_name.empty() ? target.host : target.server_name};
}

}  // namespace sekisho::soc
