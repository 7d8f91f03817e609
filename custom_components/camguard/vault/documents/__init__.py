"""What is handed out: archives, certificates, signatures that other tools read."""
