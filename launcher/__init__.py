"""The launcher behind `./samenspel`: sets up, starts, watches, tests. Standard library only.

It runs before anything is installed, so it imports nothing of the product and nothing that pip brings.
"""
