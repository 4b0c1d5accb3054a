import pytest

from tasks.connect.progress import Progress
from tasks.connect.session import Release
from tasks.core.sample import Sample, Trail

ITEMS = {
    "a": {"title": "A", "phase": "Deployment", "section": "Tables", "status": "PASSED"},
    "b": {"title": "B", "phase": "Deployment", "section": "Functions", "status": "FAILED"},
    "c": {"title": "C", "phase": "Check", "section": "Tables", "status": ""},
}


@pytest.mark.parametrize(
    ("phase", "section", "names"),
    [("Deployment", "", "ab"), ("", "Tables", "ac"), ("Deployment", "Tables", "a"), ("Nowhere", "", ""), ("", "", "")],
    ids=["a phase", "a section", "a section of a phase", "no such phase", "nothing named"],
)
def test_items(phase: str, section: str, names: str) -> None:
    trail = Trail(Sample())
    found = Progress(Release(items=ITEMS), trail).items(phase=phase, section=section)

    assert found == {name: ITEMS[name] for name in names}
    assert [reading.answer for reading in trail.readings] == [found]
