/** Keeps one event stream open while somebody looks at the page, and refreshes what its events concern. */
