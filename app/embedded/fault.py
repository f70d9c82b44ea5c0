"""What can go wrong with an embedded service, in words for the person who started it."""


class ServiceFault(Exception):
    """An embedded service cannot be started; the text says why and what to do."""
