"""Texts of authors as HTML that is safe to show: Markdown, with LaTeX as MathML."""
