"""Packages in the making: kept save by save, approved by a second pair of eyes."""
