namespace Deeplay.Library

open Deeplay.FSharp
open PaddingHelpers

/// `torch.nn.ConstantPad1d`: adds a number at the sides of the last dimension.
module internal ConstantPad1d =
    /// How much is added: one number for all sides, or 2, the last dimension's first.
    let padding = padding 1

    /// The number that is added.
    let value = value

    /// Parameters: padding, value.
    let definition = constant 1

/// `torch.nn.ConstantPad2d`: adds a number at the sides of the last 2 dimensions.
module internal ConstantPad2d =
    /// How much is added: one number for all sides, or 4, the last dimension's first.
    let padding = padding 2

    /// The number that is added.
    let value = value

    /// Parameters: padding, value.
    let definition = constant 2

/// `torch.nn.ConstantPad3d`: adds a number at the sides of the last 3 dimensions.
module internal ConstantPad3d =
    /// How much is added: one number for all sides, or 6, the last dimension's first.
    let padding = padding 3

    /// The number that is added.
    let value = value

    /// Parameters: padding, value.
    let definition = constant 3

/// `torch.nn.ZeroPad1d`: adds zeros at the sides of the last dimension.
module internal ZeroPad1d =
    /// How much is added: one number for all sides, or 2, the last dimension's first.
    let padding = padding 1

    /// Parameters: padding.
    let definition = zero 1

/// `torch.nn.ZeroPad2d`: adds zeros at the sides of the last 2 dimensions.
module internal ZeroPad2d =
    /// How much is added: one number for all sides, or 4, the last dimension's first.
    let padding = padding 2

    /// Parameters: padding.
    let definition = zero 2

/// `torch.nn.ZeroPad3d`: adds zeros at the sides of the last 3 dimensions.
module internal ZeroPad3d =
    /// How much is added: one number for all sides, or 6, the last dimension's first.
    let padding = padding 3

    /// Parameters: padding.
    let definition = zero 3

/// `torch.nn.ReflectionPad1d`: adds the input's reflection at the sides, (N, C, L) or (C, L).
module internal ReflectionPad1d =
    /// How much is added: one number for all sides, or 2, the last dimension's first.
    let padding = padding 1

    /// Parameters: padding.
    let definition = reflection 1

/// `torch.nn.ReflectionPad2d`: adds the input's reflection at the sides, (N, C, H, W) or (C, H, W).
module internal ReflectionPad2d =
    /// How much is added: one number for all sides, or 4, the last dimension's first.
    let padding = padding 2

    /// Parameters: padding.
    let definition = reflection 2

/// `torch.nn.ReflectionPad3d`: adds the input's reflection at the sides, (N, C, D, H, W) or (C, D, H, W).
module internal ReflectionPad3d =
    /// How much is added: one number for all sides, or 6, the last dimension's first.
    let padding = padding 3

    /// Parameters: padding.
    let definition = reflection 3

/// `torch.nn.ReplicationPad1d`: adds copies of the edge at the sides, (N, C, L) or (C, L).
module internal ReplicationPad1d =
    /// How much is added: one number for all sides, or 2, the last dimension's first.
    let padding = padding 1

    /// Parameters: padding.
    let definition = replication 1

/// `torch.nn.ReplicationPad2d`: adds copies of the edge at the sides, (N, C, H, W) or (C, H, W).
module internal ReplicationPad2d =
    /// How much is added: one number for all sides, or 4, the last dimension's first.
    let padding = padding 2

    /// Parameters: padding.
    let definition = replication 2

/// `torch.nn.ReplicationPad3d`: adds copies of the edge at the sides, (N, C, D, H, W) or (C, D, H, W).
module internal ReplicationPad3d =
    /// How much is added: one number for all sides, or 6, the last dimension's first.
    let padding = padding 3

    /// Parameters: padding.
    let definition = replication 3

/// `torch.nn.CircularPad1d`: adds the input's other end at the sides, (N, C, L) or (C, L).
module internal CircularPad1d =
    /// How much is added: one number for all sides, or 2, the last dimension's first.
    let padding = padding 1

    /// Parameters: padding.
    let definition = circular 1

/// `torch.nn.CircularPad2d`: adds the input's other end at the sides, (N, C, H, W) or (C, H, W).
module internal CircularPad2d =
    /// How much is added: one number for all sides, or 4, the last dimension's first.
    let padding = padding 2

    /// Parameters: padding.
    let definition = circular 2

/// `torch.nn.CircularPad3d`: adds the input's other end at the sides, (N, C, D, H, W) or (C, D, H, W).
module internal CircularPad3d =
    /// How much is added: one number for all sides, or 6, the last dimension's first.
    let padding = padding 3

    /// Parameters: padding.
    let definition = circular 3

/// The layers of this file.
module internal PaddingLayers =
    let all =
        [
            ConstantPad1d.definition
            ConstantPad2d.definition
            ConstantPad3d.definition
            ZeroPad1d.definition
            ZeroPad2d.definition
            ZeroPad3d.definition
            ReflectionPad1d.definition
            ReflectionPad2d.definition
            ReflectionPad3d.definition
            ReplicationPad1d.definition
            ReplicationPad2d.definition
            ReplicationPad3d.definition
            CircularPad1d.definition
            CircularPad2d.definition
            CircularPad3d.definition
        ]
