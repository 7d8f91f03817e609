"""HTTP: parses, authorises, calls the app layer, translates back."""
