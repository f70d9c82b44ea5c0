"""The edge of Fanfare: settings, embedded services, webhooks, pages, live updates, commands."""
