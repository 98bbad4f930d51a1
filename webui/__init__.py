"""The screens: Flask, one blueprint per kind of user. Knows the engine's public functions only."""
