using Deeplay;
using Deeplay.Images;
using TorchSharp;

// Skia's natives come with the package, as torch's do with the program's choice.
ImageFile.Write("x.png", torch.tensor(new float[] { 0, 1, 0.5f, 0.25f }).reshape(2, 2));
using var image = ImageFile.Read(ImageOptions.Default.WithSize(4, 5), "x.png");

Console.WriteLine(
    $"{new Shape(image.shape)} from {image.min().item<float>()} to {image.max().item<float>()}"
);
