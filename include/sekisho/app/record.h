// Layouts of the fields of kind `record`: what a parser writes and a keyword reads. All numbers are big-endian.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::app {

/// A number inside a record.
struct RecordNumber {
    std::uint8_t offset = 0;
    std::uint8_t size = 0;
};

namespace mqtt_record {
// [ kind ][ value ]: one record for each number of each message of a transaction.
enum Kind : std::uint8_t { type = 1, flags, version, connect_flags, session_present, reason_code };
constexpr RecordNumber kKind{0, 1}, kValue{1, 1};
constexpr std::size_t kSize = 2;
}  // namespace mqtt_record

namespace modbus_record {
//  0          1            2            4       5          6            7               9
// [ function ][ has sub ] [ subfunction ][ unit ][ access ][ category ] [ first address ][ last address ]
// Addresses count from 1, as rules and people do; both are 0 where the request has none.
constexpr RecordNumber kFunction{0, 1}, kHasSubfunction{1, 1}, kSubfunction{2, 2}, kUnit{4, 1}, kAccess{5, 1}, kCategory{6, 1},
    kFirst{7, 2}, kLast{9, 2};
constexpr std::size_t kSize = 11;
enum Access : std::uint8_t { read = 1, write = 2, discretes = 4, coils = 8, input = 16, holding = 32 };
enum Category : std::uint8_t { public_assigned = 1, public_unassigned = 2, user = 4, reserved = 8 };

// Field::modbus_value: [ address ][ value ], two octets each.
constexpr RecordNumber kValueAddress{0, 2}, kValue{2, 2};
constexpr std::size_t kValueSize = 4;
}  // namespace modbus_record

namespace dnp3_record {
// [ function ][ has indications ][ indications ]
constexpr RecordNumber kFunction{0, 1}, kHasIndications{1, 1}, kIndications{2, 2};
constexpr std::size_t kSize = 4;
// Field::dnp3_object: [ group ][ variation ]
constexpr RecordNumber kGroup{0, 1}, kVariation{1, 1};
constexpr std::size_t kObjectSize = 2;
}  // namespace dnp3_record

namespace enip_record {
// [ command ][ status ]
constexpr RecordNumber kCommand{0, 2}, kStatus{2, 4};
constexpr std::size_t kSize = 6;

//  0          1           2         3               5              6        10              14
// [ service ][ response ][ status ][ extended ]  [ which are set ][ class ][ instance ]    [ attribute ]
constexpr RecordNumber kService{0, 1}, kResponse{1, 1}, kServiceStatus{2, 1}, kExtended{3, 2}, kSet{5, 1}, kClass{6, 4},
    kInstance{10, 4}, kAttribute{14, 4};
constexpr std::size_t kServiceSize = 18;
enum Set : std::uint8_t { has_class = 1, has_instance = 2, has_attribute = 4, has_extended = 8 };

// Field::enip_identity
constexpr RecordNumber kProtocolVersion{0, 2}, kVendor{2, 2}, kDeviceType{4, 2}, kProductCode{6, 2}, kRevision{8, 2},
    kIdentityStatus{10, 2}, kSerial{12, 4}, kState{16, 1};
constexpr std::size_t kIdentitySize = 17;
}  // namespace enip_record

namespace http2_record {
// [ kind ][ id ][ value ]: one record for each number of each frame. `id` is that of a setting, else 0.
enum Kind : std::uint8_t { frame_type = 1, error_code, priority, window, size_update, setting };
constexpr RecordNumber kKind{0, 1}, kId{1, 2}, kValue{3, 4};
constexpr std::size_t kSize = 7;
}  // namespace http2_record

namespace websocket_record {
// [ opcode ][ fin and reserved bits, as sent ][ has mask ][ mask ]
constexpr RecordNumber kOpcode{0, 1}, kFlags{1, 1}, kHasMask{2, 1}, kMask{3, 4};
constexpr std::size_t kSize = 7;
}  // namespace websocket_record

namespace ldap_record {
// Field::ldap_response: [ place, from 0 ][ operation ][ has a result ][ result code ]
constexpr RecordNumber kPlace{0, 4}, kOperation{4, 1}, kHasResult{5, 1}, kResult{6, 4};
constexpr std::size_t kSize = 10;

// Field::ldap_outcome: [ bit per operation that was among the responses ][ has a result ][ result code ][ operations of the
// last eight, newest first; kNoOperation where there are fewer ]. The result is that of the last response: it ends an
// operation.
constexpr RecordNumber kOperations{0, 4}, kOutcomeHasResult{4, 1}, kOutcomeResult{5, 4}, kLastOperation{9, 1};
constexpr std::size_t kOutcomeSize = 17;
constexpr std::uint8_t kNoOperation = 0xff;
}  // namespace ldap_record

namespace ike_record {
// [ kind ][ id ][ value ]: exchange type, sizes of payloads, and each attribute of the transform that was chosen (`id`
// is its number in RFC 2409 appendix A or, for IKEv2, its transform type in RFC 7296 section 3.3.2 and more than 255).
enum Kind : std::uint8_t { exchange = 1, key_exchange_size, nonce_size, attribute };
constexpr RecordNumber kKind{0, 1}, kId{1, 2}, kValue{3, 4};
constexpr std::size_t kSize = 7;
}  // namespace ike_record

}  // namespace sekisho::app
