using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Functions of tensors: views and rearrangements.

public static partial class torch
{
    public static Tensor adjoint(Tensor input) => input.adjoint();

    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor clone(Tensor input) => input.clone();

    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) =>
        input.diag_embed(offset, dim1, dim2);

    public static Tensor diagflat(Tensor input, long offset = 0) => input.diagflat(offset);

    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) =>
        input.diagonal(offset, dim1, dim2);

    public static Tensor diagonal_scatter(
        Tensor input,
        Tensor src,
        long offset = 0,
        long dim1 = 0,
        long dim2 = 1
    ) => input.diagonal_scatter(src, offset, dim1, dim2);

    public static Tensor[] dsplit(Tensor input, (long, long) indices_or_sections) =>
        Aten.CallList(
            "dsplit.array",
            input,
            new long[] { indices_or_sections.Item1, indices_or_sections.Item2 }
        );

    public static Tensor[] dsplit(Tensor input, (long, long, long) indices_or_sections) =>
        Aten.CallList(
            "dsplit.array",
            input,
            new long[] { indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3 }
        );

    public static Tensor[] dsplit(Tensor input, (long, long, long, long) indices_or_sections) =>
        Aten.CallList(
            "dsplit.array",
            input,
            new long[]
            {
                indices_or_sections.Item1,
                indices_or_sections.Item2,
                indices_or_sections.Item3,
                indices_or_sections.Item4,
            }
        );

    public static Tensor[] dsplit(Tensor input, long size) => Aten.CallList("dsplit.int", input, size);

    public static Tensor[] dsplit(Tensor input, long[] indices_or_sections) =>
        Aten.CallList("dsplit.array", input, indices_or_sections);

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) =>
        input.flatten(start_dim, end_dim);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    public static Tensor fliplr(Tensor input) => input.fliplr();

    public static Tensor flipud(Tensor input) => input.flipud();

    public static Tensor[] hsplit(Tensor input, (long, long) indices_or_sections) =>
        Aten.CallList(
            "hsplit.array",
            input,
            new long[] { indices_or_sections.Item1, indices_or_sections.Item2 }
        );

    public static Tensor[] hsplit(Tensor input, (long, long, long) indices_or_sections) =>
        Aten.CallList(
            "hsplit.array",
            input,
            new long[] { indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3 }
        );

    public static Tensor[] hsplit(Tensor input, (long, long, long, long) indices_or_sections) =>
        Aten.CallList(
            "hsplit.array",
            input,
            new long[]
            {
                indices_or_sections.Item1,
                indices_or_sections.Item2,
                indices_or_sections.Item3,
                indices_or_sections.Item4,
            }
        );

    public static Tensor[] hsplit(Tensor input, long indices_or_sections) =>
        Aten.CallList("hsplit.int", input, indices_or_sections);

    public static Tensor[] hsplit(Tensor input, long[] indices_or_sections) =>
        Aten.CallList("hsplit.array", input, indices_or_sections);

    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination) =>
        input.moveaxis(
            new long[] { source.Item1, source.Item2 },
            new long[] { destination.Item1, destination.Item2 }
        );

    public static Tensor moveaxis(Tensor input, (long, long, long) source, (long, long, long) destination) =>
        input.moveaxis(
            new long[] { source.Item1, source.Item2, source.Item3 },
            new long[] { destination.Item1, destination.Item2, destination.Item3 }
        );

    public static Tensor moveaxis(
        Tensor input,
        (long, long, long, long) source,
        (long, long, long, long) destination
    ) =>
        input.moveaxis(
            new long[] { source.Item1, source.Item2, source.Item3, source.Item4 },
            new long[] { destination.Item1, destination.Item2, destination.Item3, destination.Item4 }
        );

    public static Tensor moveaxis(Tensor input, long source, long destination) =>
        Aten.Call("moveaxis.int", input, source, destination);

    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) =>
        input.moveaxis(source, destination);

    public static Tensor movedim(Tensor input, long source, long destination) =>
        Aten.Call("movedim.int", input, source, destination);

    public static Tensor movedim(Tensor input, long[] source, long[] destination) =>
        input.movedim(source, destination);

    public static Tensor narrow(Tensor input, long dim, long start, long length) =>
        input.narrow(dim, start, length);

    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    public static Tensor ravel(Tensor input) => input.ravel();

    public static Tensor repeat_interleave(
        Tensor input,
        Tensor repeats,
        long? dim = null,
        long? output_size = null
    ) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor repeat_interleave(
        Tensor input,
        long repeats,
        long? dim = null,
        long? output_size = null
    ) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) =>
        input.roll(new long[] { shifts.Item1, shifts.Item2 }, new long[] { dims.Item1, dims.Item2 });

    public static Tensor roll(Tensor input, (long, long, long) shifts, (long, long, long) dims) =>
        input.roll(
            new long[] { shifts.Item1, shifts.Item2, shifts.Item3 },
            new long[] { dims.Item1, dims.Item2, dims.Item3 }
        );

    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) =>
        input.roll(shifts.ToArray(), dims.ToArray());

    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);

    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor select_scatter(Tensor input, Tensor src, long dim, long index) =>
        input.select_scatter(src, dim, index);

    public static Tensor slice_scatter(
        Tensor input,
        Tensor src,
        long dim = 0,
        long? start = null,
        long? end = null,
        long step = 1
    ) => input.slice_scatter(src, dim, start, end, step);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) =>
        tensor.split(split_size_or_sections, dim);

    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);

    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.swapaxes(axis0, axis1);

    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.swapdims(dim0, dim1);

    public static Tensor t(Tensor input) => input.t();

    public static Tensor[] tensor_split(Tensor input, Tensor indices_or_sections, long dim = 0) =>
        input.tensor_split(indices_or_sections, dim);

    public static Tensor[] tensor_split(Tensor input, long indices_or_sections, long dim = 0) =>
        input.tensor_split(indices_or_sections, dim);

    public static Tensor[] tensor_split(Tensor input, long[] indices_or_sections, long dim = 0) =>
        input.tensor_split(indices_or_sections, dim);

    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);

    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);

    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);

    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);

    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);

    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);

    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) =>
        input.unflatten(dim, sizes);

    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);

    public static Tensor view_as_complex(Tensor input) => input.view_as_complex();

    public static Tensor view_as_real(Tensor input) => input.view_as_real();

    public static Tensor[] vsplit(Tensor input, long[] indices_or_sections) =>
        Aten.CallList("vsplit.array", input, indices_or_sections);
}
