// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/avro_canonical.hpp>

#include <algorithm>
#include <array>
#include <string_view>

#include <structwire/json.hpp>

namespace structwire {
namespace {

constexpr unsigned depth_max = 128;

class CanonicalForm {
 public:
  bool add(const Value& schema, std::string_view scope, unsigned depth) {
    if (depth > depth_max) return fail("An Avro schema is nested too deeply");
    if (const auto* name = schema.get_if<std::string>()) {
      add_text(is_primitive(*name) ? *name : full_name(*name, scope));
      return true;
    }
    if (const auto* branches = schema.get_if<Value::Array>()) {
      text_ += '[';
      for (const Value& branch : *branches) {
        if (&branch != &branches->front()) text_ += ',';
        if (!add(branch, scope, depth + 1)) return false;
      }
      text_ += ']';
      return true;
    }
    return add_object(schema, scope, depth);
  }

  std::string text_;
  const char* error_ = "";

 private:
  static bool is_primitive(std::string_view name) {
    constexpr std::array<std::string_view, 8> names = {"null",  "boolean", "int",   "long",
                                                       "float", "double",  "bytes", "string"};
    return std::ranges::find(names, name) != names.end();
  }

  static std::string full_name(const std::string& name, std::string_view scope) {
    if (scope.empty() || name.find('.') != name.npos) return name;
    return std::string(scope) + "." + name;
  }

  bool fail(const char* text) {
    error_ = text;
    return false;
  }

  void add_text(std::string_view text) { text_ += json::encode(text); }

  bool add_object(const Value& schema, std::string_view scope, unsigned depth) {
    const Value* type = schema.find("type");
    if (type == nullptr) return fail("An Avro schema has no type");
    const auto* kind = type->get_if<std::string>();
    if (kind == nullptr) return add(*type, scope, depth + 1);  // {"type": {…}}
    if (*kind == "array") return add_container(schema, *kind, "items", scope, depth);
    if (*kind == "map") return add_container(schema, *kind, "values", scope, depth);
    if (*kind == "record" || *kind == "error" || *kind == "enum" || *kind == "fixed") {
      return add_named(schema, *kind, scope, depth);
    }
    return add(*type, scope, depth + 1);
  }

  bool add_container(const Value& schema, const std::string& kind, std::string_view key, std::string_view scope,
                     unsigned depth) {
    const Value* inner = schema.find(key);
    if (inner == nullptr) return fail("An Avro array or map has no items or values");
    text_ += "{\"type\":\"" + kind + "\",\"" + std::string(key) + "\":";
    if (!add(*inner, scope, depth + 1)) return false;
    text_ += '}';
    return true;
  }

  bool add_named(const Value& schema, const std::string& kind, std::string_view scope, unsigned depth) {
    const Value* name = schema.find("name");
    const auto* plain = name == nullptr ? nullptr : name->get_if<std::string>();
    if (plain == nullptr) return fail("An Avro record, enum or fixed has no name");
    if (const Value* space = schema.find("namespace"); space != nullptr && space->get_if<std::string>() != nullptr) {
      scope = *space->get_if<std::string>();
    }
    const std::string full = full_name(*plain, scope);
    scope = std::string_view(full).substr(0, full.rfind('.') == full.npos ? 0 : full.rfind('.'));
    text_ += "{\"name\":";
    add_text(full);
    text_ += ",\"type\":\"" + kind + "\"";
    const bool added = kind == "enum"    ? add_symbols(schema)
                       : kind == "fixed" ? add_size(schema)
                                         : add_fields(schema, scope, depth);
    text_ += '}';
    return added;
  }

  bool add_symbols(const Value& schema) {
    const Value* symbols = schema.find("symbols");
    if (symbols == nullptr || symbols->get_if<Value::Array>() == nullptr) return fail("An Avro enum has no symbols");
    text_ += ",\"symbols\":" + json::encode(*symbols);
    return true;
  }

  bool add_size(const Value& schema) {
    const Value* size = schema.find("size");
    if (size == nullptr || size->get_if<std::int64_t>() == nullptr) return fail("An Avro fixed has no size");
    text_ += ",\"size\":" + std::to_string(*size->get_if<std::int64_t>());
    return true;
  }

  bool add_fields(const Value& schema, std::string_view scope, unsigned depth) {
    const Value* fields = schema.find("fields");
    const auto* list = fields == nullptr ? nullptr : fields->get_if<Value::Array>();
    if (list == nullptr) return fail("An Avro record has no fields");
    text_ += ",\"fields\":[";
    for (const Value& field : *list) {
      if (&field != &list->front()) text_ += ',';
      const Value* name = field.find("name");
      const Value* type = field.find("type");
      if (name == nullptr || name->get_if<std::string>() == nullptr || type == nullptr) {
        return fail("An Avro field has no name or no type");
      }
      text_ += "{\"name\":";
      add_text(*name->get_if<std::string>());
      text_ += ",\"type\":";
      if (!add(*type, scope, depth + 1)) return false;
      text_ += '}';
    }
    text_ += ']';
    return true;
  }
};

}  // namespace

Result<std::string> avro_canonical_form(const Value& schema) {
  CanonicalForm form;
  if (!form.add(schema, "", 0)) return std::unexpected(Error(ErrorCode::malformed, form.error_));
  return std::move(form.text_);
}

}  // namespace structwire
