using System;
using System.Collections.Generic;
using TorchSharp.Interop;

namespace TorchSharp;

// Tensors: views and rearrangements. Each calls the ATen operator of its name.

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor adjoint() => Aten.Call("adjoint", this);

        public Tensor alias() => Aten.Call("alias", this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Aten.Call("as_strided", this, size, strides, storageOffset);

        public Tensor atleast_1d() => Aten.Call("atleast_1d", this);

        public Tensor atleast_2d() => Aten.Call("atleast_2d", this);

        public Tensor atleast_3d() => Aten.Call("atleast_3d", this);

        public Tensor broadcast_to(params long[] shape) => Aten.Call("broadcast_to", this, shape);

        public Tensor channel_shuffle(long groups) => Aten.Call("channel_shuffle", this, groups);

        public Tensor[] chunk(long chunks, long dim = 0) => Aten.CallList("chunk", this, chunks, dim);

        public Tensor clone() => Aten.Call("clone", this);

        public Tensor contiguous() => Aten.Call("contiguous", this);

        public Tensor detach() => Aten.Call("detach", this);

        public Tensor detach_()
        {
            Aten.Do("detach_", this);
            return this;
        }

        public Tensor diag(long diagonal = 0) => Aten.Call("diag", this, diagonal);

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) =>
            Aten.Call("diag_embed", this, offset, dim1, dim2);

        public Tensor diagflat(long offset = 0) => Aten.Call("diagflat", this, offset);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Aten.Call("diagonal", this, offset, dim1, dim2);

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Aten.Call("diagonal_scatter", this, src, offset, dim1, dim2);

        public Tensor expand_as(Tensor other) => Aten.Call("expand_as", this, other);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Aten.Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor flip(params long[] dims) => Aten.Call("flip", this, dims);

        public Tensor fliplr() => Aten.Call("fliplr", this);

        public Tensor flipud() => Aten.Call("flipud", this);

        public Tensor moveaxis(long[] source, long[] destination) =>
            Aten.Call("moveaxis.intlist", this, source, destination);

        public Tensor movedim(long[] source, long[] destination) =>
            Aten.Call("movedim.intlist", this, source, destination);

        public Tensor narrow(long dim, long start, long length) =>
            Aten.Call("narrow", this, dim, start, length);

        public Tensor permute(params long[] permutation) => Aten.Call("permute", this, permutation);

        public Tensor ravel() => Aten.Call("ravel", this);

        public Tensor repeat(params long[] sizes) => Aten.Call("repeat", this, sizes);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Aten.Call("repeat_interleave.self_Tensor", this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Aten.Call("repeat_interleave.self_int", this, repeats, dim, output_size);

        public Tensor reshape(params long[] shape) => Aten.Call("reshape", this, shape);

        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);

        public Tensor select_scatter(Tensor src, long dim, long index) =>
            Aten.Call("select_scatter", this, src, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) =>
            Aten.Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor slice_scatter(
            Tensor src,
            long dim = 0,
            long? start = null,
            long? end = null,
            long step = 1
        ) => Aten.Call("slice_scatter", this, src, dim, start, end, step);

        public Tensor swapaxes(long dim0, long dim1) => Aten.Call("swapaxes", this, dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => Aten.Call("swapdims", this, dim0, dim1);

        public Tensor t() => Aten.Call("t", this);

        public Tensor[] tensor_split(Tensor indices, long dim = 0) =>
            Aten.CallList("tensor_split.tensor_indices_or_sections", this, indices, dim);

        public Tensor[] tensor_split(long size, long dim = 0) =>
            Aten.CallList("tensor_split.sections", this, size, dim);

        public Tensor[] tensor_split(long[] sizes, long dim = 0) =>
            Aten.CallList("tensor_split.indices", this, sizes, dim);

        public Tensor tile(long[] reps) => Aten.Call("tile", this, reps);

        public Tensor transpose(long dim0, long dim1) => Aten.Call("transpose.int", this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1)
        {
            Aten.Do("transpose_", this, dim0, dim1);
            return this;
        }

        public Tensor tril(long diagonal = 0) => Aten.Call("tril", this, diagonal);

        public Tensor tril_(long diagonal = 0)
        {
            Aten.Do("tril_", this, diagonal);
            return this;
        }

        public Tensor triu(long diagonal = 0) => Aten.Call("triu", this, diagonal);

        public Tensor triu_(long diagonal = 0)
        {
            Aten.Do("triu_", this, diagonal);
            return this;
        }

        public Tensor[] unbind(long dimension = 0) => Aten.CallList("unbind.int", this, dimension);

        public Tensor unfold(long dimension, long size, long step) =>
            Aten.Call("unfold", this, dimension, size, step);

        public Tensor unsqueeze(long dim) => Aten.Call("unsqueeze", this, dim);

        public Tensor unsqueeze_(long dim)
        {
            Aten.Do("unsqueeze_", this, dim);
            return this;
        }

        public Tensor view(params long[] shape) => Aten.Call("view", this, shape);

        public Tensor view_as(Tensor other) => Aten.Call("view_as", this, other);

        public Tensor view_as_complex() => Aten.Call("view_as_complex", this);

        public Tensor view_as_real() => Aten.Call("view_as_real", this);
    }
}
