"""The pages, asked over HTTP without a socket, on a real database and a real Redis."""
