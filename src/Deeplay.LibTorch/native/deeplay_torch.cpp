// A C ABI over libtorch: any ATen operator by its schema name, and the few things that are not operators.
//
// A tensor handle is a TensorImpl* that owns one reference; 0 stands for "no tensor". Every function that can fail
// returns -1 (or 0 where a handle is returned) and leaves its message for dt_error on the same thread.
// Nothing here may let an exception out. Source-compatible with libtorch 1.13 and 2.x.

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>

#include "values.h"

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#define DT_API extern "C" __attribute__((visibility("default")))

namespace {

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Kind> kinds;
  std::vector<int32_t> fixed_length;
};

std::deque<Operator> operators;
std::mutex operators_lock;
thread_local std::string last_error;

int fail(const char* message) {
  last_error = message;
  return -1;
}

template <class F>
int guarded(F body) {
  try {
    return body();
  } catch (const c10::Error& e) {
    return fail(e.what_without_backtrace());
  } catch (const std::exception& e) {
    return fail(e.what());
  } catch (...) {
    return fail("an unknown C++ exception");
  }
}

template <class F>
void* guarded_handle(F body) {
  void* result = nullptr;
  if (guarded([&] { result = body(); return 0; }) != 0) return nullptr;
  return result;
}

c10::TensorImpl* impl(void* handle) { return static_cast<c10::TensorImpl*>(handle); }

std::vector<at::Tensor> borrow_all(void* const* handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t k = 0; k < count; ++k) tensors.push_back(borrow(handles[k]));
  return tensors;
}

}  // namespace

DT_API const char* dt_error() { return last_error.c_str(); }
DT_API const char* dt_version() { return TORCH_VERSION; }
DT_API void dt_free_memory(void* memory) { std::free(memory); }

// Operators

DT_API int dt_operator(const char* name, const char* overload) {
  return guarded([&] {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!found.has_value()) {
      auto full = std::string(name) + (*overload ? std::string(".") + overload : std::string());
      return fail(("libtorch " TORCH_VERSION " has no operator " + full).c_str());
    }
    Operator op{*found, {}, {}};
    for (const auto& argument : op.handle.schema().arguments()) {
      op.kinds.push_back(kind_of(argument.type()));
      op.fixed_length.push_back(argument.N().has_value() ? *argument.N() : 0);
    }
    std::lock_guard<std::mutex> lock(operators_lock);
    operators.push_back(std::move(op));
    return static_cast<int>(operators.size()) - 1;
  });
}

// Calls the operator; arguments left out at the end, or marked Default, take the schema's defaults.
// Returns how many results were written, at most max_results; further ones are dropped.
DT_API int dt_call(int id, const Value* arguments, int count, Value* results, int max_results) {
  return guarded([&] {
    const Operator* op;
    {
      std::lock_guard<std::mutex> lock(operators_lock);
      op = &operators.at(id);
    }
    const auto& declared = op->handle.schema().arguments();
    if (static_cast<size_t>(count) > declared.size()) return fail("too many arguments for the operator");
    std::vector<IValue> stack;
    stack.reserve(declared.size() + 2);
    for (size_t k = 0; k < declared.size(); ++k) {
      if (k < static_cast<size_t>(count) && arguments[k].tag != Default) {
        stack.push_back(to_ivalue(arguments[k], op->kinds[k], op->fixed_length[k]));
      } else if (declared[k].default_value().has_value()) {
        stack.push_back(*declared[k].default_value());
      } else {
        return fail(("argument '" + declared[k].name() + "' is missing").c_str());
      }
    }
    op->handle.callBoxed(&stack);
    int given = std::min(static_cast<int>(stack.size()), max_results);
    for (int k = 0; k < given; ++k) from_ivalue(std::move(stack[k]), results[k]);
    return given;
  });
}

// Tensors

DT_API void dt_release(void* tensor) {
  if (tensor != nullptr) c10::raw::intrusive_ptr::decref(impl(tensor));
}
DT_API int64_t dt_use_count(void* tensor) { return c10::raw::intrusive_ptr::use_count(impl(tensor)); }
// Tensors without plain sizes (nested ones) throw when asked; they count as empty here.
DT_API int dt_dim(void* tensor) {
  try { return static_cast<int>(impl(tensor)->dim()); } catch (...) { return 0; }
}
DT_API int64_t dt_numel(void* tensor) {
  try { return impl(tensor)->numel(); } catch (...) { return 0; }
}
DT_API int dt_dtype(void* tensor) { return static_cast<int>(c10::typeMetaToScalarType(impl(tensor)->dtype())); }
DT_API int64_t dt_element_size(void* tensor) { return static_cast<int64_t>(impl(tensor)->itemsize()); }
DT_API void dt_sizes(void* tensor, int64_t* out) {
  try {
    auto sizes = impl(tensor)->sizes();
    std::copy(sizes.begin(), sizes.end(), out);
  } catch (...) {
  }
}
DT_API int dt_strides(void* tensor, int64_t* out) {
  return guarded([&] {
    auto strides = impl(tensor)->strides();
    std::copy(strides.begin(), strides.end(), out);
    return 0;
  });
}
DT_API int64_t dt_storage_offset(void* tensor) {
  try { return impl(tensor)->storage_offset(); } catch (...) { return 0; }
}
DT_API int64_t dt_device(void* tensor) {
  auto device = impl(tensor)->device();
  return static_cast<int64_t>(static_cast<uint8_t>(device.type())) | (static_cast<int64_t>(device.index()) << 32);
}
// 1 requires_grad, 2 leaf, 4 contiguous, 8 sparse, 16 negative bit, 32 conjugate bit, 64 made in inference mode
DT_API int dt_flags(void* handle) {
  return guarded([&] {
    auto tensor = borrow(handle);
    int flags = (tensor.requires_grad() ? 1 : 0) | (tensor.is_leaf() ? 2 : 0) | (tensor.is_sparse() ? 8 : 0) |
        (tensor.is_neg() ? 16 : 0) | (tensor.is_conj() ? 32 : 0) | (tensor.is_inference() ? 64 : 0);
    if (!tensor.is_sparse() && tensor.is_contiguous()) flags |= 4;
    return flags;
  });
}
DT_API void* dt_data(void* handle) {
  return guarded_handle([&] { return borrow(handle).data_ptr(); });
}

