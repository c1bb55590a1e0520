using System;
using TorchSharp.Interop;

// Dropout in all its forms.

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Sets elements to zero with probability p while training, and scales the others up.</summary>
        public sealed class Dropout : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Dropout(double p, bool inplace)
                : base(nameof(Dropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.dropout(tensor, p, training, inplace);
        }

        /// <summary>Dropout of whole channels of sequences.</summary>
        public sealed class Dropout1d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Dropout1d(double p, bool inplace)
                : base(nameof(Dropout1d))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.dropout1d(tensor, p, training, inplace);
        }

        /// <summary>Dropout of whole channels of images.</summary>
        public sealed class Dropout2d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Dropout2d(double p, bool inplace)
                : base(nameof(Dropout2d))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.dropout2d(input, p, training, inplace);
        }

        /// <summary>Dropout of whole channels of volumes.</summary>
        public sealed class Dropout3d : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal Dropout3d(double p, bool inplace)
                : base(nameof(Dropout3d))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.dropout3d(input, p, training, inplace);
        }

        /// <summary>Dropout that keeps mean and variance (for SELU).</summary>
        public sealed class AlphaDropout : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal AlphaDropout(double p, bool inplace)
                : base(nameof(AlphaDropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor tensor) =>
                torch.nn.functional.alpha_dropout(tensor, p, training, inplace);
        }

        /// <summary>Alpha dropout of whole channels.</summary>
        public sealed class FeatureAlphaDropout : ParameterLessModule<torch.Tensor, torch.Tensor>
        {
            internal FeatureAlphaDropout(double p, bool inplace)
                : base(nameof(FeatureAlphaDropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override torch.Tensor forward(torch.Tensor input) =>
                torch.nn.functional.feature_alpha_dropout(input, p, training, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) =>
                new(p: p, inplace: inplace);

            public static Modules.Dropout1d Dropout1d(double p = 0.5, bool inplace = false) =>
                new(p: p, inplace: inplace);

            public static Modules.Dropout2d Dropout2d(double p = 0.5, bool inplace = false) =>
                new(p: p, inplace: inplace);

            public static Modules.Dropout3d Dropout3d(double p = 0.5, bool inplace = false) =>
                new(p: p, inplace: inplace);

            public static Modules.AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) =>
                new(p: p, inplace: inplace);

            public static Modules.FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) =>
                new(p: p, inplace: false);

            public static Modules.FeatureAlphaDropout FeatureAlphaDropout(double p, bool inplace) =>
                new(p: p, inplace: inplace);

            public static partial class functional
            {
                public static Tensor dropout(
                    Tensor input,
                    double p = 0.5,
                    bool training = true,
                    bool inplace = false
                ) => Aten.Call(inplace ? "dropout_" : "dropout", input, p, training);

                public static Tensor dropout1d(
                    Tensor input,
                    double p = 0.5,
                    bool training = true,
                    bool inplace = false
                ) => Aten.Call(inplace ? "feature_dropout_" : "feature_dropout", input, p, training);

                public static Tensor dropout2d(
                    Tensor input,
                    double p = 0.5,
                    bool training = true,
                    bool inplace = false
                ) => Aten.Call(inplace ? "feature_dropout_" : "feature_dropout", input, p, training);

                public static Tensor dropout3d(
                    Tensor input,
                    double p = 0.5,
                    bool training = true,
                    bool inplace = false
                ) => Aten.Call(inplace ? "feature_dropout_" : "feature_dropout", input, p, training);

                public static Tensor alpha_dropout(
                    Tensor input,
                    double p = 0.5,
                    bool training = false,
                    bool inplace = false
                ) => Aten.Call(inplace ? "alpha_dropout_" : "alpha_dropout", input, p, training);

                public static Tensor feature_alpha_dropout(
                    Tensor input,
                    double p = 0.5,
                    bool training = false,
                    bool inplace = false
                ) =>
                    Aten.Call(
                        inplace ? "feature_alpha_dropout_" : "feature_alpha_dropout",
                        input,
                        p,
                        training
                    );
            }
        }
    }
}
