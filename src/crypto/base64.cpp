#include "sekisho/crypto/base64.h"

#include <openssl/evp.h>

namespace sekisho::crypto {

std::string base64(std::string_view octets) {
    std::string digits((octets.size() + 2) / 3 * 4 + 1, '\0');  // it ends with a NUL
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(digits.data()), reinterpret_cast<const unsigned char*>(octets.data()),
                                     static_cast<int>(octets.size()));
    digits.resize(static_cast<std::size_t>(size));
    return digits;
}

}  // namespace sekisho::crypto
