// The functions of libxlsxwriter that we call, each handed on to the library, which is loaded when the first of them is
// called (see libzip.cpp).
#include "core/late/library.hpp"

#include <xlsxwriter.h>

namespace {
constexpr core::LateLibrary xlsxwriter(MOONTIDE_LIBXLSXWRITER, "Excel workbooks", "libxlsxwriter4");
}  // namespace

extern "C" {

lxw_workbook* workbook_new(const char* filename) { return MOONTIDE_LATE(xlsxwriter, workbook_new)(filename); }
lxw_error workbook_close(lxw_workbook* workbook) { return MOONTIDE_LATE(xlsxwriter, workbook_close)(workbook); }
void lxw_workbook_free(lxw_workbook* workbook) { return MOONTIDE_LATE(xlsxwriter, lxw_workbook_free)(workbook); }
lxw_worksheet* workbook_add_worksheet(lxw_workbook* workbook, const char* sheetname) {
  return MOONTIDE_LATE(xlsxwriter, workbook_add_worksheet)(workbook, sheetname);
}
lxw_format* workbook_add_format(lxw_workbook* workbook) {
  return MOONTIDE_LATE(xlsxwriter, workbook_add_format)(workbook);
}
lxw_error workbook_set_properties(lxw_workbook* workbook, lxw_doc_properties* properties) {
  return MOONTIDE_LATE(xlsxwriter, workbook_set_properties)(workbook, properties);
}
lxw_error workbook_validate_sheet_name(lxw_workbook* workbook, const char* sheetname) {
  return MOONTIDE_LATE(xlsxwriter, workbook_validate_sheet_name)(workbook, sheetname);
}
lxw_error worksheet_write_string(lxw_worksheet* worksheet, lxw_row_t row, lxw_col_t col, const char* string,
                                 lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_write_string)(worksheet, row, col, string, format);
}
lxw_error worksheet_write_number(lxw_worksheet* worksheet, lxw_row_t row, lxw_col_t col, double number,
                                 lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_write_number)(worksheet, row, col, number, format);
}
lxw_error worksheet_write_boolean(lxw_worksheet* worksheet, lxw_row_t row, lxw_col_t col, int value,
                                  lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_write_boolean)(worksheet, row, col, value, format);
}
lxw_error worksheet_write_blank(lxw_worksheet* worksheet, lxw_row_t row, lxw_col_t col, lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_write_blank)(worksheet, row, col, format);
}
lxw_error worksheet_merge_range(lxw_worksheet* worksheet, lxw_row_t first_row, lxw_col_t first_col, lxw_row_t last_row,
                                lxw_col_t last_col, const char* string, lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_merge_range)(worksheet, first_row, first_col, last_row, last_col, string,
                                                          format);
}
lxw_error worksheet_set_column(lxw_worksheet* worksheet, lxw_col_t first_col, lxw_col_t last_col, double width,
                               lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_set_column)(worksheet, first_col, last_col, width, format);
}
lxw_error worksheet_set_row(lxw_worksheet* worksheet, lxw_row_t row, double height, lxw_format* format) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_set_row)(worksheet, row, height, format);
}
void worksheet_set_paper(lxw_worksheet* worksheet, uint8_t paper_type) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_set_paper)(worksheet, paper_type);
}
void worksheet_set_landscape(lxw_worksheet* worksheet) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_set_landscape)(worksheet);
}
void worksheet_fit_to_pages(lxw_worksheet* worksheet, uint16_t width, uint16_t height) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_fit_to_pages)(worksheet, width, height);
}
void worksheet_gridlines(lxw_worksheet* worksheet, uint8_t option) {
  return MOONTIDE_LATE(xlsxwriter, worksheet_gridlines)(worksheet, option);
}
void format_set_bold(lxw_format* format) { return MOONTIDE_LATE(xlsxwriter, format_set_bold)(format); }
void format_set_align(lxw_format* format, uint8_t alignment) {
  return MOONTIDE_LATE(xlsxwriter, format_set_align)(format, alignment);
}
void format_set_font_size(lxw_format* format, double size) {
  return MOONTIDE_LATE(xlsxwriter, format_set_font_size)(format, size);
}
void format_set_font_name(lxw_format* format, const char* font_name) {
  return MOONTIDE_LATE(xlsxwriter, format_set_font_name)(format, font_name);
}
void format_set_text_wrap(lxw_format* format) { return MOONTIDE_LATE(xlsxwriter, format_set_text_wrap)(format); }
void format_set_top(lxw_format* format, uint8_t style) {
  return MOONTIDE_LATE(xlsxwriter, format_set_top)(format, style);
}
void format_set_bottom(lxw_format* format, uint8_t style) {
  return MOONTIDE_LATE(xlsxwriter, format_set_bottom)(format, style);
}
void format_set_indent(lxw_format* format, uint8_t level) {
  return MOONTIDE_LATE(xlsxwriter, format_set_indent)(format, level);
}
void format_set_num_format(lxw_format* format, const char* num_format) {
  return MOONTIDE_LATE(xlsxwriter, format_set_num_format)(format, num_format);
}
char* lxw_strerror(lxw_error error_num) { return MOONTIDE_LATE(xlsxwriter, lxw_strerror)(error_num); }

}  // extern "C"
