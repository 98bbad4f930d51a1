"""The heart of Ketenspoor: what is drawn is made durable, timely, safe and explainable."""
