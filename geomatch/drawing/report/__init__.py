"""A report on paper and on a page: pictures as SVG, one HTML document, and the PDF of it."""
