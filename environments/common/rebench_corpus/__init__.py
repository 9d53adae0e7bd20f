"""Text and published weights for `prepare.py`: npm documents, OpenWebText, GPT-2. Never handed to agents."""
