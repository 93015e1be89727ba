#include "files/gdal.hpp"

#include "files/input.hpp"

#ifdef MOONTIDE_GDAL
#include "core/interrupt.hpp"
#include "core/late/library.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/csv/encoding.hpp"
#include "data/date.hpp"
#include "files/cells.hpp"

#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_vsi.h>
#include <gdal/gdal.h>
#include <gdal/ogr_api.h>
#include <gdal/ogr_srs_api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#endif

namespace files {

#ifndef MOONTIDE_GDAL

data::Frame read_layer(const LayerRequest& request, const ReadOptions&, Report&) {
  throw core::Error("'" + request.path + "' is " + request.title +
                    ", and this program was built without GDAL, which reads them")
      .hint("build it with libgdal-dev installed and -DMOONTIDE_GDAL=ON");
}

#else

namespace {

constexpr std::size_t npos = std::string_view::npos;

constexpr core::LateLibrary library(MOONTIDE_GDAL, "maps", "libgdal32");

struct Gdal {
  Gdal() { all_register(); }

  template <class Function>
  Function* at(const char* name) const {
    return library.function<Function>(name);
  }
  decltype(GDALAllRegister)* all_register = at<decltype(GDALAllRegister)>("GDALAllRegister");
  decltype(GDALOpenEx)* open = at<decltype(GDALOpenEx)>("GDALOpenEx");
  decltype(GDALClose)* close = at<decltype(GDALClose)>("GDALClose");
  decltype(GDALDatasetGetLayerCount)* layer_count = at<decltype(GDALDatasetGetLayerCount)>("GDALDatasetGetLayerCount");
  decltype(GDALDatasetGetLayer)* layer = at<decltype(GDALDatasetGetLayer)>("GDALDatasetGetLayer");
  decltype(CPLPushErrorHandlerEx)* push_handler = at<decltype(CPLPushErrorHandlerEx)>("CPLPushErrorHandlerEx");
  decltype(CPLPopErrorHandler)* pop_handler = at<decltype(CPLPopErrorHandler)>("CPLPopErrorHandler");
  decltype(CPLGetErrorHandlerUserData)* handler_data =
      at<decltype(CPLGetErrorHandlerUserData)>("CPLGetErrorHandlerUserData");
  decltype(VSIFree)* free = at<decltype(VSIFree)>("VSIFree");
  decltype(OGR_L_GetName)* layer_name = at<decltype(OGR_L_GetName)>("OGR_L_GetName");
  decltype(OGR_L_GetLayerDefn)* definition = at<decltype(OGR_L_GetLayerDefn)>("OGR_L_GetLayerDefn");
  decltype(OGR_L_GetNextFeature)* next = at<decltype(OGR_L_GetNextFeature)>("OGR_L_GetNextFeature");
  decltype(OGR_L_GetSpatialRef)* projection = at<decltype(OGR_L_GetSpatialRef)>("OGR_L_GetSpatialRef");
  decltype(OGR_FD_GetFieldCount)* field_count = at<decltype(OGR_FD_GetFieldCount)>("OGR_FD_GetFieldCount");
  decltype(OGR_FD_GetFieldDefn)* field = at<decltype(OGR_FD_GetFieldDefn)>("OGR_FD_GetFieldDefn");
  decltype(OGR_Fld_GetNameRef)* field_name = at<decltype(OGR_Fld_GetNameRef)>("OGR_Fld_GetNameRef");
  decltype(OGR_Fld_GetType)* field_type = at<decltype(OGR_Fld_GetType)>("OGR_Fld_GetType");
  decltype(OGR_Fld_GetSubType)* field_subtype = at<decltype(OGR_Fld_GetSubType)>("OGR_Fld_GetSubType");
  decltype(OGR_F_Destroy)* destroy = at<decltype(OGR_F_Destroy)>("OGR_F_Destroy");
  decltype(OGR_F_IsFieldSetAndNotNull)* is_set = at<decltype(OGR_F_IsFieldSetAndNotNull)>("OGR_F_IsFieldSetAndNotNull");
  decltype(OGR_F_GetFieldAsInteger64)* integer = at<decltype(OGR_F_GetFieldAsInteger64)>("OGR_F_GetFieldAsInteger64");
  decltype(OGR_F_GetFieldAsDouble)* real = at<decltype(OGR_F_GetFieldAsDouble)>("OGR_F_GetFieldAsDouble");
  decltype(OGR_F_GetFieldAsString)* text = at<decltype(OGR_F_GetFieldAsString)>("OGR_F_GetFieldAsString");
  decltype(OGR_F_GetFieldAsDateTime)* date = at<decltype(OGR_F_GetFieldAsDateTime)>("OGR_F_GetFieldAsDateTime");
  decltype(OGR_F_GetGeometryRef)* shape = at<decltype(OGR_F_GetGeometryRef)>("OGR_F_GetGeometryRef");
  decltype(OGR_G_GetGeometryType)* shape_type = at<decltype(OGR_G_GetGeometryType)>("OGR_G_GetGeometryType");
  decltype(OGR_GT_Flatten)* flatten = at<decltype(OGR_GT_Flatten)>("OGR_GT_Flatten");
  decltype(OGR_G_GetGeometryCount)* part_count = at<decltype(OGR_G_GetGeometryCount)>("OGR_G_GetGeometryCount");
  decltype(OGR_G_GetGeometryRef)* part = at<decltype(OGR_G_GetGeometryRef)>("OGR_G_GetGeometryRef");
  decltype(OGR_G_GetPointCount)* point_count = at<decltype(OGR_G_GetPointCount)>("OGR_G_GetPointCount");
  decltype(OGR_G_GetX)* x = at<decltype(OGR_G_GetX)>("OGR_G_GetX");
  decltype(OGR_G_GetY)* y = at<decltype(OGR_G_GetY)>("OGR_G_GetY");
  decltype(OGR_G_IsEmpty)* is_empty = at<decltype(OGR_G_IsEmpty)>("OGR_G_IsEmpty");
  decltype(OGR_G_GetLinearGeometry)* straightened = at<decltype(OGR_G_GetLinearGeometry)>("OGR_G_GetLinearGeometry");
  decltype(OGR_G_DestroyGeometry)* destroy_shape = at<decltype(OGR_G_DestroyGeometry)>("OGR_G_DestroyGeometry");
  decltype(OSRGetName)* projection_name = at<decltype(OSRGetName)>("OSRGetName");
  decltype(OSRIsGeographic)* is_geographic = at<decltype(OSRIsGeographic)>("OSRIsGeographic");
  decltype(OSRExportToWkt)* to_wkt = at<decltype(OSRExportToWkt)>("OSRExportToWkt");
};

const Gdal& gdal() {
  static const Gdal loaded;
  return loaded;
}

/// GDAL's complaints while it lives.
class Listening {
 public:
  explicit Listening(const LayerRequest& request) : request_(request) { gdal().push_handler(hear, &heard_); }
  ~Listening() { gdal().pop_handler(); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  /// Throws what GDAL said, if it was an error.
  void check(const std::string& where) const {
    if (heard_.failed)
      throw file_error(request_.path, where + "GDAL says: " + heard_.message).hint("the file is truncated or damaged");
  }
  core::Error refused() const {
    return file_error(request_.path,
                      "not " + request_.title + (heard_.message.empty() ? "" : ": GDAL says: " + heard_.message));
  }
  const std::vector<std::string>& warnings() const { return heard_.warnings; }

 private:
  struct Heard {
    bool failed = false;
    std::string message;
    std::vector<std::string> warnings;
  };
  static void CPL_STDCALL hear(CPLErr severity, CPLErrorNum, const char* message) {
    auto& heard = *static_cast<Heard*>(gdal().handler_data());
    try {
      if (severity >= CE_Failure && !heard.failed) {
        heard.failed = true;
        heard.message = message;
      } else if (severity == CE_Warning) {
        if (heard.message.empty()) heard.message = message;
        if (heard.warnings.size() < 3) heard.warnings.emplace_back(message);
      }
    } catch (...) {
      heard.failed = true;
    }
  }
  const LayerRequest& request_;
  Heard heard_;
};

struct CloseDataset {
  void operator()(GDALDatasetH dataset) const { gdal().close(dataset); }
};
struct DestroyFeature {
  void operator()(OGRFeatureH feature) const { gdal().destroy(feature); }
};
struct DestroyShape {
  void operator()(OGRGeometryH shape) const { gdal().destroy_shape(shape); }
};

OGRLayerH find_layer(GDALDatasetH dataset, const LayerRequest& request, Report& report) {
  std::vector<std::string> names;
  const int count = gdal().layer_count(dataset);
  for (int i = 0; i < count; ++i) names.emplace_back(gdal().layer_name(gdal().layer(dataset, i)));
  if (names.empty()) throw file_error(request.path, "it has no layers");
  if (request.layer.empty()) {
    if (names.size() > 1)
      report.notes.push_back("read '" + names.front() + "', the first of " + std::to_string(names.size()) + ": " +
                             core::join(names, ", "));
    return gdal().layer(dataset, 0);
  }
  const auto at = std::find(names.begin(), names.end(), request.layer);
  if (at == names.end())
    throw core::Error("no layer '" + request.layer + "' in '" + request.path + "'")
        .hint(core::did_you_mean(request.layer, names, "layers"))
        .word(request.layer);
  return gdal().layer(dataset, static_cast<int>(at - names.begin()));
}

/// Shapes of features, one after another.
class Shapes {
 public:
  /// Adds the shape of one feature. False when it is of a kind that rows cannot have (a collection of several kinds).
  bool add(OGRGeometryH shape) {
    if (!shape || gdal().is_empty(shape)) {
      made_->end_shape(data::ShapeKind::none);
      return true;
    }
    const std::unique_ptr<void, DestroyShape> straight(gdal().straightened(shape, 0, nullptr));
    const data::ShapeKind kind = add_parts(straight ? straight.get() : shape);
    made_->end_shape(kind);
    return kind != data::ShapeKind::none;
  }
  std::shared_ptr<data::Geometry> made() { return made_; }

