"""Search in the browser: the page of results and its views, and the pages, files and lists beside it.

`asking` reads what a request asks for, and every page and file of this room reads it there, so that a list,
a chart and a table of one search are of the same passages.
"""
