"""Winners as a screen, a message or a picture may show them: awards and faces put together."""
