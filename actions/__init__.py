"""What Rasa asks to be done. Each action reads the turn, calls one service and says something."""
