using System;
using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const long MostPrinted = 1000;
        private const long Edge = 3;

        /// <summary>
        /// The shape, the element type and the device; with the elements for any style but
        /// <see cref="TensorStringStyle.Metadata"/>.
        /// </summary>
        public string ToString(
            TensorStringStyle style,
            string? fltFormat = null,
            int? width = null,
            CultureInfo? cultureInfo = null,
            string? newLine = null
        )
        {
            if (IsInvalid)
                return "<disposed tensor>";
            var head =
                $"[{string.Join("x", shape)}], type = {dtype}, device = {device}"
                + (requires_grad ? ", requires_grad" : "");
            if (style == TensorStringStyle.Metadata || is_meta || is_sparse)
                return head;
            var text = new StringBuilder(head).Append(newLine ?? Environment.NewLine);
            using var detached = detach();
            using var here = detached.cpu();
            Print(text, here, fltFormat ?? "g5", cultureInfo ?? CultureInfo.InvariantCulture, newLine, 0);
            return text.ToString();
        }

        public string ToString(
            bool disamb,
            string? fltFormat = null,
            int? width = null,
            CultureInfo? cultureInfo = null,
            string? newLine = null
        ) => ToString(TensorStringStyle.Default, fltFormat, width, cultureInfo, newLine);

        /// <summary>The shape, the element type and the device, without the elements.</summary>
        public override string ToString() => ToString(TensorStringStyle.Metadata);

        private static void Print(
            StringBuilder text,
            Tensor tensor,
            string format,
            CultureInfo culture,
            string? newLine,
            int depth
        )
        {
            if (tensor.Dimensions == 0)
            {
                var value = tensor.ToScalar();
                text.Append(
                    value.Kind switch
                    {
                        Interop.Tag.Bool => value.ToBoolean() ? "true" : "false",
                        Interop.Tag.Int => value.ToInt64().ToString(culture),
                        Interop.Tag.Complex => value.Complex.ToString(format, culture),
                        _ => value.ToDouble().ToString(format, culture),
                    }
                );
                return;
            }
            var count = tensor.size(0);
            var shortened = tensor.NumberOfElements > MostPrinted && count > 2 * Edge;
            text.Append('[');
            for (long k = 0; k < count; k++)
            {
                if (k > 0)
                {
                    text.Append(',');
                    if (tensor.Dimensions == 1)
                        text.Append(' ');
                    else
                        text.Append(newLine ?? Environment.NewLine).Append(' ', depth + 1);
                }
                if (shortened && k == Edge)
                {
                    text.Append("...");
                    k = count - Edge - 1;
                    continue;
                }
                using var row = tensor[k];
                Print(text, row, format, culture, newLine, depth + 1);
            }
            text.Append(']');
        }
    }
}
