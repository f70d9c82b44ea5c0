"""Ways of single networks to renew a token and to take it back; see app.consent.renewing."""
