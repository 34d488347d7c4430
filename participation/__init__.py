"""The product: municipalities, residents, contributions and answers. Knows no web, chat channel or Rasa."""
