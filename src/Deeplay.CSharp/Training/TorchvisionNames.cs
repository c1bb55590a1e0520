namespace Deeplay;

using Names = Torch.TorchvisionNames;

/// <summary>How torchvision names the weights of models of the library, for reading a state dict of torchvision's:
/// <c>StateDict.Load("resnet18.safetensors", model, TorchvisionNames.ResNet18)</c>.</summary>
public static class TorchvisionNames
{
    /// <summary>The names of <c>resnet18</c>, for a <c>ResNet18</c>.</summary>
    public static NameMap ResNet18 { get; } = new(Names.resNet18);

    /// <summary>The names of <c>resnet34</c>, for a <c>ResNet34</c>.</summary>
    public static NameMap ResNet34 { get; } = new(Names.resNet34);

    /// <summary>The names of <c>resnet50</c>, for a <c>ResNet50</c>.</summary>
    public static NameMap ResNet50 { get; } = new(Names.resNet50);

    /// <summary>The names of <c>resnet101</c>, for a <c>ResNet101</c>.</summary>
    public static NameMap ResNet101 { get; } = new(Names.resNet101);

    /// <summary>The names of <c>resnet18</c>, for a <c>BackboneResnet18</c>.</summary>
    public static NameMap BackboneResnet18 { get; } = new(Names.backboneResnet18);

    /// <summary>The names of <c>resnet34</c>, for a <c>BackboneResnet34</c>.</summary>
    public static NameMap BackboneResnet34 { get; } = new(Names.backboneResnet34);

    /// <summary>The names of <c>resnet50</c>, for a <c>BackboneResnet50</c>.</summary>
    public static NameMap BackboneResnet50 { get; } = new(Names.backboneResnet50);

    /// <summary>The names of <c>resnet101</c>, for a <c>BackboneResnet101</c>.</summary>
    public static NameMap BackboneResnet101 { get; } = new(Names.backboneResnet101);

    /// <summary>The names of a <c>VisionTransformer</c> of any size, such as <c>vit_b_16</c>, for a <c>VisionTransformer</c>
    /// or <c>ViTB16</c>. Those of files from before torchvision 0.14 are read too.</summary>
    public static NameMap VisionTransformer { get; } = new(Names.visionTransformer);
}