// Autograd

DT_API int dt_set_requires_grad(void* handle, int value) {
  return guarded([&] { borrow(handle).set_requires_grad(value != 0); return 0; });
}
DT_API int dt_retain_grad(void* handle) {
  return guarded([&] { borrow(handle).retain_grad(); return 0; });
}
DT_API int dt_grad(void* handle, void** out) {
  return guarded([&] { *out = give(borrow(handle).grad()); return 0; });
}
DT_API int dt_set_grad(void* handle, void* grad) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(grad); return 0; });
}
// retain: -1 unset, else a bool
DT_API int dt_backward(void* const* tensors, int count, void* const* grads, int grad_count, int retain, int create_graph,
                       void* const* inputs, int input_count) {
  return guarded([&] {
    auto keep = retain < 0 ? create_graph != 0 : retain != 0;
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(grads, grad_count), keep, create_graph != 0,
                              borrow_all(inputs, input_count));
    return 0;
  });
}
DT_API int dt_gradients(void* const* outputs, int count, void* const* inputs, int input_count, void* const* grads,
                        int grad_count, int retain, int create_graph, int allow_unused, void** out) {
  return guarded([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(grads, grad_count), retain != 0 || create_graph != 0,
                                       create_graph != 0, allow_unused != 0);
    for (size_t k = 0; k < found.size(); ++k) out[k] = give(std::move(found[k]));
    return 0;
  });
}
DT_API int dt_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
DT_API void dt_set_grad_enabled(int value) { c10::GradMode::set_enabled(value != 0); }
DT_API int dt_inference_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }
DT_API void* dt_inference_enter(int value) { return new c10::InferenceMode(value != 0); }
DT_API void dt_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// Random numbers

DT_API int dt_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); return 0; });
}
DT_API void* dt_default_generator(int64_t device) {
  return guarded_handle([&]() -> void* {
    at::Generator generator = at::globalContext().defaultGenerator(device_of(device));
    return generator.unsafeReleaseGeneratorImpl();
  });
}
DT_API void* dt_new_generator(int64_t device, uint64_t seed) {
  return guarded_handle([&]() -> void* {
    at::Generator generator = at::globalContext().defaultGenerator(device_of(device)).clone();
    generator.set_current_seed(seed);
    return generator.unsafeReleaseGeneratorImpl();
  });
}
DT_API void dt_release_generator(void* generator) {
  if (generator != nullptr) c10::raw::intrusive_ptr::decref(static_cast<c10::GeneratorImpl*>(generator));
}
DT_API int dt_generator_seed(void* handle, uint64_t seed) {
  return guarded([&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
    return 0;
  });
}
DT_API int dt_generator_initial_seed(void* handle, uint64_t* out) {
  return guarded([&] { *out = generator_of(handle).current_seed(); return 0; });
}
DT_API int dt_generator_new_seed(void* handle, uint64_t* out) {
  return guarded([&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    *out = generator.seed();
    return 0;
  });
}
DT_API void* dt_generator_state(void* handle) {
  return guarded_handle([&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    return give(generator.get_state());
  });
}
DT_API int dt_set_generator_state(void* handle, void* state) {
  return guarded([&] {
    auto generator = generator_of(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(borrow(state));
    return 0;
  });
}

// The machine

// Whether libtorch's CUDA part is there. Not at::hasCUDA, which is false without a device, too.
DT_API int dt_cuda_built() { return c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA) ? 1 : 0; }
DT_API int dt_cuda_count() {
  int count = 0;
  guarded([&] {
    if (dt_cuda_built()) count = c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount();
    return 0;
  });
  return count;
}
DT_API int dt_cudnn() {
  return guarded([&] { return at::globalContext().hasCuDNN() ? 1 : 0; });
}
DT_API int dt_cuda_synchronize(int index) {
  return guarded([&] {
    auto device = index < 0 ? c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).getDevice().index() : index;
    at::detail::getCUDAHooks().deviceSynchronize(static_cast<c10::DeviceIndex>(device));
    return 0;
  });
}
DT_API int dt_threads(int interop) { return interop ? at::get_num_interop_threads() : at::get_num_threads(); }
DT_API int dt_set_threads(int interop, int count) {
  return guarded([&] {
    if (interop) at::set_num_interop_threads(count);
    else at::set_num_threads(count);
    return 0;
  });
}
// which: 0 matmul, 1 cuDNN
DT_API int dt_tf32(int which) {
  auto& context = at::globalContext();
  return (which == 0 ? context.allowTF32CuBLAS() : context.allowTF32CuDNN()) ? 1 : 0;
}
DT_API int dt_set_tf32(int which, int value) {
  return guarded([&] {
    auto& context = at::globalContext();
    if (which == 0) context.setAllowTF32CuBLAS(value != 0);
    else context.setAllowTF32CuDNN(value != 0);
    return 0;
  });
}
