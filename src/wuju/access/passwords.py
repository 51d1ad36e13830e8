"""What a password may not be made of, beyond what the framework refuses."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from wuju.kit.names import name_pinyin

_SHORTEST = 5  # letters of a pinyin that say more than chance; a name in characters always does


class NotAboutTheirName:
    """Refuse a password that contains the person's name, its pinyin or their user name."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        name = str(getattr(user, "name", "")).strip()
        given = password.casefold()
        latin = [name_pinyin(name), str(getattr(user, "username", "")).casefold()] if name else []
        if (name and name in password) or any(
            word in given for word in latin if len(word) >= _SHORTEST
        ):
            raise ValidationError("密码里不要出现本人的姓名、姓名拼音或账号，请换一个。")

    def get_help_text(self) -> str:
        return "密码里不要出现本人的姓名、姓名拼音或账号。"
