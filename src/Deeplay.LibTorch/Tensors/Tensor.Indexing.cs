using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, Singles(i1));
        }

        public Tensor this[long i1, long i2]
        {
            get => index(Singles(i1, i2));
            set => index_put_(value, Singles(i1, i2));
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => index(Singles(i1, i2, i3));
            set => index_put_(value, Singles(i1, i2, i3));
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(Singles(i1, i2, i3, i4));
            set => index_put_(value, Singles(i1, i2, i3, i4));
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => index(Singles(i1, i2, i3, i4, i5));
            set => index_put_(value, Singles(i1, i2, i3, i4, i5));
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => index(Singles(i1, i2, i3, i4, i5, i6));
            set => index_put_(value, Singles(i1, i2, i3, i4, i5, i6));
        }

        private static TensorIndex[] Singles(params long[] indices) =>
            indices.Select(i => TensorIndex.Single(i)).ToArray();

        private static TensorIndex[] Tensors(Tensor[] indices) =>
            indices.Select(i => i is null ? TensorIndex.Colon : TensorIndex.Tensor(i)).ToArray();

        /// <summary>What Python's brackets give: a view where no index is a tensor.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var advanced);
            if (advanced is null)
                return view;
            using (view)
                return Aten.Call("index.Tensor", view, Arg.OptionalTensors(advanced));
        }

        public Tensor index(params Tensor[] indices) => index(Tensors(indices));

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var view = View(indices, out var advanced);
            if (advanced is not null)
                Aten.Do("index_put_", view, Arg.OptionalTensors(advanced), value, accumulate);
            else if (accumulate)
                Aten.Do("add_.Tensor", view, value);
            else
                Aten.Do("copy_", view, value);
            return this;
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) =>
            index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            index_put_(value, Tensors(indices), accumulate);

        public Tensor index_put_(Tensor value, params Tensor[] indices) =>
            index_put_(value, Tensors(indices), false);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filled = full([], value, dtype, device);
            return index_put_(filled, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) =>
            index_put_(value, Tensors(indices));

        // Slices, single indices and new dimensions at once; what remains for index.Tensor comes back beside the view.
        private Tensor View(TensorIndex[] indices, out Tensor?[]? advanced)
        {
            var consumed = indices.Sum(Consumes);
            if (consumed > Dimensions)
                throw new ArgumentException($"{consumed} indices for {Dimensions} dimensions.");
            var view = Aten.Call("alias", this);
            var tensors = new List<Tensor?>();
            long dim = 0;
            foreach (var index in indices)
            {
                var before = view;
                switch (index.Kind)
                {
                    case TensorIndex.IndexKind.None:
                        view = view.unsqueeze(dim++);
                        break;
                    case TensorIndex.IndexKind.Ellipsis:
                        dim += Dimensions - consumed;
                        continue;
                    case TensorIndex.IndexKind.Single:
                        view = view.select(dim, index.First ?? 0);
                        break;
                    case TensorIndex.IndexKind.Slice:
                        if (index.First is not null || index.Last is not null || index.Step is not null)
                            view = Aten.Call(
                                "slice.Tensor",
                                view,
                                dim,
                                index.First,
                                index.Last,
                                index.Step ?? 1
                            );
                        dim++;
                        break;
                    case TensorIndex.IndexKind.Bool:
                        view = view.unsqueeze(dim);
                        Put(tensors, dim++, torch.tensor(new[] { index.First != 0 }, device: device));
                        break;
                    default:
                        Put(tensors, dim, index.Indices!);
                        dim += Consumes(index);
                        break;
                }
                if (!ReferenceEquals(before, view))
                    before.Dispose();
            }
            advanced = tensors.Count == 0 ? null : tensors.ToArray();
            return view;
        }

        private static void Put(List<Tensor?> tensors, long dim, Tensor index)
        {
            while (tensors.Count < dim)
                tensors.Add(null);
            tensors.Add(index);
        }

        // A mask of n dimensions stands for n of them.
        private static long Consumes(TensorIndex index) =>
            index.Kind switch
            {
                TensorIndex.IndexKind.Single or TensorIndex.IndexKind.Slice => 1,
                TensorIndex.IndexKind.Tensor => index.Indices!.dtype is ScalarType.Bool or ScalarType.Byte
                    ? index.Indices.Dimensions
                    : 1,
                _ => 0,
            };
    }
}
