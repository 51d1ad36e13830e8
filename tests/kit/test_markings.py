"""Secrecy markings are refused, plain talk of secrets is not."""

import pytest

from wuju.kit.markings import NOTICE, MarkedSecret, refuse_marked, secrecy_mark


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年",
        "绝密 ★",
        "关于……\n秘密\n各乡镇",
        "【机密】",
        "密级：秘密",
        "秘密★长期",
        "  绝密  5年 ",
        "机 密 ★ 三年",
        "机密级",
    ],
)
def test_markings_are_refused(text: str) -> None:
    with pytest.raises(MarkedSecret) as refusal:
        refuse_marked(text, where="上传文件")

    assert str(refusal.value).startswith("上传文件中有")
    assert NOTICE in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "保守党的秘密，对党忠诚",
        "设立秘密写票处",
        "学习保密法，机密文件由机要室保管",
        "本系统严禁处理国家秘密。",
        NOTICE,
    ],
)
def test_plain_talk_is_not(text: str) -> None:
    refuse_marked(text)
    assert secrecy_mark(text) == ""
