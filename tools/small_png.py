"""Pictures of pages made small: 256 colours are enough for text on paper."""

import base64
import struct
import zlib
from collections import Counter
from typing import Final

from playwright.sync_api import Page

MOST: Final = 256
_PIXELS: Final = """async (data) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let i = 0; i < pixels.length; i += 8192) text += String.fromCharCode(...pixels.subarray(i, i + 8192));
  return [picture.width, picture.height, btoa(text)];
}"""
Colour = tuple[int, int, int]


def small(png: bytes, blank: Page) -> bytes:
    """The same picture with a palette of its most frequent colours; `blank` is any page without a content policy."""
    width, height, text = blank.evaluate(_PIXELS, base64.b64encode(png).decode())
    pixels = base64.b64decode(text)
    colours = list(zip(pixels[0::4], pixels[1::4], pixels[2::4], strict=True))
    counted = Counter(colours)
    palette = [colour for colour, _ in counted.most_common(MOST)]
    place = {colour: _nearest(colour, palette) for colour in counted}
    indices = bytes(map(place.__getitem__, colours))
    rows = b"".join(b"\0" + indices[y * width : (y + 1) * width] for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = (b"IHDR", head), (b"PLTE", bytes(sum(palette, ()))), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in body)


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    def distance(place: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[place], strict=True))

    return min(range(len(palette)), key=distance)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
