import pytest

from tasks.core.strength import weakness

STRONG = "kQ9v2LxZ7mB4nR8sT1wY5uE3pA6dF0gH"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (STRONG, ""),
        (STRONG[:-1], "has 31 characters, wanted at least 32"),
        ("", "is empty"),
        (" \n", "is empty"),
        ("CHANGE_ME_" + STRONG, "looks like a placeholder that nobody replaced"),
        ("<your token here please fill it in>", "looks like a placeholder that nobody replaced"),
        ("abcdefg" * 5, "has only 7 different characters"),
        ("abcdefgh" * 4, ""),
    ],
    ids=["strong", "one too short", "empty", "blank", "placeholder", "blank to fill", "repeats itself", "just varied enough"],
)
def test_weakness(value: str, expected: str) -> None:
    assert weakness(value, 32) == expected
