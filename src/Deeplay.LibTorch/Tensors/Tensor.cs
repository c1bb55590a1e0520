using System;
using System.Threading;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. Using it after <see cref="Dispose()"/> throws an <see cref="InvalidOperationException"/>;
    /// what libtorch refuses comes as an <see cref="System.Runtime.InteropServices.ExternalException"/>.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        private IntPtr _handle;
        internal DisposeScope? OwningDisposeScope;

        /// <summary>Takes over one reference to a tensor of libtorch.</summary>
        internal Tensor(IntPtr handle)
        {
            _handle = handle;
            var count = Interlocked.Increment(ref _totalCount);
            if (count > _peakCount)
                _peakCount = count;
            OwningDisposeScope = DisposeScopeManager.OfThread.Register(this);
        }

        ~Tensor() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, IntPtr.Zero);
            if (handle == IntPtr.Zero)
                return;
            Interlocked.Decrement(ref _totalCount);
            DisposeScopeManager.OfThread.CountDisposal(OwningDisposeScope is not null);
            if (disposing)
            {
                OwningDisposeScope?.Forget(this);
                OwningDisposeScope = null;
            }
            Native.dt_release(handle);
        }

        /// <summary>The tensors of libtorch that are held from .NET, on all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref _totalCount);

        public static long PeakCount => _peakCount;

        /// <summary>Whether it was disposed of, or emptied by becoming a parameter.</summary>
        public bool IsInvalid => _handle == IntPtr.Zero;

        public IntPtr Handle
        {
            get
            {
                var handle = _handle;
                return handle != IntPtr.Zero
                    ? handle
                    : throw new InvalidOperationException(
                        "Tensor invalid -- empty handle: it was disposed of, by a dispose scope perhaps, or became a "
                            + "parameter."
                    );
            }
        }

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Gives the handle away: from here on the caller releases it.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            var handle = Handle;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref _totalCount);
            _handle = IntPtr.Zero;
            return handle;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) =>
            MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is not null)
                OwningDisposeScope.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>A name for people; libtorch knows nothing of it.</summary>
        public string? name { get; set; }

        /// <summary>Equal shapes and equal elements.</summary>
        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public bool Equals(Tensor target) =>
            ReferenceEquals(this, target)
            || (dtype == target.dtype && device == target.device && Aten.CallBool("equal", this, target));

        public override int GetHashCode() => base.GetHashCode();
    }
}
