"""Posts and figures that people bring: handed in by their address, stated with a picture, read from a file.

Law: what a person says counts nothing before somebody else has confirmed it; then it is a delivery of its
network like any other, read by `delivered`, and everywhere it stands it says by which way it came.
"""
