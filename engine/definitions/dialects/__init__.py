"""Other engines' dialects, translated to what this engine runs where the meaning is the same.

A model that is run by itself is translated while it is read (``ketenspoor model run``); a file that
is opened to work on is translated once (:mod:`engine.definitions.opening`). Every translation is
told. A published package is never translated: what runs is what its owner saw.
"""
