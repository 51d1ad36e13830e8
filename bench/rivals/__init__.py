"""The same twelve items judged in other ways, to say what the wide run is worth: each must give the same cells."""
