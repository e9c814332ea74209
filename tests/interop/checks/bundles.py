"""Says on one line each what examples/python/verify_bundle.py finds of the bundles named."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "examples/python"))

from verify_bundle import audit

for name in sys.argv[1:]:
    report = audit(pathlib.Path(name).read_bytes())
    print(report["verdict"], *sorted({f["rule"] for f in report["findings"] if f["verdict"] != "noted"}))
