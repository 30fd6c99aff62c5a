"""The deployment: templates, image, commands, and mornings in a made-up account."""
