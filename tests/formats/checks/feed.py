"""Reads a node's feeds with feedparser: feed.py BASE AUTHOR COUNT."""
import sys
import urllib.request

import feedparser

base, author, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def fetch(path):
    with urllib.request.urlopen(base + path) as answer:
        return answer.headers, answer.read()


for path in ("api/v1/feed.atom?lang=fr", f"api/v1/members/{author}/feed.atom?lang=fr"):
    headers, text = fetch(path)
    feed = feedparser.parse(text, response_headers={"content-type": headers["content-type"]})
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10", feed.version
    assert feed.feed.title and feed.feed.id.startswith("urn:multaqa:") and feed.feed.updated_parsed
    assert len(feed.entries) == min(count, 50), len(feed.entries)
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert entry.updated_parsed and entry.author, entry
        assert all(link.href.startswith(base) for link in entry.links), entry.links
    # Newest first, as a reader shows them.
    times = [entry.updated_parsed for entry in feed.entries]
    assert times == sorted(times, reverse=True), times
    titles = [entry.title for entry in feed.entries]
    assert any("<b>" in title or "&lt;b&gt;" in title for title in titles), titles

# The check can fail: a feed that is cut off is seen.
assert feedparser.parse(text[: len(text) // 2]).bozo, "half a feed is taken"
print(len(feed.entries))
