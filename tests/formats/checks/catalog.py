"""Holds a node's catalogue against the shapes with pyshacl, and reads its linked records: catalog.py BASE COUNT."""
import json
import sys
import urllib.request

from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS, RDF, Namespace

base, count = sys.argv[1], int(sys.argv[2])
SHAPES = "docs/shapes/catalog.ttl"


def fetch(name):
    with urllib.request.urlopen(f"{base}api/v1/{name}") as answer:
        return answer.read()


graph = Graph().parse(data=fetch("catalog.jsonld"), format="json-ld")
conforms, _, report = validate(graph, shacl_graph=SHAPES, advanced=False)
assert conforms, report
assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == 2
distributions = list(graph.subjects(RDF.type, DCAT.Distribution))
assert len(distributions) >= 5, distributions
for distribution in distributions:
    for address in graph.objects(distribution, DCAT.downloadURL):
        assert str(address).startswith(base), address
        with urllib.request.urlopen(str(address)) as answer:
            kind = str(graph.value(distribution, DCAT.mediaType)).split("media-types/")[1]
            assert answer.headers.get_content_type() == kind, (address, kind)

# The check can fail: each of these is missed.
for missing in (DCTERMS.title, DCTERMS.publisher, DCAT.accessURL, DCAT.distribution):
    less = Graph() + graph
    less.remove((None, missing, None))
    assert not validate(less, shacl_graph=SHAPES)[0], f"a catalogue without {missing} is taken"

# The context of schema.org lies on another host; its terms are these.
linked = json.loads(fetch("export.jsonld"))
assert linked["@context"] == "https://schema.org"
linked["@context"] = {"@vocab": "https://schema.org/"}
schema = Namespace("https://schema.org/")
works = Graph().parse(data=json.dumps(linked), format="json-ld")
found = list(works.subjects(RDF.type, schema.CreativeWork))
assert len(found) == count, f"{len(found)} works, not {count}"
assert all(works.value(work, schema.author) for work in found)
print(len(found))
