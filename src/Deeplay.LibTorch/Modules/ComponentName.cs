using System;
using System.Reflection;

namespace TorchSharp
{
    namespace Utils
    {
        /// <summary>The name under which RegisterComponents registers a field.</summary>
        [AttributeUsage(AttributeTargets.Field)]
        public class ComponentNameAttribute : Attribute
        {
            public string Name { get; set; } = "";
        }
    }

    public static class FieldInfoExtensionMethods
    {
        /// <summary>The name that the attribute gives, or the field's own.</summary>
        public static string ComponentName(this FieldInfo field) =>
            field.GetCustomAttribute<Utils.ComponentNameAttribute>() is { Name.Length: > 0 } given
                ? given.Name
                : field.Name;
    }
}
