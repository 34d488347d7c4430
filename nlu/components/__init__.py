"""What runs inside Rasa (Python 3.10). The only code that imports rasa."""
