"""The papers by which a municipality gives account, made from the code and tables, so that they can not fall behind."""
