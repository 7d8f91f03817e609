"""How wide a pixel is: cameras of the television age send pixels that aren't square."""

from fractions import Fraction

import av

from ...domain.zones import Geometry

SQUARE = Fraction(1)
MOST_ASPECT = 8
"""Beyond it a pixel's aspect ratio isn't believed."""


def aspect_of(told_by: av.VideoCodecContext | av.VideoStream) -> Fraction:
    """Return the width of a pixel to its height, as it is told now; square when it isn't told, or is nonsense."""
    ratio = told_by.sample_aspect_ratio
    if ratio is None or ratio.numerator <= 0 or ratio.denominator <= 0:
        return SQUARE
    aspect = Fraction(ratio.numerator, ratio.denominator)
    return aspect if Fraction(1, MOST_ASPECT) <= aspect <= MOST_ASPECT else SQUARE


def square(stored: Geometry, aspect: Fraction) -> Geometry:
    """Return the size of a picture as shown: with square pixels, never smaller than stored."""
    if aspect == SQUARE:
        return stored
    if aspect > 1:
        return Geometry(width=round(stored.width * aspect), height=stored.height)
    return Geometry(width=stored.width, height=round(stored.height / aspect))
