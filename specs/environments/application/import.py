"""Stands for an application: it prints while it is imported, and has a state. Behind answers.py."""

print("imported")
imported_in, asked = os.getpid(), 0
