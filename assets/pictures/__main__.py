"""`python -m assets.pictures [--out FOLDER] [--sheet FILE] [NAME…]`: draw all pictures, or those whose name begins so."""

import argparse
import io
from multiprocessing import Pool
from pathlib import Path

import resvg_py
from PIL import Image

from .picture import draw, parse

HERE = Path(__file__).parent
WIDTHS = (1280, 640, 320)
QUALITY = {1280: 86, 640: 86, 320: 88}


def render(job: tuple[str, Path]) -> int:
    """Draw one line of the list into the folder; returns the bytes written."""
    line, out = job
    picture = parse(line)
    png = resvg_py.svg_to_bytes(svg_string=draw(picture), width=WIDTHS[0], skip_system_fonts=True)
    large = Image.open(io.BytesIO(bytes(png))).convert("RGB")
    written = 0
    for width in WIDTHS:
        sized = (
            large if width == large.width else large.resize((width, width * 3 // 4), Image.Resampling.LANCZOS)
        )
        file = out / f"{picture.name}-{width}.webp"
        sized.save(file, "WEBP", quality=QUALITY[width], method=6)
        written += file.stat().st_size
    return written


def sheet(files: list[Path], target: Path, columns: int = 6) -> None:
    """A contact sheet of the small sizes, for looking at."""
    rows = -(-len(files) // columns)
    page = Image.new("RGB", (columns * 336 + 16, rows * 256 + 16), "#ffffff")
    for i, file in enumerate(files):
        page.paste(Image.open(file), (16 + i % columns * 336, 16 + i // columns * 256))
    page.save(target)


def main() -> None:
    """Draw what was asked for."""
    words = argparse.ArgumentParser(prog="python -m assets.pictures")
    words.add_argument("names", nargs="*")
    words.add_argument("--out", type=Path, default=HERE.parents[1] / "static" / "demo")
    words.add_argument("--sheet", type=Path)
    words.add_argument("--processes", type=int, default=2)
    asked = words.parse_args()
    lines = [
        text for text in (HERE / "pictures.txt").read_text("utf-8").splitlines() if text and text[0] != "#"
    ]
    lines = [text for text in lines if not asked.names or text.startswith(tuple(asked.names))]
    asked.out.mkdir(parents=True, exist_ok=True)
    with Pool(asked.processes) as pool:
        written = sum(pool.imap_unordered(render, [(text, asked.out) for text in lines], chunksize=4))
    print(f"{len(lines)} pictures, {written / 1e6:.2f} MB")
    if asked.sheet:
        sheet([asked.out / f"{parse(text).name}-320.webp" for text in lines], asked.sheet)


if __name__ == "__main__":
    main()
