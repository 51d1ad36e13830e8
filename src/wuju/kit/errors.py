"""The one error contract between the domain and its faces."""


class DomainError(Exception):
    """An anticipated refusal: the rules say no, and nothing is broken.

    The message is shown to users as it stands, in Chinese, ending in 。, and says what
    to do. Define each subclass beside the function that raises it. Faces translate it
    once: `web` into 409 or a form error, `api` into 409, `cli` into exit code 2. It is
    never logged as an error.
    """
