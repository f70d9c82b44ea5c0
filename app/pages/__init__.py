"""The pages: one module a page, its template in `templates/`, its htmx answers blocks of that."""
