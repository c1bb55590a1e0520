using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: the rest.

public static partial class torch
{
    public static Tensor _sample_dirichlet(Tensor input, Generator? generator = null) =>
        Aten.Call("_sample_dirichlet", input, generator);

    public static Tensor _standard_gamma(Tensor input, Generator? generator = null) =>
        Aten.Call("_standard_gamma", input, generator);

    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false) =>
        Aten.Call("combinations", input, r, with_replacement);

    public static Tensor complex(Tensor real, Tensor imag) => Aten.Call("complex", real, imag);

    public static Tensor dequantize(Tensor input) => input.dequantize();

    public static (Tensor a, Tensor tau) geqrf(Tensor input) => input.geqrf();

    public static (Tensor hist, Tensor bin_edges) histogram(
        Tensor input,
        Tensor bins,
        Tensor? weight = null,
        bool density = false
    ) => Aten.Call2("histogram.bins_tensor", input, bins, weight, density);

    public static bool is_conj(Tensor input) => input.is_conj();

    public static Tensor istft(
        Tensor input,
        long n_fft,
        long hop_length = -1,
        long win_length = -1,
        Tensor? window = null,
        bool center = true,
        bool normalized = false,
        bool? onesided = null,
        long length = -1,
        bool return_complex = false
    ) =>
        Aten.Call(
            "istft",
            input,
            n_fft,
            hop_length,
            win_length,
            window,
            center,
            normalized,
            onesided,
            length,
            return_complex
        );

    public static Tensor orgqr(Tensor input, Tensor tau) => Aten.Call("orgqr", input, tau);

    public static Tensor ormqr(
        Tensor input,
        Tensor tau,
        Tensor other,
        bool left = true,
        bool transpose = false
    ) => input.ormqr(tau, other, left, transpose);

    public static Tensor polar(Tensor abs, Tensor angle) => Aten.Call("polar", abs, angle);

    public static Tensor quantize_per_channel(
        Tensor input,
        Tensor scales,
        Tensor zero_points,
        long axis,
        ScalarType dtype
    ) => Aten.Call("quantize_per_channel", input, scales, zero_points, axis, dtype);

    public static Tensor quantize_per_tensor(Tensor input, double scale, long zero_point, ScalarType dtype) =>
        Aten.Call("quantize_per_tensor", input, scale, zero_point, dtype);

    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => Aten.Call2("slogdet", A);

    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => Aten.Call("trapz.x", y, x, dim);

    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => Aten.Call("trapz.dx", y, dx, dim);

    public static Tensor vander(Tensor x, long N = -1, bool increasing = false) => x.vander(N, increasing);
}
