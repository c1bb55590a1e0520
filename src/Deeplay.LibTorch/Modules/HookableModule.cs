using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed. Hooks run through call only.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            protected Dictionary<string, TPreHook> pre_hooks = [];
            protected Dictionary<string, TPostHook> post_hooks = [];
            protected Dictionary<string, Action<Module>> module_pre_hooks = [];
            protected Dictionary<string, Action<Module>> module_post_hooks = [];
            private long _lastKey;

            protected HookableModule(string name)
                : base(name) { }

            public HookRemover register_forward_pre_hook(TPreHook hook) => Add(pre_hooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Add(module_pre_hooks, hook);

            public HookRemover register_forward_hook(TPostHook hook) => Add(post_hooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Add(module_post_hooks, hook);

            private HookRemover Add<T>(Dictionary<string, T> hooks, T hook)
            {
                var key = (++_lastKey).ToString(System.Globalization.CultureInfo.InvariantCulture);
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            internal bool HasPreHooks => pre_hooks.Count + module_pre_hooks.Count > 0;

            internal bool HasPostHooks => post_hooks.Count + module_post_hooks.Count > 0;

            // A hook may take itself off while it runs.
            internal static T[] Snapshot<T>(Dictionary<string, T> hooks) => hooks.Values.ToArray();

            internal void RunModulePreHooks()
            {
                foreach (var hook in Snapshot(module_pre_hooks))
                    hook(this);
            }

            internal void RunModulePostHooks()
            {
                foreach (var hook in Snapshot(module_post_hooks))
                    hook(this);
            }

            /// <summary>Takes one hook off again.</summary>
            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove()
                {
                    module.pre_hooks.Remove(key);
                    module.post_hooks.Remove(key);
                    module.module_pre_hooks.Remove(key);
                    module.module_post_hooks.Remove(key);
                }
            }
        }
    }
}