 private:
  data::ShapeKind add_parts(OGRGeometryH shape) {
    switch (gdal().flatten(gdal().shape_type(shape))) {
      case wkbPoint:
        return add_path(shape, false) ? data::ShapeKind::point : data::ShapeKind::none;
      case wkbLineString:
        return add_path(shape, false) ? data::ShapeKind::line : data::ShapeKind::none;
      case wkbPolygon:
        return add_polygon(shape) ? data::ShapeKind::polygon : data::ShapeKind::none;
      case wkbMultiPoint:
      case wkbMultiLineString:
      case wkbMultiPolygon: {
        data::ShapeKind kind = data::ShapeKind::none;
        for (int i = 0; i < gdal().part_count(shape); ++i) kind = std::max(kind, add_parts(gdal().part(shape, i)));
        return kind;
      }
      default:
        return data::ShapeKind::none;
    }
  }
  bool add_polygon(OGRGeometryH polygon) {
    for (int i = 0; i < gdal().part_count(polygon); ++i)
      if (!add_path(gdal().part(polygon, i), i > 0) && i == 0) return false;
    return gdal().part_count(polygon) > 0;
  }
  bool add_path(OGRGeometryH path, bool hole) {
    const int count = gdal().point_count(path);
    for (int i = 0; i < count; ++i) made_->add_point(gdal().x(path, i), gdal().y(path, i));
    if (count > 0) made_->end_path(hole);
    return count > 0;
  }
  std::shared_ptr<data::Geometry> made_ = std::make_shared<data::Geometry>();
};

void add_date(Cells& cells, OGRFeatureH feature, int field) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int zone = 0;
  if (!gdal().date(feature, field, &year, &month, &day, &hour, &minute, &second, &zone) || month < 1 || month > 12 ||
      day < 1 || day > data::days_in_month(year, month))
    return cells.missing();
  const std::int64_t days = data::days_from_civil({.year = year, .month = month, .day = day});
  if (hour == 0 && minute == 0 && second == 0) return cells.date(days);
  std::array<char, 24> time{};
  std::snprintf(time.data(), time.size(), " %02d:%02d:%02d", hour, minute, second);
  cells.text(data::iso_date(days) + time.data());
}

struct Field {
  int place = 0;
  std::string name;
  OGRFieldType type = OFTString;
  bool boolean = false;
  Cells cells;
};

void add_value(Field& field, OGRFeatureH feature) {
  if (!gdal().is_set(feature, field.place)) return field.cells.missing();
  switch (field.type) {
    case OFTInteger:
    case OFTInteger64: {
      const GIntBig value = gdal().integer(feature, field.place);
      if (field.boolean)
        field.cells.boolean(value != 0);
      else if (value == data::missing_integer)
        field.cells.real(static_cast<double>(value));
      else
        field.cells.integer(value);
      break;
    }
    case OFTReal:
      field.cells.real(gdal().real(feature, field.place));
      break;
    case OFTDate:
    case OFTDateTime:
      add_date(field.cells, feature, field.place);
      break;
    default:
      field.cells.text(gdal().text(feature, field.place));
  }
}

/// The columns' texts brought to UTF-8, whatever they are in.
class Decoder {
 public:
  Decoder(const std::vector<std::string>& texts, const LayerRequest& request) : path_(request.path) {
    std::string bad;
    for (const std::string& text : texts)
      if (data::csv::invalid_utf8(text) != npos) bad += text + "\n";
    if (!bad.empty() && !request.raw_text)
      throw file_error(path_, "text that is not UTF-8")
          .hint("encoding= names its encoding, where the format takes one");
    if (!bad.empty()) encoding_ = data::csv::guess_legacy_encoding(bad);
  }
  const std::string& encoding() const { return encoding_; }  ///< "": all is UTF-8
  std::string operator()(const std::string& text) const {
    if (encoding_.empty() || data::csv::invalid_utf8(text) == npos) return text;
    std::string out;
    if (data::csv::convert(text, encoding_, out) != npos)
      throw file_error(path_, "text in an encoding that is not known").hint("encoding= names it");
    return out;
  }

