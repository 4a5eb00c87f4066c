#include "app/smb/status.h"

#include "app/detail.h"

namespace sekisho::app::smb {
namespace {

struct Status {
    std::uint32_t code;
    std::string_view name;
};

constexpr Status kStatuses[] = {
    {0x00000000, "STATUS_SUCCESS"},               {0x00000103, "STATUS_PENDING"},
    {0x0000010b, "STATUS_NOTIFY_CLEANUP"},        {0x0000010c, "STATUS_NOTIFY_ENUM_DIR"},
    {0x80000005, "STATUS_BUFFER_OVERFLOW"},       {0x80000006, "STATUS_NO_MORE_FILES"},
    {0xc0000002, "STATUS_NOT_IMPLEMENTED"},       {0xc0000008, "STATUS_INVALID_HANDLE"},
    {0xc000000d, "STATUS_INVALID_PARAMETER"},     {0xc000000f, "STATUS_NO_SUCH_FILE"},
    {0xc0000011, "STATUS_END_OF_FILE"},           {0xc0000016, "STATUS_MORE_PROCESSING_REQUIRED"},
    {0xc0000022, "STATUS_ACCESS_DENIED"},         {0xc0000023, "STATUS_BUFFER_TOO_SMALL"},
    {0xc0000033, "STATUS_OBJECT_NAME_INVALID"},   {0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND"},
    {0xc0000035, "STATUS_OBJECT_NAME_COLLISION"}, {0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND"},
    {0xc0000043, "STATUS_SHARING_VIOLATION"},     {0xc000006a, "STATUS_WRONG_PASSWORD"},
    {0xc000006d, "STATUS_LOGON_FAILURE"},         {0xc000006e, "STATUS_ACCOUNT_RESTRICTION"},
    {0xc0000071, "STATUS_PASSWORD_EXPIRED"},      {0xc0000072, "STATUS_ACCOUNT_DISABLED"},
    {0xc00000ac, "STATUS_PIPE_NOT_AVAILABLE"},    {0xc00000b0, "STATUS_PIPE_DISCONNECTED"},
    {0xc00000ba, "STATUS_FILE_IS_A_DIRECTORY"},   {0xc00000bb, "STATUS_NOT_SUPPORTED"},
    {0xc00000c9, "STATUS_NETWORK_NAME_DELETED"},  {0xc00000cc, "STATUS_BAD_NETWORK_NAME"},
    {0xc0000101, "STATUS_DIRECTORY_NOT_EMPTY"},   {0xc0000120, "STATUS_CANCELLED"},
    {0xc0000203, "STATUS_USER_SESSION_DELETED"},  {0xc0000225, "STATUS_NOT_FOUND"},
    {0xc0000234, "STATUS_ACCOUNT_LOCKED_OUT"},    {0xc0000257, "STATUS_PATH_NOT_COVERED"},
    {0xc000035c, "STATUS_NETWORK_SESSION_EXPIRED"},
};

}  // namespace

void put_status(TxId tx, std::uint32_t status, FieldSink& out) noexcept {
    for (const Status& known : kStatuses)
        if (known.code == status) return put_detail(out, tx, "status", known.name);
    put_detail(out, tx, "status_code", status);
}

}  // namespace sekisho::app::smb
