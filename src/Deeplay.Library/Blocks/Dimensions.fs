namespace Deeplay.Library

/// The layers over `n` spatial dimensions, from one to three.
module internal Dimensions =
    let private pick layers n = List.item (n - 1) layers
    let convolution n = pick [ Conv1d; Conv2d; Conv3d ] n
    let transposed n = pick [ ConvTranspose1d; ConvTranspose2d; ConvTranspose3d ] n
    let maxPool n = pick [ MaxPool1d; MaxPool2d; MaxPool3d ] n
    let averagePool n = pick [ AdaptiveAvgPool1d; AdaptiveAvgPool2d; AdaptiveAvgPool3d ] n
    let batchNorm n = pick [ BatchNorm1d; BatchNorm2d; BatchNorm3d ] n
    let instanceNorm n = pick [ InstanceNorm1d; InstanceNorm2d; InstanceNorm3d ] n
