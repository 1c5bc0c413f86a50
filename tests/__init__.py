"""Tests of the Moka environment; the folders mirror the project's."""
