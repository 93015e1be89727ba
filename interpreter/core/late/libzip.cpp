// The functions of libzip that we call, each handed on to the library, which is loaded when the first of them is
// called: it brings a cryptographic library along that takes longer to load than the rest of the program.
#include "core/late/library.hpp"

#include <zip.h>

namespace {
constexpr core::LateLibrary libzip(MOONTIDE_LIBZIP, "zip archives (.xlsx, .ods, .docx)", "libzip4");
}  // namespace

extern "C" {

zip_t* zip_open(const char* path, int flags, int* error) { return MOONTIDE_LATE(libzip, zip_open)(path, flags, error); }
zip_t* zip_open_from_source(zip_source_t* source, int flags, zip_error_t* error) {
  return MOONTIDE_LATE(libzip, zip_open_from_source)(source, flags, error);
}
int zip_close(zip_t* archive) { return MOONTIDE_LATE(libzip, zip_close)(archive); }
void zip_discard(zip_t* archive) { return MOONTIDE_LATE(libzip, zip_discard)(archive); }
const char* zip_strerror(zip_t* archive) { return MOONTIDE_LATE(libzip, zip_strerror)(archive); }
zip_int64_t zip_get_num_entries(zip_t* archive, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_get_num_entries)(archive, flags);
}
const char* zip_get_name(zip_t* archive, zip_uint64_t at, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_get_name)(archive, at, flags);
}
zip_int64_t zip_name_locate(zip_t* archive, const char* name, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_name_locate)(archive, name, flags);
}
void zip_stat_init(zip_stat_t* stat) { return MOONTIDE_LATE(libzip, zip_stat_init)(stat); }
int zip_stat_index(zip_t* archive, zip_uint64_t at, zip_flags_t flags, zip_stat_t* stat) {
  return MOONTIDE_LATE(libzip, zip_stat_index)(archive, at, flags, stat);
}
zip_file_t* zip_fopen(zip_t* archive, const char* name, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_fopen)(archive, name, flags);
}
zip_file_t* zip_fopen_index(zip_t* archive, zip_uint64_t at, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_fopen_index)(archive, at, flags);
}
zip_int64_t zip_fread(zip_file_t* file, void* bytes, zip_uint64_t count) {
  return MOONTIDE_LATE(libzip, zip_fread)(file, bytes, count);
}
int zip_fclose(zip_file_t* file) { return MOONTIDE_LATE(libzip, zip_fclose)(file); }
zip_int64_t zip_file_add(zip_t* archive, const char* name, zip_source_t* source, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_file_add)(archive, name, source, flags);
}
int zip_file_set_dostime(zip_t* archive, zip_uint64_t at, zip_uint16_t time, zip_uint16_t date, zip_flags_t flags) {
  return MOONTIDE_LATE(libzip, zip_file_set_dostime)(archive, at, time, date, flags);
}
zip_source_t* zip_source_buffer(zip_t* archive, const void* bytes, zip_uint64_t count, int free) {
  return MOONTIDE_LATE(libzip, zip_source_buffer)(archive, bytes, count, free);
}
zip_source_t* zip_source_buffer_create(const void* bytes, zip_uint64_t count, int free, zip_error_t* error) {
  return MOONTIDE_LATE(libzip, zip_source_buffer_create)(bytes, count, free, error);
}
void zip_source_keep(zip_source_t* source) { return MOONTIDE_LATE(libzip, zip_source_keep)(source); }
void zip_source_free(zip_source_t* source) { return MOONTIDE_LATE(libzip, zip_source_free)(source); }
int zip_source_stat(zip_source_t* source, zip_stat_t* stat) {
  return MOONTIDE_LATE(libzip, zip_source_stat)(source, stat);
}
int zip_source_open(zip_source_t* source) { return MOONTIDE_LATE(libzip, zip_source_open)(source); }
zip_int64_t zip_source_read(zip_source_t* source, void* bytes, zip_uint64_t count) {
  return MOONTIDE_LATE(libzip, zip_source_read)(source, bytes, count);
}
int zip_source_close(zip_source_t* source) { return MOONTIDE_LATE(libzip, zip_source_close)(source); }
zip_error_t* zip_source_error(zip_source_t* source) { return MOONTIDE_LATE(libzip, zip_source_error)(source); }
void zip_error_init(zip_error_t* error) { return MOONTIDE_LATE(libzip, zip_error_init)(error); }
void zip_error_fini(zip_error_t* error) { return MOONTIDE_LATE(libzip, zip_error_fini)(error); }
const char* zip_error_strerror(zip_error_t* error) { return MOONTIDE_LATE(libzip, zip_error_strerror)(error); }

}  // extern "C"
