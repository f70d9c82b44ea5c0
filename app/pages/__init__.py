"""The pages: one module a page, its template beside it in `templates/`, its htmx answers named blocks of it."""