 private:
  const std::string& path_;
  std::string encoding_;
};

void describe_projection(data::Geometry& shapes, OGRSpatialReferenceH projection) {
  if (!projection) return;
  if (const char* name = gdal().projection_name(projection)) shapes.projection = name;
  shapes.geographic = gdal().is_geographic(projection) != 0;
  char* wkt = nullptr;
  if (gdal().to_wkt(projection, &wkt) == OGRERR_NONE && wkt) shapes.wkt = wkt;
  gdal().free(wkt);
  if (data::csv::invalid_utf8(shapes.projection + shapes.wkt) != npos) shapes.projection = shapes.wkt = "";
}

data::Frame frame_of(std::vector<Field>& fields, const LayerRequest& request, const ReadOptions& options,
                     Report& report) {
  std::vector<data::ColumnPtr> columns;
  std::vector<std::string> texts;
  for (const Field& field : fields) {
    columns.push_back(field.cells.column({.where = "'" + request.path + "'", .name = field.name}, report.notes));
    texts.push_back(field.name);
    if (columns.back()->dictionary())
      texts.insert(texts.end(), columns.back()->dictionary()->begin(), columns.back()->dictionary()->end());
  }
  const Decoder decoded(texts, request);
  if (!decoded.encoding().empty())
    report.notes.push_back("text is not UTF-8: read as " + decoded.encoding() + " (encoding= names another)");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    names.push_back(decoded(fields[i].name));
    if (decoded.encoding().empty() || !columns[i]->dictionary()) continue;
    auto words = std::make_shared<std::vector<std::string> >();
    for (const std::string& word : *columns[i]->dictionary()) words->push_back(decoded(word));
    columns[i] =
        data::Column::texts(std::vector<std::int32_t>(columns[i]->codes().begin(), columns[i]->codes().end()), words);
  }
  names = distinct_names(std::move(names));
  check_columns(request.path, options.csv.columns, names);
  data::Frame frame;
  for (const std::string& name : options.csv.columns.empty() ? names : options.csv.columns)
    frame = frame.with(name,
                       columns[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())]);
  return frame;
}

}  // namespace

