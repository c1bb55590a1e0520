using System;
using System.Collections.Generic;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>,
                IModule<T, TResult>
        {
            protected Module(string name)
                : base(name) { }

            /// <summary>What the module computes; run it through call, so that hooks run too.</summary>
            public abstract TResult forward(T input);

            /// <summary>Pre-hooks, forward, hooks.</summary>
            public TResult call(T input)
            {
                if (HasPreHooks)
                {
                    RunModulePreHooks();
                    foreach (var hook in Snapshot(pre_hooks))
                        input = hook(this, input);
                }
                var result = forward(input);
                if (HasPostHooks)
                {
                    foreach (var hook in Snapshot(post_hooks))
                        result = hook(this, input, result);
                    RunModulePostHooks();
                }
                return result;
            }
        }

        /// <summary>A module of 2 inputs.</summary>
        public abstract class Module<T1, T2, TResult>
            : HookableModule<
                Func<Module<T1, T2, TResult>, T1, T2, ValueTuple<T1, T2>?>,
                Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>
            >,
                IModule<T1, T2, TResult>
        {
            protected Module(string name)
                : base(name) { }

            /// <summary>What the module computes; run it through call, so that hooks run too.</summary>
            public abstract TResult forward(T1 input1, T2 input2);

            /// <summary>Pre-hooks, forward, hooks.</summary>
            public TResult call(T1 input1, T2 input2)
            {
                if (HasPreHooks)
                {
                    RunModulePreHooks();
                    foreach (var hook in Snapshot(pre_hooks))
                        if (hook(this, input1, input2) is { } changed)
                            (input1, input2) = changed;
                }
                var result = forward(input1, input2);
                if (HasPostHooks)
                {
                    foreach (var hook in Snapshot(post_hooks))
                        result = hook(this, input1, input2, result);
                    RunModulePostHooks();
                }
                return result;
            }
        }

        /// <summary>A module of 3 inputs.</summary>
        public abstract class Module<T1, T2, T3, TResult>
            : HookableModule<
                Func<Module<T1, T2, T3, TResult>, T1, T2, T3, ValueTuple<T1, T2, T3>?>,
                Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult, TResult>
            >,
                IModule<T1, T2, T3, TResult>
        {
            protected Module(string name)
                : base(name) { }

            /// <summary>What the module computes; run it through call, so that hooks run too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            /// <summary>Pre-hooks, forward, hooks.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                if (HasPreHooks)
                {
                    RunModulePreHooks();
                    foreach (var hook in Snapshot(pre_hooks))
                        if (hook(this, input1, input2, input3) is { } changed)
                            (input1, input2, input3) = changed;
                }
                var result = forward(input1, input2, input3);
                if (HasPostHooks)
                {
                    foreach (var hook in Snapshot(post_hooks))
                        result = hook(this, input1, input2, input3, result);
                    RunModulePostHooks();
                }
                return result;
            }
        }

        /// <summary>A module of 4 inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, TResult>
            : HookableModule<
                Func<Module<T1, T2, T3, T4, TResult>, T1, T2, T3, T4, ValueTuple<T1, T2, T3, T4>?>,
                Func<Module<T1, T2, T3, T4, TResult>, T1, T2, T3, T4, TResult, TResult>
            >,
                IModule<T1, T2, T3, T4, TResult>
        {
            protected Module(string name)
                : base(name) { }

            /// <summary>What the module computes; run it through call, so that hooks run too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4);

            /// <summary>Pre-hooks, forward, hooks.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4)
            {
                if (HasPreHooks)
                {
                    RunModulePreHooks();
                    foreach (var hook in Snapshot(pre_hooks))
                        if (hook(this, input1, input2, input3, input4) is { } changed)
                            (input1, input2, input3, input4) = changed;
                }
                var result = forward(input1, input2, input3, input4);
                if (HasPostHooks)
                {
                    foreach (var hook in Snapshot(post_hooks))
                        result = hook(this, input1, input2, input3, input4, result);
                    RunModulePostHooks();
                }
                return result;
            }
        }

        /// <summary>A module of 5 inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, T5, TResult>
            : HookableModule<
                Func<
                    Module<T1, T2, T3, T4, T5, TResult>,
                    T1,
                    T2,
                    T3,
                    T4,
                    T5,
                    ValueTuple<T1, T2, T3, T4, T5>?
                >,
                Func<Module<T1, T2, T3, T4, T5, TResult>, T1, T2, T3, T4, T5, TResult, TResult>
            >,
                IModule<T1, T2, T3, T4, T5, TResult>
        {
            protected Module(string name)
                : base(name) { }

            /// <summary>What the module computes; run it through call, so that hooks run too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5);

            /// <summary>Pre-hooks, forward, hooks.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5)
            {
                if (HasPreHooks)
                {
                    RunModulePreHooks();
                    foreach (var hook in Snapshot(pre_hooks))
                        if (hook(this, input1, input2, input3, input4, input5) is { } changed)
                            (input1, input2, input3, input4, input5) = changed;
                }
                var result = forward(input1, input2, input3, input4, input5);
                if (HasPostHooks)
                {
                    foreach (var hook in Snapshot(post_hooks))
                        result = hook(this, input1, input2, input3, input4, input5, result);
                    RunModulePostHooks();
                }
                return result;
            }
        }

        /// <summary>A module of 6 inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, T5, T6, TResult>
            : HookableModule<
                Func<
                    Module<T1, T2, T3, T4, T5, T6, TResult>,
                    T1,
                    T2,
                    T3,
                    T4,
                    T5,
                    T6,
                    ValueTuple<T1, T2, T3, T4, T5, T6>?
                >,
                Func<Module<T1, T2, T3, T4, T5, T6, TResult>, T1, T2, T3, T4, T5, T6, TResult, TResult>
            >,
                IModule<T1, T2, T3, T4, T5, T6, TResult>
        {
            protected Module(string name)
                : base(name) { }

            /// <summary>What the module computes; run it through call, so that hooks run too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6);

            /// <summary>Pre-hooks, forward, hooks.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6)
            {
                if (HasPreHooks)
                {
                    RunModulePreHooks();
                    foreach (var hook in Snapshot(pre_hooks))
                        if (hook(this, input1, input2, input3, input4, input5, input6) is { } changed)
                            (input1, input2, input3, input4, input5, input6) = changed;
                }
                var result = forward(input1, input2, input3, input4, input5, input6);
                if (HasPostHooks)
                {
                    foreach (var hook in Snapshot(post_hooks))
                        result = hook(this, input1, input2, input3, input4, input5, input6, result);
                    RunModulePostHooks();
                }
                return result;
            }
        }
    }
}
