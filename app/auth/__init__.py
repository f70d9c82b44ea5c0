"""Who somebody is and what they may do: passwords, sessions, sign-in links, roles, guards."""
