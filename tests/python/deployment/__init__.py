"""The deployment: templates, image, commands, and daily runs in a made-up account."""
