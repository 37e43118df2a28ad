def letters(title):
    return sum(letter.isalpha() for letter in title)
