"""Connections to the networks: how each is, how one is begun, what came and could not be read."""

from app.pages.connections import deciding, delivery, listing, one

HANDLERS = (
    listing.connections,
    listing.formerly,
    one.connection,
    deciding.decide,
    delivery.delivery,
)