data::Frame read_layer(const LayerRequest& request, const ReadOptions& options, Report& report) {
  size_of(request.path);
  const Listening listening(request);
  const std::array<const char*, 2> drivers{request.driver.c_str(), nullptr};
  std::vector<const char*> open_options;
  for (const std::string& option : request.open_options) open_options.push_back(option.c_str());
  open_options.push_back(nullptr);
  const std::unique_ptr<void, CloseDataset> dataset(gdal().open(request.path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY,
                                                                drivers.data(), open_options.data(), nullptr));
  if (!dataset) throw listening.refused();
  OGRLayerH layer = find_layer(dataset.get(), request, report);
  OGRFeatureDefnH definition = gdal().definition(layer);
  std::vector<Field> fields;
  for (int i = 0; i < gdal().field_count(definition); ++i) {
    OGRFieldDefnH field = gdal().field(definition, i);
    fields.push_back({.place = i,
                      .name = gdal().field_name(field),
                      .type = gdal().field_type(field),
                      .boolean = gdal().field_subtype(field) == OFSTBoolean,
                      .cells = {}});
  }
  Shapes shapes;
  std::size_t row = 0;
  std::size_t unusable = 0;
  while (!options.csv.rows || row < *options.csv.rows) {
    const std::unique_ptr<void, DestroyFeature> feature(gdal().next(layer));
    listening.check("after row " + std::to_string(row) + ", ");
    if (!feature) break;
    ++row;
    if (row % 64 == 0) core::poll();
    for (Field& field : fields) add_value(field, feature.get());
    if (!shapes.add(gdal().shape(feature.get()))) ++unusable;
  }
  data::Frame frame = frame_of(fields, request, options, report);
  for (const std::string& warning : listening.warnings()) report.notes.push_back("GDAL says: " + warning);
  if (unusable)
    report.notes.push_back(core::counted(static_cast<long long>(unusable), "row") +
                           " with a collection of shapes of several kinds: left without shape");
  std::vector<std::uint32_t> of_row(row);
  for (std::size_t i = 0; i < row; ++i) of_row[i] = static_cast<std::uint32_t>(i);
  describe_projection(*shapes.made(), gdal().projection(layer));
  return frame.with_geometry(shapes.made(), std::move(of_row));
}

#endif

}  // namespace files
