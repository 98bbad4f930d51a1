"""Other engines' dialects, translated to what this engine runs where the meaning is the same.

Only a model that is run by itself is translated (``ketenspoor model run``), and every translation
is a finding. A package is never translated: its check proposes the mend, a person decides.
"""
