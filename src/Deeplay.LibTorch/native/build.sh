#!/usr/bin/env bash
# Builds libDeeplayTorch.so into the folder given as the first argument.
# CXX and CXXFLAGS are respected.
# libtorch comes from LIBTORCH (a folder with include/ and lib/) or from where the system keeps it (Debian: libtorch-dev
# or libtorch-cuda-dev). Where it has a CUDA part, that is linked: nothing else would load it.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="${1:?usage: build.sh OUTPUT_FOLDER}"
mkdir -p "$out"

# libtorch 2.14 needs C++20; 1.13 and 2.6 compile as it, too.
flags=(-std=c++20 -O1 -fPIC -shared -fvisibility=hidden -w)
links=()
if [[ -n "${LIBTORCH:-}" ]]; then
  if [[ ! -f "$LIBTORCH/include/ATen/core/dispatch/Dispatcher.h" || ! -f "$LIBTORCH/lib/libtorch_cpu.so" ]]; then
    echo "error : LIBTORCH is '$LIBTORCH', but there is no libtorch in it (include/ATen, lib/libtorch_cpu.so)." >&2
    exit 1
  fi
  flags+=(-I"$LIBTORCH/include" -I"$LIBTORCH/include/torch/csrc/api/include")
  links+=(-L"$LIBTORCH/lib" -Wl,-rpath,"$LIBTORCH/lib")
  # A libtorch with its own libc10 may still be built for the old C++ ABI.
  if nm -D "$LIBTORCH/lib/libc10.so" 2>/dev/null | grep -q 'detail14torchCheckFailEPKcS2_jRKSs'; then
    flags+=(-D_GLIBCXX_USE_CXX11_ABI=0)
  fi
  cuda="$LIBTORCH/lib/libtorch_cuda.so"
else
  if ! echo '#include <ATen/core/dispatch/Dispatcher.h>' | "${CXX:-g++}" -std=c++20 -E -x c++ - >/dev/null 2>&1; then
    echo "error : libtorch's headers are missing. Install them (Debian: apt-get install g++ libtorch-dev libopenblas0-openmp) or set LIBTORCH to a libtorch folder." >&2
    exit 1
  fi
  flags+=(-I/usr/include/torch/csrc/api/include)
  # A path where the compiler finds it, else the bare name.
  cuda="$("${CXX:-g++}" -print-file-name=libtorch_cuda.so)"
fi
if [[ "$cuda" == */* && -f "$cuda" ]]; then
  links+=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda)
fi
links+=(-Wl,--no-as-needed -ltorch_cpu -lc10)

# shellcheck disable=SC2086
"${CXX:-g++}" "${flags[@]}" ${CXXFLAGS:-} "$here/deeplay_torch.cpp" -o "$out/libDeeplayTorch.so.new" "${links[@]}"
mv "$out/libDeeplayTorch.so.new" "$out/libDeeplayTorch.so"
