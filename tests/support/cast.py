"""The cast: Mei (gold), Ben (basic), Zoe (another member), Ivy (merchandiser), Sam (service), Lee, Fin."""
