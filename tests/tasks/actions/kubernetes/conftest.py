from pathlib import Path

import pytest

from tests.tasks.actions.kubernetes.shop import Shop, opened
from tests.tasks.servers.cluster import stand_in


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return opened(stand_in(), tmp_path)
