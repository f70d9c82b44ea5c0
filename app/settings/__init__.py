"""What an installation is told: from the environment, from fanfare.env, else the defaults."""

from app.settings.settings import Settings, SettingsFault

__all__ = ["Settings", "SettingsFault"]
