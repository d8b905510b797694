"""The index → what pages say of it, before any template: numbers and their places, checks, years, agencies, citations.

`evidence` and `mentions` find places in the words of the dataset; the others build on them.
"""
