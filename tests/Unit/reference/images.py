"""Records what Pillow sees in small image files, into images.json and the folder images beside this file.

Run with Pillow 9.4 and NumPy 1.24: `python3 images.py`.
"""
import json
import os

import numpy
import PIL
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "images")
os.makedirs(folder, exist_ok=True)

# Four rows of five pixels, all channels different; and a smooth one, for what compresses with loss.
y, x = numpy.mgrid[0:4, 0:5]
rgb = numpy.stack([10 + 50 * x, 250 - 70 * y, (x * 37 + y * 91) % 256], axis=-1).astype(numpy.uint8)
rgba = numpy.concatenate([rgb, (60 * x + 10).astype(numpy.uint8)[..., None]], axis=-1)
y, x = numpy.mgrid[0:16, 0:16]
smooth = numpy.stack([15 * x, 15 * y, 8 * (x + y)], axis=-1).astype(numpy.uint8)

files = {
    "rgb.png": Image.fromarray(rgb),
    "gray.png": Image.fromarray(rgb[..., 2]),
    "alpha.png": Image.fromarray(rgba),
    "palette.png": Image.fromarray(rgb).quantize(8),
    "rgb.bmp": Image.fromarray(rgb),
    "palette.gif": Image.fromarray(rgb).quantize(8),
    "smooth.jpg": Image.fromarray(smooth),
    "lossless.webp": Image.fromarray(rgb),
}

cases = []
for name, image in files.items():
    path = os.path.join(folder, name)
    image.save(path, **{"quality": 95} if name.endswith("jpg") else {"lossless": True} if name.endswith("webp") else {})
    again = Image.open(path)
    colors = numpy.asarray(again.convert("RGB"))
    case = {
        "name": name,
        "height": again.height,
        "width": again.width,
        "rgb": colors.transpose(2, 0, 1).flatten().tolist(),
        "gray": numpy.asarray(again.convert("RGB").convert("L")).flatten().tolist(),
    }
    cases.append(case)

with open(os.path.join(here, "images.json"), "w") as file:
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    file.write(f'{{"pillow":"{PIL.__version__}","cases":[\n{lines}\n]}}\n')
print(len(cases), "images")
