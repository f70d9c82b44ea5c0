"""The pages: one module a page with its template in `templates/`, its htmx answers blocks of that."""
