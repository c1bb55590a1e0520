// What crosses the C ABI as an argument or result, to libtorch's IValue and back.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using c10::IValue;

enum Tag : int32_t {
  None = 0, TensorTag = 1, Int = 2, Double = 3, Bool = 4, IntList = 5, DoubleList = 6, BoolList = 7,
  TensorList = 8, OptionalTensorList = 9, String = 10, DeviceTag = 11, GeneratorTag = 12, Complex = 13, Default = 14,
};

// One argument or result. Lists and strings point at memory that outlives the call.
struct Value {
  int32_t tag;
  int32_t length;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

enum class Kind : uint8_t { Other, Float, IntList, FloatList };

at::Tensor borrow(void* handle) {
  if (handle == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(
      static_cast<c10::TensorImpl*>(handle)));
}

void* give(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

c10::Device device_of(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(static_cast<int8_t>(packed & 0xff)),
                     static_cast<c10::DeviceIndex>(static_cast<int32_t>(packed >> 32)));
}

at::Generator generator_of(void* handle) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(handle)));
}

template <class T>
IValue list_of(const Value& v) {
  c10::List<T> list;
  list.reserve(v.length);
  auto data = static_cast<const T*>(v.p);
  for (int32_t k = 0; k < v.length; ++k) list.push_back(data[k]);
  return IValue(std::move(list));
}

// The IValue that the schema wants: an int where a float is declared becomes one, a lone int a list of its length.
IValue to_ivalue(const Value& v, Kind kind, int32_t fixed_length) {
  switch (v.tag) {
    case None: return IValue();
    case TensorTag: return IValue(borrow(v.p));
    case Int: {
      if (kind == Kind::Float) return IValue(static_cast<double>(v.i));
      if (kind == Kind::IntList) return IValue(std::vector<int64_t>(fixed_length > 0 ? fixed_length : 1, v.i));
      return IValue(v.i);
    }
    case Double: {
      if (kind == Kind::FloatList) return IValue(std::vector<double>(1, v.d));
      return IValue(v.d);
    }
    case Bool: return IValue(v.i != 0);
    case IntList: return list_of<int64_t>(v);
    case DoubleList: return list_of<double>(v);
    case BoolList: {
      c10::List<bool> list;
      for (int32_t k = 0; k < v.length; ++k) list.push_back(static_cast<const uint8_t*>(v.p)[k] != 0);
      return IValue(std::move(list));
    }
    case TensorList: {
      c10::List<at::Tensor> list;
      list.reserve(v.length);
      for (int32_t k = 0; k < v.length; ++k) list.push_back(borrow(static_cast<void* const*>(v.p)[k]));
      return IValue(std::move(list));
    }
    case OptionalTensorList: {
      c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
      for (int32_t k = 0; k < v.length; ++k) {
        void* handle = static_cast<void* const*>(v.p)[k];
        list.push_back(handle == nullptr ? IValue() : IValue(borrow(handle)));
      }
      return IValue(std::move(list));
    }
    case String: return IValue(std::string(static_cast<const char*>(v.p), v.length));
    case DeviceTag: return IValue(device_of(v.i));
    case GeneratorTag: return IValue(generator_of(v.p));
    case Complex: {
      auto parts = static_cast<const double*>(v.p);
      return IValue(c10::complex<double>(parts[0], parts[1]));
    }
    default: throw std::invalid_argument("an argument of unknown kind");
  }
}

void from_ivalue(IValue&& source, Value& v) {
  v.length = 0;
  if (source.isTensor()) {
    v.p = give(std::move(source).toTensor());
    v.tag = v.p == nullptr ? None : TensorTag;
  } else if (source.isInt()) {
    v.tag = Int;
    v.i = source.toInt();
  } else if (source.isDouble()) {
    v.tag = Double;
    v.d = source.toDouble();
  } else if (source.isBool()) {
    v.tag = Bool;
    v.i = source.toBool() ? 1 : 0;
  } else if (source.isTensorList()) {
    auto list = source.toTensorVector();
    v.tag = TensorList;
    v.length = static_cast<int32_t>(list.size());
    v.p = std::malloc(sizeof(void*) * (list.size() + 1));
    for (size_t k = 0; k < list.size(); ++k) static_cast<void**>(v.p)[k] = give(std::move(list[k]));
  } else if (source.isNone()) {
    v.tag = None;
  } else {
    throw std::invalid_argument("the operator returns a " + source.tagKind() + ", which is not handed over");
  }
}

Kind kind_of(const c10::TypePtr& declared) {
  auto type = declared;
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  if (type->kind() == c10::TypeKind::FloatType) return Kind::Float;
  if (auto list = type->cast<c10::ListType>()) {
    auto element = list->getElementType()->kind();
    if (element == c10::TypeKind::IntType || element == c10::TypeKind::SymIntType) return Kind::IntList;
    if (element == c10::TypeKind::FloatType) return Kind::FloatList;
  }
  return Kind::Other;
}

}  // namespace
