"""One file per page, and the widgets, theme, worker threads and notices that all pages share."""
