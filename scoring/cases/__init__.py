"""Cases: what a person must decide about points, and what people say is wrong with their own.

Laws: a finding holds points and deletes none; a person decides, never about themselves, and once;
what is released counts at its original time; a dispute changes nothing until it is answered, and what
is granted is an entry of its own that names its case.
"""
