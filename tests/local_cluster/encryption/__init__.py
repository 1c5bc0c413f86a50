"""Tests of the encryption of what the API server stores."""
